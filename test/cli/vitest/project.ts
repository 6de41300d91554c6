/** Pages and a test file → what a real vitest printed and reported, in a project that has this package installed as it is built. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

export interface Project {
  folder: string;
  /** Of its own, so that what a run leaves there can be seen. */
  temporary: string;
  /** Runs vitest to its end. */
  vitest(args?: string[], env?: NodeJS.ProcessEnv): Promise<VitestRun>;
  /** Starts vitest in a process group of its own. */
  start(args: string[], env?: NodeJS.ProcessEnv): { child: ChildProcess; said: () => string };
  write(files: Record<string, string>): void;
  remove(): void;
}

export interface VitestRun {
  code: number | null;
  /** Both streams, without colours. */
  text: string;
  /** `describe > … > test` below the suite → what became of it. */
  tests: Map<string, { status: string; duration: number; failures: string[] }>;
}

/** Without `test/docs.test.ts` among the files it is one that takes all pages of `docs`. */
function createProject(files: Record<string, string>): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'suite-test-')));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  install(join(folder, 'node_modules'));
  const write = (some: Record<string, string>) => {
    for (const [name, text] of Object.entries(some)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  write({ 'package.json': '{ "private": true, "type": "module" }', 'test/docs.test.ts': suiteFile("'docs/**/*.md'"), ...files });
  const started: ChildProcess[] = [];
  const start: Project['start'] = (args, env = {}) => {
    const bin = join(folder, 'node_modules/vitest/vitest.mjs');
    // What the vitest of these tests tells its own workers is not meant for another one.
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|VITE_|TEST$|NODE_ENV$|FORCE_COLOR$|CI$|GITHUB_)/.test(name)),
    );
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: { ...inherited, NO_COLOR: '1', TMPDIR: temporary, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    started.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more: string) => (text += more));
    return { child, said: () => text };
  };
  return {
    folder,
    temporary,
    write,
    start,
    async vitest(args = [], env = {}) {
      const report = join(folder, 'report.json');
      rmSync(report, { force: true });
      const { child, said } = start(['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args], env);
      const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
      return { code, text: said(), tests: testsOf(report) };
    },
    remove() {
      // A test that ran out of time must not leave a vitest that watches.
      for (const { pid, exitCode, signalCode } of started) if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function suiteFile(args: string): string {
  return `import { lessonSuite } from 'lockerroom/vitest';\n\nlessonSuite(${args});\n`;
}

/** A page that begins with a connection; `rest` starts at line 10. */
export function page(title: string, rest: string): string {
  return `# ${title}

\`\`\`ts
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
const nc = await connect({ servers: process.env.NATS_URL });
const kvm = new Kvm(nc);
\`\`\`

${rest}`;
}

/** This package is copied, for what is linked counts as the project's own code; all others are linked. */
function install(modules: string): void {
  mkdirSync(join(modules, 'lockerroom'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  cpSync(join(ROOT, 'dist'), join(modules, 'lockerroom/dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(modules, 'lockerroom/package.json'));
}

function testsOf(report: string): VitestRun['tests'] {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { assertionResults: { ancestorTitles: string[]; title: string; status: string; duration?: number; failureMessages: string[] }[] }[];
  };
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  return new Map(
    results.map(({ ancestorTitles, title, status, duration = 0, failureMessages: failures }) => [
      [...ancestorTitles.slice(1), title].join(' > '),
      { status, duration, failures },
    ]),
  );
}

/** What makes the project of a test; it goes with the test. */
export function projects(): (files: Record<string, string>) => Project {
  let project: Project | null = null;
  afterEach(() => {
    project?.remove();
    project = null;
  });
  return (files) => {
    project = createProject(files);
    return project;
  };
}
