/** Lessons of every kind on a server of one's own: which are run there and which are skipped, watched runs, and a server that goes away. */
import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../server/start.ts';
import { lockerroom, lockerroomJson, page } from './command.ts';
import { lessonAt, QUIET, serverWith as startWith, streamsAt, untilMade } from './own.ts';
import { WatchedFolder } from './watched.ts';

let own: TestServer;

beforeAll(async () => {
  own = await startTestServer();
});

afterAll(() => own.stop());

const serverWith = (name: string) => startWith(own.folder, name, 'jetstream {}');
const OUTSIDE = 'nats://127.0.0.1:1';

test('what needs another server is skipped, and says why; the others are run', async () => {
  const { url, version } = own.server;
  const lesson = lessonAt(url);
  const with_ = (front: string) => `---\n${front}\n---\n${lesson}`;
  const files = {
    'lessons/1.md': with_('config: 1.conf'),
    'lessons/1.conf': '',
    'lessons/2.md': lesson.replace('```ts\nconst kv', '```ts fault="restart-server"\nconst kv'),
    'lessons/3.md': with_('cluster: 3'),
    'lessons/4.md': with_('private: true'),
    'lessons/5.md': with_('server: ">=99"'),
    'lessons/6.md': with_('server: ">=2.10"'),
    'lessons/7.md': with_('after: "4"'),
  };
  const { code, report } = await lockerroomJson(['--server', url], { files, env: QUIET });
  expect(report.lessons.map(({ status, reason }) => reason ?? status)).toEqual([
    'needs a private server, with the configuration 1.conf',
    'needs a private server, and this one is your own',
    'needs 3 servers, and of yours one is known: name them all, with commas between',
    'needs a private server, and this one is your own',
    `needs nats-server >=99, and this is ${version}`,
    'passed',
    'starts where lessons/4.md ends, which needs a private server, and this one is your own',
  ]);
  expect(code).toBe(0);
  expect(await streamsAt({ servers: url })).toEqual([]);
});

test('of several addresses one must answer, and the page may name any of them', async () => {
  const { url } = own.server;
  const list = `${OUTSIDE},${url}`;
  const named = `${lessonAt(list)}\n\`\`\`ts\nawait (await connect({ servers: '${url.replace('nats://', '')}' })).close();\n\`\`\`\n`;
  expect(await lockerroom(['run', 'a.md', '--server', list], { files: { 'a.md': named }, env: QUIET })).toMatchObject({ code: 0, stderr: '' });
  const none = await lockerroom(['run', 'a.md', '--server', `${OUTSIDE},${OUTSIDE.replace(':1', ':2')}`, '--timeout', '1s'], {
    files: { 'a.md': named },
    env: QUIET,
  });
  expect([none.code, none.stderr]).toEqual([
    3,
    expect.stringContaining('no nats-server answers at nats://127.0.0.1:1,nats://127.0.0.1:2: the connection was refused'),
  ]);
});

test('an exercise is run there with its solution, and its starter on a private server', async () => {
  const exercise = (starter: string) =>
    page(`\`\`\`ts exercise\n${starter}\n\`\`\`\n\n\`\`\`ts solution\nawait kvm.create('Yours');\n\`\`\`\n\n\`\`\`yaml state\nbuckets:\n  Yours: {}\n\`\`\`\n`);
  const run = (starter: string) => lockerroomJson(['a.md', '--server', own.server.url], { files: { 'a.md': exercise(starter) }, env: QUIET });
  expect((await run('// your turn')).code).toBe(0);
  const { code, report } = await run("await kvm.create('Yours');");
  expect([code, report.lessons[0]?.steps[1]?.mismatches.map(({ kind }) => kind)]).toEqual([1, ['exercise']]);
  expect(await streamsAt({ servers: own.server.url })).toEqual([]);
});

test('a watched run leaves the account empty after each save, and after Ctrl-C', async () => {
  const { url } = own.server;
  const watched = await WatchedFolder.open({ 'lessons/a.md': lessonAt(url) }, ['--server', url], QUIET);
  try {
    expect(await watched.run()).toContain('3 passed');
    expect(await streamsAt({ servers: url })).toEqual([]);
    await watched.save('lessons/a.md', lessonAt('elsewhere'));
    expect(await watched.run()).toMatch(/1 failed/);
    expect(await streamsAt({ servers: url })).toEqual([]);
  } finally {
    await watched.close();
  }
  expect(await streamsAt({ servers: url })).toEqual([]);
});

