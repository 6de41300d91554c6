/** `fault`: a server that dies before a step and comes back, as its page says. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasPart } from '../real-parts.ts';
import { type JsonReport, lockerroom, lockerroomJson } from './command.ts';

/** A client that waits for its server, with one bucket on disk and one in memory. `back` resolves when it is connected again. */
const PAGE = `# What a crash leaves

\`\`\`ts
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
const nc = await connect({ servers: process.env.NATS_URL, reconnectTimeWait: 20, maxReconnectAttempts: -1 });
const back = async () => { while (!(await nc.flush().then(() => true, () => false))); };
const kvm = new Kvm(jetstream(nc, { timeout: 300 }));
const disk = await kvm.create('Disk');
const memory = await kvm.create('Memory', { storage: 'memory' });
await disk.put('k', 'socks');
await memory.put('k', 'shoes');
\`\`\`

\`\`\`yaml state
buckets:
  Disk: { keys: { k: socks } }
  Memory: { storage: memory, keys: { k: shoes } }
\`\`\`

\`\`\`console
$ for bucket in "Disk" "Memory --storage memory"; do nats kv add $bucket >/dev/null; done
$ nats kv put Disk k socks; nats kv put Memory k shoes
socks
shoes
\`\`\`
`;

const GONE = '```yaml change\nbuckets: { Memory: null }\n```\n';

const run = (rest: string, args: string[] = []) => lockerroomJson(['page.md', ...args], { files: { 'page.md': PAGE + rest } });
const second = ({ lessons }: JsonReport) => lessons[0]?.steps[1];
const outcome = ({ lessons }: JsonReport) => lessons.flatMap(({ steps }) => steps.map(({ status, reason }) => reason ?? status));

describe('restart-server', () => {
  test('a client reconnects to the same address, what is on disk is there, and a bucket in memory goes with this step', async () => {
    const { report, code } = await run(`
\`\`\`ts fault="restart-server"
await back();
console.log((await disk.get('k'))?.string(), await disk.put('k', 'hat'), nc.isClosed());
\`\`\`

\`\`\`text output
socks 2 false
\`\`\`

\`\`\`yaml change
buckets: { Memory: null, Disk: { keys: { k: { value: hat, revision: 2 } } } }
\`\`\`

\`\`\`ts
console.log((await disk.get('k'))?.revision);
\`\`\`

\`\`\`text output
2
\`\`\`
`);
    expect([code, outcome(report)]).toEqual([0, ['passed', 'passed', 'passed']]);
  });

  test('what it took away, and the page does not say, is a mismatch of this step', async () => {
    const { report, code } = await run('\n```ts fault="restart-server"\nawait back();\n```\n');
    expect(second(report)?.mismatches).toMatchObject([{ kind: 'bucket', path: '/buckets/Memory', expected: { storage: 'memory' }, actual: null, by: 'step' }]);
    expect(code).toBe(1);
  });

  test('a bucket that is made again after it is another one', async () => {
    const { report } = await run(`
\`\`\`ts fault="restart-server"
await back();
await kvm.create('Memory', { storage: 'memory' });
\`\`\`

\`\`\`yaml change
buckets: { Memory: { keys: { k: null } } }
\`\`\`
`);
    expect(outcome(report)).toEqual(['passed', 'passed']);
  });
});

describe('kill-server', () => {
  const PUT = '\n```ts fault="kill-server"\nawait disk.put("k", "hat");\n```\n';

  test('the step finds no server, and the next one finds it with all that it held', async () => {
    const { report, code } = await run(`${PUT}
\`\`\`text error
TimeoutError: timeout
\`\`\`

${GONE}
\`\`\`ts
await back();
console.log(await disk.put('k', 'hat'));
\`\`\`

\`\`\`text output
2
\`\`\`

\`\`\`yaml change
buckets: { Disk: { keys: { k: hat } } }
\`\`\`
`);
    expect([code, outcome(report)]).toEqual([0, ['passed', 'passed', 'passed']]);
  });

  test('an error that the page does not declare is the step’s', async () => {
    const { report, code } = await run(PUT + GONE);
    expect(second(report)?.mismatches).toMatchObject([{ kind: 'error', expected: null, actual: 'TimeoutError: timeout' }]);
    expect([code, outcome(report)]).toEqual([1, ['passed', 'failed']]);
  });

  test('a step that goes on for ever ends at its time limit, and the lesson goes on with a server', async () => {
    const { report } = await run(`
\`\`\`ts fault="kill-server" timeout=200ms
await new Promise(() => setInterval(() => {}, 1000));
\`\`\`

${GONE}
\`\`\`ts
import { connect as again } from '@nats-io/transport-node';
await (await again({ servers: process.env.NATS_URL })).flush();
\`\`\`
`);
    expect(outcome(report)).toEqual(['passed', 'errored', 'passed']);
  });

  test('with --keep the server that is left is the one that was started again', async () => {
    const { stdout } = await lockerroom(['run', 'page.md', '--keep'], { files: { 'page.md': PAGE + PUT + GONE } });
    const [, pid, folder] = /remove {2}kill (\d+); rm -rf (\S+)/.exec(stdout) ?? [];
    expect(folder).toBeDefined();
    expect(process.kill(Number(pid), 'SIGKILL')).toBe(true);
    await rm(folder ?? '', { recursive: true, maxRetries: 10 });
  });
});

