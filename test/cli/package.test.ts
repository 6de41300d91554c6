/** The packed package, installed into a project of its own: what is in it, what it weighs, what it loads, and that it works there. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = 'docs/03-creating-rooms.md';

let folder = '';
let project = '';
let tarball = '';
/** Paths in the package. */
let packed: string[] = [];

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'package-test-')));
  project = join(folder, 'project');
  mkdirSync(project);
  const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' });
  const found: unknown = JSON.parse(said);
  const [manifest] = (Array.isArray(found) ? found : Object.values(Object(found))) as { filename: string; files: { path: string }[] }[];
  packed = (manifest?.files ?? []).map(({ path }) => path);
  tarball = join(folder, manifest?.filename ?? '');
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', tarball], { cwd: project, stdio: 'inherit' });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The installed command. */
async function lockerroom(args: string[], { cwd = project, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const bin = join(project, 'node_modules/.bin/lockerroom');
  const ended = promisify(execFile)(process.execPath, [bin, ...args], { cwd, env: { ...process.env, NO_COLOR: '1', ...env } });
  return ended.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

/** The packages and built files that the command loads. */
async function loadedBy(args: string[]): Promise<string[]> {
  const log = join(folder, 'loaded.txt');
  const spy = join(folder, 'spy.cjs');
  writeFileSync(log, '');
  writeFileSync(
    spy,
    `const { appendFileSync } = require('node:fs');
require('node:module').registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(log)}, url + '\\n'); return next(url, context); } });`,
  );
  const { code } = await lockerroom(args, { env: { NODE_OPTIONS: `--require=${spy}` } });
  expect(code).toBe(0);
  const names = readFileSync(log, 'utf8')
    .split('\n')
    .flatMap((url) => /node_modules\/(?:lockerroom\/(?:dist|src\/cli)\/([^/]+)|((?:@[^/]+\/)?[^/]+))/.exec(url)?.slice(1) ?? []);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

test('it holds built JavaScript, types, lessons, README and LICENSE, and nothing else', () => {
  const lessons = readdirSync(join(ROOT, 'lessons')).map((name) => `lessons/${name}`);
  expect(packed).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/main.js', 'dist/vitest.js', 'dist/types/vitest/index.d.ts', ...lessons]),
  );
  const known =
    /^(?:LICENSE|README\.md|package\.json|src\/cli\/bin\.c?js|dist\/[\w-]+\.js|dist\/types\/.+\.d\.ts|dist\/THIRD-PARTY-LICENSES\.txt|lessons\/.+)$/;
  expect(packed.filter((path) => !known.test(path))).toEqual([]);
});

test('what package.json names is there', () => {
  const { bin, exports } = JSON.parse(readFileSync(join(project, 'node_modules/lockerroom/package.json'), 'utf8'));
  expect(packed).toEqual(expect.arrayContaining([bin.lockerroom, exports['./vitest'].types.slice(2), exports['./vitest'].default.slice(2)]));
});

test('its licenses name every package that was bundled', () => {
  const licenses = readFileSync(join(project, 'node_modules/lockerroom/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of ['commander', 'markdown-it', 'yaml', '@typescript-eslint/scope-manager', '@nats-io/nats-core']) expect(licenses).toContain(`${name} `);
});

test('the README says what it weighs and what it brings', () => {
  const [, kilobytes, unpacked, installed, count] =
    /(\d+) kB packed, ([\d.]+) MB unpacked, (\d+) MB installed with the (\d+) packages/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  const { packages } = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')) as { packages: object };
  expect(Object.keys(packages)).toHaveLength(Number(count) + 1);
  // The figures grow with every feature and differ between platforms: within a tenth they are true.
  const isNear = (said: string | undefined, bytes: number) => Math.abs(Number(said) / bytes - 1) < 0.1;
  const weights = {
    kilobytes: statSync(tarball).size / 1e3,
    unpacked: sizeOf(join(project, 'node_modules/lockerroom')) / 1e6,
    installed: sizeOf(project) / 1e6,
  };
  const wrong = Object.entries({ kilobytes, unpacked, installed }).filter(([name, said]) => !isNear(said, weights[name as keyof typeof weights]));
  expect(wrong, `it is ${JSON.stringify(weights)}`).toEqual([]);
});

test('alone in an empty folder it verifies the workbook that it ships', async () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const { code, stdout } = await lockerroom([], { cwd: empty });
  expect(code, stdout).toBe(0);
  const lessons = '../project/node_modules/lockerroom/lessons';
  expect(stdout).toContain(`There are no lessons here, so the workbook of lockerroom 0.1.0 is verified: ${lessons} (see also: lockerroom --help)\n`);
  expect(stdout).toContain(`✓ ${lessons}/03-creating-rooms.md`);
  expect(stdout).toMatch(/\d+ steps in \d\d lessons: \d+ passed/);
  expect(readdirSync(empty)).toEqual([]);
}, 300_000);

test('in a folder with lessons it prints the help', async () => {
  const own = join(folder, 'own');
  mkdirSync(join(own, 'lessons'), { recursive: true });
  expect(await lockerroom([], { cwd: own })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: lockerroom/) });
});

test('in a project that says where its lessons are it prints the help', async () => {
  const own = join(folder, 'configured');
  mkdirSync(own);
  writeFileSync(join(own, 'package.json'), '{ "lockerroom": { "lessons": ["docs/*.md"] } }');
  expect(await lockerroom([], { cwd: own })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: lockerroom/) });
});

test('a step finds the packages that come with it, and check their types', async () => {
  cpSync(join(ROOT, 'lessons'), join(project, 'docs'), { recursive: true });
  expect(await lockerroom(['check', PAGE])).toEqual({ code: 0, stdout: '1 page with 8 steps: all in order\n', stderr: '' });
  expect(await lockerroom(['run', PAGE, '--twin', 'off'])).toMatchObject({ code: 0, stdout: expect.stringContaining('8 passed') });
});

test('`--server docker` says what it needs besides', async () => {
  const { code, stderr } = await lockerroom(['run', PAGE, '--server', 'docker']);
  const advice = 'Install it: npm install --save-dev testcontainers@12';
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: `lockerroom: \`--server docker\` needs the package testcontainers, and it is not installed.\n  ${advice}\n`,
  });
});

test('help loads no package and little of its own', async () => {
  expect(await loadedBy(['--help'])).toEqual(['base.js', 'bin.cjs', 'bin.js', 'main.js', 'rolldown-runtime.js']);
});

test('a run of a page without console fences loads neither TypeScript nor zx nor a terminal', async () => {
  writeFileSync(join(project, 'plain.md'), '# Plain\n\n```ts\nconsole.log(1);\n```\n\n```text output\n1\n```\n');
  const loaded = await loadedBy(['run', 'plain.md']);
  expect(loaded).toContain('oxc-parser');
  expect(loaded.filter((name) => /typescript|zx|node-pty|terminal|install|check|doctor/.test(name))).toEqual([]);
});

test('a check loads no client of NATS', async () => {
  expect((await loadedBy(['check', 'plain.md'])).filter((name) => /nats|tweetnacl|zx|run-command|terminal/.test(name))).toEqual([]);
});

function sizeOf(path: string): number {
  const found = lstatSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
