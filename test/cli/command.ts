/** Pages and arguments → what the real command printed and how it ended, in a folder of its own. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const BIN = join(import.meta.dirname, '../../src/cli/bin.cjs');

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A run, and the files that were to be read at its end, by name; null where there is none. */
export interface RunInFolder extends Run {
  files: Record<string, string | null>;
}

export interface RunOptions {
  /** Name → text; an array is bytes. */
  files?: Record<string, string | Uint8Array>;
  env?: NodeJS.ProcessEnv;
  /** Called with the process as soon as it runs, to send it signals. */
  during?: (child: ReturnType<typeof spawn>, folder: string) => void;
}

/** Runs `lockerroom ARGS` in a new folder that holds the files, which is removed afterwards. */
export async function lockerroom(args: string[], options: RunOptions = {}): Promise<Run> {
  const { files: _, ...run } = await lockerroomFiles(args, [], options);
  return run;
}

/** The same, and what then stands in the files of these names. */
export async function lockerroomFiles(args: string[], names: string[], { files = {}, env = {}, during }: RunOptions = {}): Promise<RunInFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'cli-test-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const run = await runIn(folder, args, { env, ...(during && { during }) });
    const read = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8').catch(() => null)] as const);
    return { ...run, files: Object.fromEntries(await Promise.all(read)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `lockerroom ARGS` in a folder that is there. */
export async function runIn(folder: string, args: string[], { env = {}, during }: Omit<RunOptions, 'files'> = {}): Promise<Run> {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  during?.(child, folder);
  const run: Run = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (run.stderr += text));
  run.code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return run;
}

/** The same with `--reporter json`, read. */
export async function lockerroomJson(args: string[], options: RunOptions = {}) {
  const run = await lockerroom(['run', ...args, '--reporter', 'json'], options);
  return { ...run, report: JSON.parse(run.stdout) as JsonReport };
}

/** The document of design §4, as far as tests look at it. */
export interface JsonReport {
  lockerroom: string;
  ok: boolean;
  server: { version: string; source: string } | null;
  durationMs: number;
  totals: Record<'lessons' | 'steps' | 'passed' | 'failed' | 'errored' | 'skipped' | 'twins', number>;
  lessons: {
    file: string;
    title: string;
    status: string;
    durationMs: number;
    reason: string | null;
    steps: {
      line: number;
      title: string;
      status: string;
      reason: string | null;
      durationMs: number;
      output: string;
      mismatches: { kind: string; path: string | null; line: number; expected: unknown; actual: unknown; by: string; message: string }[];
      error: { name: string; message: string; line: number; column: number } | null;
    }[];
  }[];
  problems: { code: string; file: string | null; line: number | null; column: number | null; message: string; advice: string | null }[];
}

/** A page that begins with a connection; `rest` starts at line 10. */
export function page(rest: string): string {
  return `# A page

\`\`\`ts
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
const nc = await connect({ servers: process.env.NATS_URL });
const kvm = new Kvm(nc);
\`\`\`

${rest}`;
}