test('a server that does not come up again is lost; with --keep its store is left', async () => {
  const files = {
    'page.md': `${PAGE}
\`\`\`ts fault="kill-server"
import { createServer } from 'node:net';
const port = Number(new URL(process.env.NATS_URL ?? '').port);
await new Promise<void>((resolve) => createServer().listen(port, '127.0.0.1', resolve));
\`\`\`

\`\`\`ts
1;
\`\`\`
`,
  };
  const { code, stdout } = await lockerroom(['run', 'page.md', '--keep'], { files });
  expect(stdout).toMatch(/could not be judged: The nats-server did not come up again: another program has taken its port \d+\.\n/);
  expect(stdout).toMatch(/skipped, it is not run, because the server is gone: The nats-server did not come up again/);
  const [, store = '', folder = ''] = /Kept for page\.md, whose server is gone:\n {2}store {3}(\S+)\n {2}remove {2}rm -rf (\S+)/.exec(stdout) ?? [];
  expect(existsSync(join(store, 'jetstream/$G/streams/KV_Disk'))).toBe(true);
  expect(code).toBe(1);
  await rm(folder, { recursive: true });
});

test('a lesson that comes after one with a fault has it befall its own server', async () => {
  const files = { 'page.md': `${PAGE}\n\`\`\`ts fault="restart-server"\n1;\n\`\`\`\n${GONE}`, 'next.md': '---\nafter: page\n---\n\n```ts\n1;\n```\n' };
  const { report, code } = await lockerroomJson(['next.md'], { files });
  expect([code, outcome(report)]).toEqual([0, ['passed']]);
});

describe.skipIf(!(await hasPart('cli')))('the twin', () => {
  test.each([
    ['restart-server', 'await back();', '', '$ nats kv get Disk k --raw\nsocks\n$ nats kv get Memory k\nnats: error: nats: bucket not found\n[1]'],
    [
      'kill-server',
      "await disk.put('k', 'hat');",
      '```text error\nTimeoutError: timeout\n```\n',
      '$ nats kv put Disk k hat\nnats: error: nats: no servers available for connection\n[1]',
    ],
  ])('%s befalls it too', async (fault, code, error, commands) => {
    const step = (change: string) => `\n\`\`\`ts fault="${fault}"\n${code}\n\`\`\`\n${error}\n${change}\n\`\`\`console\n${commands}\n\`\`\`\n`;
    const { report } = await run(step(GONE), ['--twin', 'require']);
    expect([outcome(report), report.totals.twins]).toEqual([['passed', 'passed'], 2]);
    // What the fault took from the twin is not said a second time.
    const silent = await run(step(''), ['--twin', 'require']);
    expect(second(silent.report)?.mismatches).toMatchObject([{ kind: 'bucket', by: 'step' }]);
  });

  test('commands that differ from the code under a fault are seen, and the twin goes on', async () => {
    const { report } = await run(
      `
\`\`\`ts fault="restart-server"
await back();
await disk.put('k', 'hat');
\`\`\`

\`\`\`yaml change
buckets: { Memory: null, Disk: { keys: { k: hat } } }
\`\`\`

\`\`\`console
$ nats kv put Disk k cap
cap
\`\`\`

\`\`\`ts
1;
\`\`\`

\`\`\`console look
$ nats kv get Disk k --raw
hat
\`\`\`

\`\`\`ts fault="kill-server"
1;
\`\`\`

\`\`\`console look
$ nats kv get Disk k --raw
hat
\`\`\`
`,
      ['--twin', 'require'],
    );
    expect(second(report)?.mismatches).toMatchObject([{ kind: 'value', by: 'twin', expected: 'hat', actual: 'cap' }]);
    expect(outcome(report)).toEqual(['passed', 'failed', 'passed', 'passed']);
  });
});
