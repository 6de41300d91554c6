/** TypeScript and command line side by side: both leave the same lockers, or one message says where they do not. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasPart } from '../real-parts.ts';
import { serverBinary } from '../server/start.ts';
import { lockerroom, lockerroomJson } from './command.ts';

const PAGE = `# Side by side

\`\`\`console
$ nats kv ls
No Key-Value buckets found
\`\`\`

\`\`\`ts
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';

const nc = await connect({ servers: process.env.NATS_URL });
const kv = await new Kvm(nc).create('A', { history: 3 });
await kv.put('k', 'socks');
\`\`\`

\`\`\`yaml state
buckets:
  A:
    history: 3
    keys:
      k: { value: socks, revision: 1 }
\`\`\`

\`\`\`console
$ nats kv add A --history 3 |
>   head -n 1
Information for Key-Value Store Bucket A created <date>
$ nats kv put A k socks
socks
\`\`\`

\`\`\`ts
await kv.put('k', 'shoes');
\`\`\`

\`\`\`yaml change
buckets:
  A:
    keys:
      k: { value: shoes, revision: 2 }
\`\`\`

\`\`\`ts
console.log((await kv.get('k'))?.revision);
\`\`\`

\`\`\`text output
<revision:number>
\`\`\`

\`\`\`console look
$ nats kv get A k
A > k revision: <revision> created @ <date>

shoes

\`\`\`

\`\`\`console look
$ nats kv get A nothing
nats: error: nats: key not found
[1]
\`\`\`

\`\`\`ts
await kv.delete('k');
await nc.close();
\`\`\`

\`\`\`yaml change
buckets:
  A:
    keys:
      k: { deleted: true }
\`\`\`

\`\`\`console
$ nats kv del A k -f
\`\`\`
`;

const lineOf = (text: string, page: string) => page.slice(0, page.indexOf(text)).split('\n').length;
const missing = !(await hasPart('cli'));

describe.skipIf(missing).concurrent('console fences', () => {
  test('the page passes, and counts its twins', async () => {
    const { code, report, stderr } = await lockerroomJson(['page.md'], { files: { 'page.md': PAGE } });
    expect(stderr).toBe('');
    expect(report.lessons[0]?.steps.flatMap(({ mismatches, error }) => [...mismatches, error].filter((one) => one !== null))).toEqual([]);
    expect({ code, totals: report.totals }).toEqual({ code: 0, totals: { lessons: 1, steps: 5, passed: 5, failed: 0, errored: 0, skipped: 0, twins: 5 } });
  });

  /** What is changed, what the line of the message holds, and the one mismatch. */
  test.each([
    [
      'a printed line',
      'No Key-Value buckets found',
      'No buckets',
      'No buckets',
      { kind: 'console', path: null, expected: 'No buckets', actual: 'No Key-Value buckets found' },
    ],
    ['a line of the second command', '\nsocks\n```', '\nsox\n```', 'sox\n', { kind: 'console', expected: 'sox', actual: 'socks' }],
    ['a line too few', 'shoes\n\n```', 'shoes\nmore\n```', 'more\n', { kind: 'console' }],
    ['an exit code', '\n[1]', '', '$ nats kv get A nothing', { kind: 'exit', expected: 0, actual: 1 }],
    ['another exit code', '\n[1]', '\n[2]', '$ nats kv get A nothing', { kind: 'exit', expected: 2, actual: 1 }],
    [
      'a command that does something else than the code',
      '$ nats kv put A k socks\nsocks',
      '$ nats kv put A k sox\nsox',
      '```console\n$ nats kv add',
      { kind: 'value', path: '/buckets/A/keys/k/value', expected: 'socks', actual: 'sox' },
    ],
    [
      'a command that does the same twice',
      '$ nats kv put A k socks\nsocks',
      '$ nats kv put A k socks\nsocks\n$ nats kv put A k socks\nsocks',
      '```console\n$ nats kv add',
      { kind: 'revision', path: '/buckets/A/keys/k/revision', expected: 1, actual: 2 },
    ],
    [
      'a command that does nothing',
      '$ nats kv del A k -f',
      '$ nats kv get A k --raw >/dev/null',
      '```console\n$ nats kv get A k --raw',
      { kind: 'operation', path: '/buckets/A/keys/k' },
    ],
    [
      'a look that changes something',
      '$ nats kv get A nothing\nnats: error: nats: key not found\n[1]',
      '$ nats kv put A nothing x\nx',
      '```console look\n$ nats kv put',
      { kind: 'key', path: '/buckets/A/keys/nothing', expected: null, actual: 'x' },
    ],
    [
      'a leading command that changes something',
      '$ nats kv ls\nNo Key-Value buckets found',
      '$ nats kv add B | tail -n 0',
      '```console\n$ nats kv add B',
      { kind: 'bucket', path: '/buckets/B', expected: null },
    ],
    [
      'a capture that is not the same again',
      'created @ <date>\n\nshoes',
      'created @ <revision>\n\nshoes',
      'A > k revision: <revision> created @ <revision>',
      { kind: 'console' },
    ],
  ])('%s', async (_, from, to, at, mismatch) => {
    const page = PAGE.replace(from, to);
    expect(page).not.toBe(PAGE);
    const { code, report } = await lockerroomJson(['page.md'], { files: { 'page.md': page } });
    const found = report.lessons.flatMap(({ steps }) => steps.flatMap(({ mismatches }) => mismatches));
    expect(found).toMatchObject([{ ...mismatch, by: 'twin', line: lineOf(at, page) }]);
    expect(code).toBe(1);
  });

  test('code that does something else is the step’s mismatch alone, and the twin goes on', async () => {
    const page = PAGE.replace("await kv.put('k', 'shoes');", "await kv.put('k', 'boots');");
    const { report } = await lockerroomJson(['page.md'], { files: { 'page.md': page } });
    const found = report.lessons.flatMap(({ steps }) => steps.flatMap(({ mismatches }) => mismatches));
    expect(found).toMatchObject([
      { kind: 'value', by: 'step', expected: 'shoes', actual: 'boots' },
      { kind: 'console', by: 'twin' },
    ]);
  });

  test('after a difference on a key the twin is brought over, and later differences on it are seen', async () => {
    const page = PAGE.replace("await kv.put('k', 'shoes');", "await kv.put('k', 'boots');").replace(
      '$ nats kv del A k -f',
      '$ nats kv put A k other > /dev/null',
    );
    const { report } = await lockerroomJson(['page.md'], { files: { 'page.md': page } });
    const last = report.lessons[0]?.steps.at(-1);
    expect(last?.mismatches).toMatchObject([{ kind: 'operation', path: '/buckets/A/keys/k', by: 'twin', expected: { deleted: true }, actual: 'other' }]);
  });

  test('a page that says something false of both is one mismatch', async () => {
    const page = PAGE.replace('k: { value: socks, revision: 1 }', 'k: { value: sox, revision: 1 }');
    const { report } = await lockerroomJson(['page.md'], { files: { 'page.md': page } });
    const found = report.lessons.flatMap(({ steps }) => steps.flatMap(({ mismatches }) => mismatches));
    expect(found).toMatchObject([{ kind: 'value', by: 'step' }]);
  });

  test('what the reader has set up for `nats` neither leaks in nor out', async () => {
    const page =
      '# Contexts\n\n```console\n$ nats context ls | grep -c mine\n0\n[1]\n$ nats context save mine --server nats://example.invalid >/dev/null\n$ env | grep -o "^NATS_[A-Z_]*" | sort\nNATS_STORE_DIR\nNATS_URL\n```\n\n```ts\n1;\n```\n';
    const home = await mkdtemp(join(tmpdir(), 'home-'));
    const { code, report } = await lockerroomJson(['page.md'], {
      files: { 'page.md': page },
      env: { XDG_CONFIG_HOME: home, NATS_CONTEXT: 'mine', NATS_USER: 'me' },
    });
    expect(report.lessons[0]?.steps.flatMap(({ mismatches }) => mismatches)).toEqual([]);
    expect(code).toBe(0);
    await rm(home, { recursive: true });
  });

  test('--twin off runs none, and says how many', async () => {
    const { code, report, stderr } = await lockerroomJson(['page.md', '--twin', 'off'], { files: { 'page.md': PAGE } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '5 console fences did not run, because --twin off was given.\n' });
    expect(report.totals).toMatchObject({ twins: 0, passed: 4, skipped: 1 });
    const { stdout } = await lockerroom(['run', 'page.md', '--twin', 'off'], { files: { 'page.md': PAGE } });
    expect(stdout).toMatch(/5 console fences did not run, because --twin off was given/);
  });
});

test('where the CLI is missing, auto skips its fences and says how many and why; require is exit 3', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'path-'));
  await symlink((await serverBinary()).path, join(folder, 'nats-server'));
  for (const tool of ['sh', 'bash']) await symlink(`/bin/${tool}`, join(folder, tool));
  const env = { PATH: folder, LOCKERROOM_NATS: '', XDG_CACHE_HOME: join(folder, 'cache'), LOCKERROOM_NATS_DOWNLOADS: 'http://127.0.0.1:1' };
  const auto = await lockerroom(['run', 'page.md'], { files: { 'page.md': PAGE }, env });
  expect(auto.stdout).toMatch(/5 console fences did not run, because the `nats` CLI is not here/);
  expect(auto.code).toBe(0);
  const require = await lockerroomJson(['page.md', '--twin', 'require'], { files: { 'page.md': PAGE }, env });
  expect(require.code).toBe(3);
  expect(require.report.problems).toMatchObject([{ code: 'server', advice: expect.stringMatching(/natscli/) }]);
  await rm(folder, { recursive: true });
});
