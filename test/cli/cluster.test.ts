/** Front matter `cluster: 3`: three private servers and a twin of three, one of which a fault kills; or a cluster of one's own, where a fault is not to be had. */
import { execFileSync } from 'node:child_process';
import { unlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, test, vi } from 'vitest';
import { startLocalCluster } from '../../src/server/cluster.ts';
import { startLocalServer } from '../../src/server/local.ts';
import { openRunFolder } from '../../src/server/run-folder.ts';
import { hasPart } from '../real-parts.ts';
import { serverBinary, startTestServer } from '../server/start.ts';
import { type JsonReport, lockerroom, lockerroomJson } from './command.ts';
import { interrupt, onceItHangs } from './interrupt.ts';
import { freePort } from './own.ts';

const HAS_CLI = await hasPart('cli');

/** A room with three copies, of which it takes a moment until all have heard. Its state begins at line 18. */
const PAGE = `---
cluster: 3
timeout: 40s
---
# Three copies

\`\`\`ts
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
const nc = await connect({ servers: process.env.NATS_URL?.split(','), maxReconnectAttempts: -1 });
const room = await new Kvm(jetstream(nc, { timeout: 500 })).create('Room', { replicas: 3 });
const put = async (thing: string) => { while (!(await room.put('k', thing).then(() => true, () => false))); };
await put('socks');
\`\`\`

\`\`\`yaml state
buckets:
  Room:
    replicas: 3
    keys: { k: { value: socks, revision: 1 } }
\`\`\`

\`\`\`console
$ nats kv add Room --replicas 3 > /dev/null
$ until nats kv put Room k socks 2> /dev/null; do :; done
socks
\`\`\`
`;

const FAULT = `
\`\`\`ts fault="kill-server"
await put('hat');
\`\`\`

\`\`\`yaml change
buckets: { Room: { keys: { k: hat } } }
\`\`\`

\`\`\`console
$ until nats kv put Room k hat 2> /dev/null; do :; done
hat
\`\`\`

\`\`\`ts
console.log((await room.get('k'))?.string(), process.env.NATS_URL?.split(',').length, process.env.NATS_STORE_DIR);
await nc.close();
\`\`\`

\`\`\`text output
hat 3 undefined
\`\`\`
`;

const AFTER = `---
after: a
---

\`\`\`ts
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
const nc = await connect({ servers: process.env.NATS_URL?.split(',') });
await (await new Kvm(nc).open('Room')).put('k', 'shoes');
await nc.close();
\`\`\`

\`\`\`yaml change
buckets: { Room: { keys: { k: shoes } } }
\`\`\`
`;

const outcome = ({ lessons }: JsonReport) => lessons.map(({ reason, steps }) => reason ?? steps.map((step) => step.reason ?? step.status));

