/** Which Node and which code the command starts: what was built, else the sources, and on an old Node a sentence. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const BIN = 'src/cli/bin.cjs';
const require = createRequire(import.meta.url);

let clone = '';

/** A clone whose build calls itself 9.9.9, so that it shows which of the two runs. */
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'start-test-'));
  for (const name of ['src', 'dist', 'package.json', 'package-lock.json', 'tsconfig.json']) cpSync(join(ROOT, name), join(clone, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  const built = join(clone, 'dist/base.js');
  writeFileSync(built, readFileSync(built, 'utf8').replace('"0.1.0"', '"9.9.9"'));
  const { RECORD, fingerprint } = require(join(clone, 'src/build/fingerprint.cjs'));
  writeFileSync(RECORD, fingerprint());
});

afterAll(() => rmSync(clone, { recursive: true, force: true }));

async function version(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(clone, BIN), '--version']);
  return stdout.trim();
}

test('these tests run what was built of the sources as they are', () => {
  expect(require(join(ROOT, 'src/build/fingerprint.cjs')).isFresh()).toBe(true);
});

test('what every start loads has nothing in it that reads pages or talks to servers', () => {
  const loaded = new Set(['main.js']);
  for (const name of loaded) {
    const code = readFileSync(join(ROOT, 'dist', name), 'utf8');
    for (const [, imported = ''] of code.matchAll(/^import .*?["']\.\/([^"']+)["'];$/gm)) loaded.add(imported);
  }
  expect(loaded).toContain('base.js');
  for (const late of ['pages.js', 'site.js', 'run.js', 'private-server.js']) expect(loaded).not.toContain(late);
});

test('what was built is run while it is as new as the sources', async () => {
  expect(await version()).toBe('9.9.9');
});

test('a source that has changed since is run itself, as are all', async () => {
  const source = join(clone, 'src/document/size.ts');
  const past = new Date(Date.now() - 1000);
  utimesSync(source, past, past);
  expect(await version()).toBe('0.1.0');
});

test('where nothing was built, the sources are run', async () => {
  rmSync(join(clone, 'dist'), { recursive: true });
  expect(await version()).toBe('0.1.0');
});

test.each(['12.22.12', '20.20.2', '22.17.0'])('Node %s is told which Node is needed, exit 3', async (old) => {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${old}' } }); require(${JSON.stringify(join(ROOT, BIN))});`;
  const env = { ...process.env, LOCKERROOM_NODE_STARTED: '1' };
  const ended = await promisify(execFile)(process.execPath, ['-e', code], { env }).catch((error: unknown) => error);
  expect(ended).toMatchObject({
    code: 3,
    stderr: `lockerroom: this is Node ${old}, and Node 22.18 or newer is needed; install it, or run: npm install --save-dev node@24\n`,
  });
});
