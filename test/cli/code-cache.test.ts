/** What runs compile → the cache, so that the next one loads it: of the runner and of the packages in its kernels, which are killed; never of steps. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serverBinary } from '../server/start.ts';
import { lockerroom, page } from './command.ts';

const PLAIN = '# Plain\n\n```ts\nconst one = 1;\n```\n';
/** Often enough that the packages are loaded, and loaded once more, before the first step begins, on the busiest machine. */
const ATTEMPTS = 10;

let cache: string;
let server: string;

beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'code-cache-test-'));
  server = (await serverBinary()).path;
});

afterAll(() => rmSync(cache, { recursive: true, force: true }));

/** The pages of each run lie in a new folder. */
async function filesAfter(text: string): Promise<number> {
  const env = { XDG_CACHE_HOME: cache, LOCKERROOM_NATS_SERVER: server };
  const { code, stdout } = await lockerroom(['run', 'a.md', '--twin', 'off'], { files: { 'a.md': text }, env });
  expect(code, stdout).toBe(0);
  return readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

test('the packages of a kernel are kept, and nothing for each new page', async () => {
  const runner = await filesAfter(PLAIN);
  expect(runner).toBeGreaterThan(5);
  expect(await filesAfter(PLAIN)).toBe(runner);
  // A kernel that is killed early has kept only a part, so it is the count at which pages stop adding to it that is looked at.
  let before = -1;
  let now = runner;
  for (let attempt = 0; (now <= runner + 20 || now !== before) && attempt < ATTEMPTS; attempt += 1) {
    before = now;
    now = await filesAfter(page(`Another, the ${attempt}th.`));
  }
  expect(now).toBeGreaterThan(runner + 20);
  expect(now, 'each new page adds to the cache').toBe(before);
});