describe('a server that goes away', () => {
  test('and comes back is survived', async () => {
    const server = await serverWith('away');
    const lesson = page(
      '```ts\nconst back = (async () => {\n  for await (const { type } of nc.status()) if (type === "reconnect") return;\n})();\nconst kv = await kvm.create("Room");\n```\n\n```yaml state\nbuckets:\n  Room: {}\n```\n\n```ts timeout=30s\nawait back;\nawait kv.put("k", "back");\n```\n\n```yaml state\nbuckets:\n  Room:\n    keys: { k: back }\n```\n',
    );
    const { stdout, code } = await lockerroom(['run', 'a.md', '--server', server.url, '--reporter', 'json'], {
      files: { 'a.md': lesson },
      env: QUIET,
      during: async (child) => {
        await untilMade(child, { servers: server.url });
        await server.kill();
        await server.revive();
      },
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('"passed": 3')]);
    expect(await streamsAt({ servers: server.url })).toEqual([]);
    await server.stop();
  });

  const waits = page(
    '```ts\nawait kvm.create("Room");\nawait new Promise((resolve) => setTimeout(resolve, 2_000));\n```\n\n```yaml state\nbuckets:\n  Room: {}\n```\n',
  );

  test('and does not come back ends the run: what was made there and cannot be removed is named', async () => {
    const server = await serverWith('gone');
    const { code, stderr, stdout } = await lockerroom(['run', '--server', server.url, '--timeout', '1s', '--reporter', 'json'], {
      files: { 'lessons/1.md': waits, 'lessons/2.md': waits },
      env: QUIET,
      during: async (child) => {
        await untilMade(child, { servers: server.url });
        await server.kill();
      },
    });
    const report = JSON.parse(stdout);
    expect(report.lessons.map(({ status }: { status: string }) => status)).toEqual(['errored', 'skipped']);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(
        /the bucket Room could not be removed from the account at \S+ The nats-server at \S+ went away, and did not come back within 1 s\./,
      ),
    ]);
    await server.stop();
  });

  test('without a word, for it is frozen, is no hang either', async () => {
    const server = await serverWith('frozen');
    const { code, stderr } = await lockerroom(['run', 'a.md', '--server', server.url], {
      files: { 'a.md': waits },
      env: QUIET,
      during: async (child) => {
        await untilMade(child, { servers: server.url });
        process.kill(server.pid, 'SIGSTOP');
      },
    });
    process.kill(server.pid, 'SIGCONT');
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/the bucket Room could not be removed from the account at \S+ The nats-server did not answer STREAM\.NAMES within 5 seconds\./),
    ]);
    await server.stop();
  });
});

test('after a kill -9 in the middle of a run the next one says what it finds, and nothing of ours is left but that', async () => {
  const server = await serverWith('killed');
  // A folder of its own for temporary files: other runs go on beside this one.
  const TMPDIR = mkdtempSync(join(tmpdir(), 'k-'));
  const wait = page('```ts\nawait kvm.create("Room");\nawait new Promise((resolve) => setTimeout(resolve, 60_000));\n```\n');
  const options = { files: { 'a.md': wait }, env: { ...QUIET, TMPDIR } };
  const killed = await lockerroom(['run', 'a.md', '--server', server.url], {
    ...options,
    during: async (child) => {
      await untilMade(child, { servers: server.url });
      child.kill('SIGKILL');
    },
  });
  expect(killed.code).toBe(null);
  const { code, stderr } = await lockerroom(['run', 'a.md', '--server', server.url], options);
  expect([code, stderr]).toEqual([3, expect.stringContaining('is not empty: it holds the bucket Room; nothing was touched')]);
  expect([readdirSync(TMPDIR), processesOf(TMPDIR)]).toEqual([[], []]);
  rmdirSync(TMPDIR);
  await server.stop();
});

/** The command lines that name the folder, where the system tells them. */
function processesOf(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  const commands = readdirSync('/proc').map((pid) => (/^\d+$/.test(pid) ? textOf(`/proc/${pid}/cmdline`) : ''));
  return commands.filter((command) => command.includes(folder));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