describe('three private servers', () => {
  test.runIf(HAS_CLI)('the room is there on three of them, in TypeScript and by commands, also when its leader dies', async () => {
    const { report, code } = await lockerroomJson(['a.md', '--twin', 'require'], { files: { 'a.md': PAGE + FAULT } });
    expect([code, outcome(report), report.totals.twins]).toEqual([0, [['passed', 'passed', 'passed']], 2]);
    expect(report.server?.source).toBe('local');
  });

  test('a lesson that starts where such a one ends has them too', async () => {
    const { report, code } = await lockerroomJson(['b.md', '--twin', 'off'], { files: { 'a.md': PAGE, 'b.md': AFTER } });
    expect([code, outcome(report)]).toEqual([0, [['passed']]]);
  });

  test('what is not as the page says is a mismatch as anywhere; --keep leaves all three, and says how to reach and remove them', async () => {
    const files = { 'a.md': PAGE.replace('k: { value: socks', 'k: { value: hat') };
    const { code, stdout } = await lockerroom(['run', 'a.md', '--twin', 'off', '--keep'], { files });
    const [, url = ''] = /^ {2}server {2}(\S+)/m.exec(stdout) ?? [];
    const [, remove = ''] = /^ {2}remove {2}(.*)$/m.exec(stdout) ?? [];
    try {
      expect([code, stdout]).toEqual([1, expect.stringContaining('a.md:21:18: the value of key k of bucket Room is not the one that the page gives')]);
      const nc = await connect({ servers: url.split(',') });
      expect((await (await jetstreamManager(nc)).streams.info('KV_Room')).cluster?.replicas).toHaveLength(2);
      await nc.close();
      expect(remove).toMatch(/^kill \d+ \d+ \d+; rm -rf \//);
    } finally {
      // Servers that are told to end may still write for a moment.
      await vi.waitFor(() => execFileSync('sh', ['-c', remove], { stdio: 'ignore' }), { timeout: 10_000 });
    }
  });
});

/** A step that goes on when somebody has removed the file that it has made. */
const WAITS = `
\`\`\`ts timeout=60s
import { existsSync, writeFileSync } from 'node:fs';
writeFileSync('hangs', '');
while (existsSync('hangs')) await new Promise((resolve) => setTimeout(resolve, 20));
\`\`\`
`;

/** Makes nothing: where a server is missing, what is made may be given to that one. */
const LOOKS = `
\`\`\`ts
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
const nc = await connect({ servers: process.env.NATS_URL?.split(',') });
console.log(await (await jetstreamManager(nc)).streams.names().next());
await nc.close();
\`\`\`

\`\`\`text output
[]
\`\`\`
`;

describe('a cluster of one’s own', () => {
  const withCluster = async (use: (url: string) => Promise<void>) => {
    const folder = await openRunFolder();
    try {
      const cluster = await startLocalCluster({ binary: await serverBinary(), folder, servers: 3 });
      await use(cluster.url);
    } finally {
      await folder.close();
    }
  };

  test('runs the lesson up to the first fault, and is as empty afterwards', async () => {
    await withCluster(async (url) => {
      const { report, code } = await lockerroomJson(['a.md', 'b.md', '--server', url], {
        files: { 'a.md': PAGE + FAULT, 'b.md': AFTER.replace('after: a', 'after: c'), 'c.md': PAGE },
      });
      expect([code, outcome(report)]).toEqual([
        0,
        [['passed', 'needs a private local server, which its fault can kill', 'comes after the step at line 30, whose fault was not to be had'], ['passed']],
      ]);
      expect(report.server?.source).toBe(url);
      const nc = await connect({ servers: url.split(',') });
      expect(await (await jetstreamManager(nc)).streams.names().next()).toEqual([]);
      await nc.close();
    });
  });

  test('each of its servers has heard of a bucket as soon as the page is told that it is made, or removed', async () => {
    const steps = `
\`\`\`ts timeout=60s
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
let rooms = 0;
for (const servers of process.env.NATS_URL?.split(',') ?? []) {
  const nc = await connect({ servers });
  for (let room = 0; room < 100; room++) {
    const kv = await new Kvm(nc).create(\`Room\${rooms++}\`);
    await kv.put('k', 'socks');
    await kv.destroy();
    const { name } = await kv.put('k', 'hat').catch((error) => error);
    if (name !== 'JetStreamNotEnabled') throw new Error(name);
  }
  await nc.close();
}
\`\`\`
`;
    await withCluster(async (url) => {
      const { report, code } = await lockerroomJson(['a.md', '--server', url, '--twin', 'off'], { files: { 'a.md': steps } });
      expect([code, report.lessons[0]?.steps[0]?.mismatches]).toEqual([0, []]);
    });
  });

  test('may lose the server that leads it: the run goes on as soon as the others have chosen another one', async () => {
    const folder = await openRunFolder();
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const binary = await serverBinary();
    const members = await Promise.all(ports.map((port, at) => startLocalServer({ binary, folder, name: `house-${at + 1}`, cluster: { port, ports } })));
    const leader = await vi.waitFor(
      async () => {
        const answer = await fetch(`${members[0]?.monitor}/jsz`);
        const { meta_cluster: meta } = (await answer.json()) as { meta_cluster?: { leader?: string; cluster_size?: number } };
        expect(meta?.cluster_size).toBe(3);
        return members[Number(/^house-(\d)$/.exec(meta?.leader ?? '')?.[1]) - 1] ?? expect.fail('nobody leads yet');
      },
      { timeout: 30_000 },
    );
    const loseLeader = onceItHangs((_, file) => {
      process.kill(leader.pid, 'SIGKILL');
      unlinkSync(file);
    });
    const url = members.map((one) => one.url).join(',');
    const { report, code } = await lockerroomJson(['a.md', 'b.md', '--server', url, '--twin', 'off'], {
      files: { 'a.md': PAGE + WAITS, 'b.md': LOOKS },
      during: loseLeader,
    });
    await folder.close();
    expect([code, outcome(report), report.problems]).toEqual([0, [['passed', 'passed'], ['passed']], []]);
  });

  test('is skipped where there is one server, or only one is known', async () => {
    const { server, stop } = await startTestServer();
    const { report, code } = await lockerroomJson(['b.md', 'a.md', '--server', server.url], { files: { 'a.md': PAGE, 'b.md': AFTER } });
    await stop();
    const why = 'needs 3 servers, and of yours one is known: name them all, with commas between';
    expect([code, outcome(report)]).toEqual([0, [`starts where a.md ends, which ${why}`, why]]);
  });
});

describe('nothing is left of six servers', () => {
  const HANGS = "\n```ts timeout=60s\nimport { writeFileSync } from 'node:fs';\nwriteFileSync('hangs', '');\nfor (;;) {}\n```\n";

  test.each<[NodeJS.Signals, number | null]>([
    ['SIGINT', 130],
    ['SIGKILL', null],
  ])('after %s', async (signal, code) => {
    const temporary = await mkdtemp(join(tmpdir(), 'cluster-'));
    const env = { TMPDIR: temporary };
    const run = await lockerroom(['run', 'a.md'], { files: { 'a.md': PAGE + HANGS }, env, during: interrupt(signal) });
    expect(run.code).toBe(code);
    // What a killed run left to its reaper, the next run sees to at the latest.
    if (signal === 'SIGKILL') await lockerroom(['run', 'b.md'], { files: { 'b.md': '```ts\n1;\n```\n' }, env });
    await vi.waitFor(
      async () => {
        const processes = execFileSync('ps', ['-axo', 'args'], { encoding: 'utf8' }).split('\n');
        expect([processes.filter((line) => line.includes(temporary)), await readdir(temporary)]).toEqual([[], []]);
      },
      { timeout: 10_000 },
    );
    await rm(temporary, { recursive: true });
  });
});
