/** What a run starts before it has read its page: whatever becomes of it then, nothing of it is left, and nobody hears of it. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lockerroom, lockerroomJson, page } from './command.ts';

/** Everything that a run makes lies in here, and every process of it has the path among its arguments. */
let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'ahead-'));
});

afterEach(async () => {
  await vi.waitFor(async () => expect(await leftovers()).toEqual([]), { timeout: 10_000 });
  await rm(temporary, { recursive: true });
});

/** But for a folder, with nothing but a sign of life in it, that was killed while it was made, which the first run a minute later removes. */
async function leftovers(): Promise<string[]> {
  const processes = execFileSync('ps', ['-axo', 'args'], { encoding: 'utf8' }).split('\n');
  const names = await readdir(temporary);
  const unborn = await Promise.all(names.filter((name) => name.startsWith('.lockerroom-')).map((name) => readdir(join(temporary, name))));
  return [
    ...processes.filter((line) => line.includes(temporary)),
    ...names.filter((name) => !name.startsWith('.lockerroom-')),
    ...unborn.flat().filter((name) => name !== 'alive'),
  ];
}

const quick = page('```ts\nawait nc.close();\n```\n');

test('a page that is invalid is said to be that, and nothing else', async () => {
  const files = { 'page.md': '```ts\nconst half = ;\n```\n\n```text outptu\n```\n' };
  const { code, stderr } = await lockerroom(['run', 'page.md'], { files, env: { TMPDIR: temporary } });
  expect(code).toBe(2);
  expect(stderr).toContain('page.md:5:');
  expect(stderr).not.toContain('nats-server');
});

test('a lesson that needs another server gets it', async () => {
  const files = { 'page.md': `---\nconfig: server.conf\n---\n${quick}`, 'server.conf': 'max_payload: 2048\n' };
  const { code, report } = await lockerroomJson(['page.md'], { files, env: { TMPDIR: temporary } });
  expect({ code, passed: report.totals.passed }).toEqual({ code: 0, passed: 2 });
});

test('packages that only the page itself finds are loaded from there, also before it is read', async () => {
  const fake = 'export class Kvm {\n  constructor() {\n    this.mine = true;\n  }\n}\n';
  const files = {
    'page.md': "```ts\nimport { Kvm } from '@nats-io/kv';\nconsole.log(new Kvm().mine);\n```\n\n```text output\ntrue\n```\n",
    'node_modules/@nats-io/kv/package.json': '{ "name": "@nats-io/kv", "type": "module", "exports": "./kv.js" }',
    'node_modules/@nats-io/kv/kv.js': fake,
  };
  const { code } = await lockerroomJson(['page.md'], { files, env: { TMPDIR: temporary } });
  expect(code).toBe(0);
});

describe('interrupted at any moment of its start', () => {
  const moments = [20, 45, 60, 75, 90, 110, 130, 160, 200, 250];

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('by %s', async (signal) => {
    for (const moment of moments) {
      await lockerroom(['run', 'page.md'], {
        files: { 'page.md': quick },
        env: { TMPDIR: temporary },
        during: async (child) => {
          await delay(moment);
          child.kill(signal);
        },
      });
    }
  });
});
