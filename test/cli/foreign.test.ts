/** Somebody else's project installs the packed package and has its documents verified three ways: `lockerroom run`, vitest and `check`. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { JsonReport } from './command.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = 'docs/guides/assigning.md';

let folder = '';
let project = '';
/** The page as its authors wrote it. */
let page = '';

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'foreign-test-')));
  project = join(folder, 'locker-desk');
  cpSync(join(ROOT, 'test/fixtures/foreign'), project, { recursive: true });
  page = readFileSync(join(project, PAGE), 'utf8');
  const packed = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' });
  const install = ['install', '--save-dev', join(folder, packed.trim()), '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', install, { cwd: project, stdio: 'inherit' });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

afterEach(() => writeFileSync(join(project, PAGE), page));

/** Runs a command that the project has installed, as `npx` does. */
function npx(command: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  // What the vitest of these tests tells its own workers is not meant for another one.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|VITE_|TEST$|NODE_ENV$|FORCE_COLOR$|GITHUB_|npm_)/.test(name));
  // The Node that runs this stands first: `#!/usr/bin/env node` may find one that is too old for vitest.
  const env = { ...Object.fromEntries(inherited), NO_COLOR: '1', PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
  return new Promise((resolve) => {
    execFile('npx', ['--no-install', command, ...args], { cwd: project, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** The lines of the page at which each of the three finds something, as it says it itself. */
async function threeWays() {
  const [run, suite, check] = await Promise.all([
    npx('lockerroom', 'run', '--reporter', 'json'),
    npx('vitest', 'run', '--reporter=json', '--outputFile.json=tests.json'),
    npx('lockerroom', 'check', '--reporter', 'json'),
  ]);
  const report = JSON.parse(run.stdout) as JsonReport;
  const tests = JSON.parse(readFileSync(join(project, 'tests.json'), 'utf8')) as {
    numPassedTests: number;
    testResults: { assertionResults: { failureMessages: string[] }[] }[];
  };
  const failures = tests.testResults.flatMap(({ assertionResults }) => assertionResults.flatMap(({ failureMessages }) => failureMessages));
  const { problems } = JSON.parse(check.stdout) as Pick<JsonReport, 'problems'>;
  return {
    codes: [run.code, suite.code, check.code],
    passed: [report.totals.passed, tests.numPassedTests],
    run: report.lessons.flatMap(({ file, steps }) => steps.flatMap(({ mismatches }) => mismatches.map(({ line }) => `${file}:${line}`))),
    suite: failures.map((message) => /at (.*):(\d+):\d+$/m.exec(message)?.slice(1).join(':').replace(`${project}/`, '')),
    check: problems.map(({ file, line }) => `${file}:${line}`),
  };
}

/** Makes the page say something else, everywhere; answers with the number of the line of its code, or expectation, that says it then. */
function rewrite(from: string, to: string, at: RegExp): number {
  const text = page.replaceAll(from, to);
  expect(text).not.toBe(page);
  writeFileSync(join(project, PAGE), text);
  return text.split('\n').findIndex((line) => at.test(line)) + 1;
}

test('what is true passes three ways', async () => {
  expect(await threeWays()).toEqual({ codes: [0, 0, 0], passed: [6, 6], run: [], suite: [], check: [] });
});

test('a call that the service does not have fails three ways at the same line', async () => {
  // "Give a locker back with `desk.giveBack`."
  const line = rewrite('desk.release', 'desk.giveBack', /^await desk\.giveBack/);
  const found = await threeWays();
  expect(found.codes).toEqual([1, 1, 2]);
  // The locker is then not free either, which the page says below.
  expect([found.run[0], found.suite[0], found.check]).toEqual([`${PAGE}:${line}`, `${PAGE}:${line}`, [`${PAGE}:${line}`]]);
});

test('a value that is another one fails where it is run, at the same line', async () => {
  const line = rewrite('      locker.7: Ana', '      locker.7: Bo', /^ {6}locker\.7: Bo/);
  const found = await threeWays();
  expect(found.codes).toEqual([1, 1, 0]);
  expect([found.run[0], found.suite[0]]).toEqual([`${PAGE}:${line}`, `${PAGE}:${line}`]);
});

test('vitest names the tests after the pages, and shows the lines of the page', async () => {
  const line = rewrite('LOCKER.7 · Ana', 'Locker 7 · Ana', /^Locker 7/);
  const { code, stdout, stderr } = await npx('vitest', 'run', '--reporter=verbose');
  expect(code).toBe(1);
  expect(stdout).toMatch(/✓ test\/docs\.test\.ts > lessons > Badges > A badge/);
  expect(stdout).toMatch(/× test\/docs\.test\.ts > lessons > Assign and release > Assigning a locker: Assign a locker/);
  expect(stderr).toContain('- Locker 7 · Ana\n+ LOCKER.7 · Ana');
  expect(stderr).toMatch(new RegExp(`❯ ${PAGE}:${line}:1\\n(.*\\n){2}\\s+${line}\\| Locker 7`));
});
