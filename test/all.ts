/** `npm test`: lint, types, then every suite, with each real part that is missing named; LOCKERROOM_REQUIRE=a,b makes a missing one a failure. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { findServer } from '../src/server/find.ts';
import { missingParts, PART_NAMES } from './real-parts.ts';

const REPORT = 'node_modules/.cache/lockerroom/tests.json';

/** What npm puts first on the PATH: the project's own tools. */
function run(title: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): boolean {
  process.stdout.write(`\n── ${title} ──\n`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return status === 0;
}

rmSync(REPORT, { force: true });
mkdirSync('node_modules/.cache/lockerroom', { recursive: true });

const required = (process.env.LOCKERROOM_REQUIRE ?? '').split(',').filter((part) => part !== '');
const missing = await missingParts();
for (const name of required) if (!PART_NAMES.includes(name)) process.stdout.write(`No test needs ${name} yet.\n`);
const failures = missing.filter(({ name }) => required.includes(name)).map(({ name }) => `${name} is required and missing`);

// The tests of the command run what was built, as a reader of the package does.
if (!run('build', 'node', ['src/build/build.js', '--fresh'])) failures.push('build');
if (!run('lint', 'biome', ['check', '--error-on-warnings', '.'])) failures.push('lint');
if (!run('types', 'tsc', ['-p', '.'])) failures.push('types');
if (!run('types of what must run in a browser', 'tsc', ['-p', 'test/pure.tsconfig.json'])) failures.push('types without Node');

const server = await findServer({ onProgress: (text) => process.stdout.write(`${text}\n`) });
process.stdout.write(`\nnats-server ${server.version}: ${server.path}\n`);
const suites = ['run', '--config', 'test/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
if (!run('unit, server, command line, docker', 'vitest', suites, { LOCKERROOM_NATS_SERVER: server.path })) failures.push('tests');

for (const { name, skipped, advice } of missing) process.stdout.write(`\n!! SKIPPED: ${name} is missing, so ${skipped} did not run. ${advice}\n`);
process.stdout.write(failures.length === 0 ? '\nAll passed.\n' : `\nFailed: ${failures.join(', ')}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
