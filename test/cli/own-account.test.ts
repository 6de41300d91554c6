/** The account of a server of one's own: lessons need it empty, leave it as empty, and touch nothing in it that they did not make. */
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../server/start.ts';
import { type JsonReport, lockerroom, lockerroomJson, page } from './command.ts';
import { bareServer, freePort, lessonAt, QUIET, serverWith as startWith, streamsAt, untilMade } from './own.ts';

let own: TestServer;

beforeAll(async () => {
  own = await startTestServer();
});

afterAll(() => own.stop());

const serverWith = (name: string, text: string) => startWith(own.folder, name, text);
const LESSON = lessonAt('elsewhere');

describe('the account', () => {
  test('is refused where it holds anything, which is named and not touched', async () => {
    const server = await serverWith('full', 'jetstream {}');
    const connection = await connect({ servers: server.url });
    await (await new Kvm(connection).create('Mine')).put('k', 'v');
    await (await jetstreamManager(connection)).streams.add({ name: 'orders', subjects: ['orders.>'] });
    await connection.close();
    const { code, stderr } = await lockerroom(['run', 'a.md', '--server', server.url], { files: { 'a.md': LESSON }, env: QUIET });
    expect(code).toBe(3);
    expect(stderr).toMatch(/is not empty: it holds the bucket Mine, the stream orders; nothing was touched/);
    expect(await streamsAt({ servers: server.url })).toEqual(['KV_Mine', 'orders']);
    await server.stop();
  });

  test('is emptied between lessons, which run one after the other, and after the last; what needs a private server is skipped', async () => {
    const server = await serverWith('between', 'jetstream {}');
    const files = {
      'lessons/1.md': lessonAt(server.url),
      'lessons/2.md': lessonAt(server.url),
      'lessons/3.md': `---\nprivate: true\n---\n${LESSON}`,
    };
    const { code, report } = await lockerroomJson(['--server', server.url, '--jobs', '4'], { files, env: QUIET });
    expect(report.lessons.map(({ status, reason }) => [status, reason])).toEqual([
      ['passed', null],
      ['passed', null],
      ['skipped', 'needs a private server, and this one is your own'],
    ]);
    expect(code).toBe(0);
    expect(await streamsAt({ servers: server.url })).toEqual([]);
    await server.stop();
  });

  test('is emptied after Ctrl-C', async () => {
    const server = await serverWith('interrupted', 'jetstream {}');
    const wait = page('```ts\nawait kvm.create("Room");\nconsole.log("made");\nawait new Promise((resolve) => setTimeout(resolve, 60_000));\n```\n');
    const { code, stdout, stderr } = await lockerroom(['run', 'a.md', '--server', server.url], {
      files: { 'a.md': wait },
      env: QUIET,
      during: async (child) => {
        await untilMade(child, { servers: server.url });
        child.kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(stdout + stderr).toContain('Interrupted; what was started has been removed.');
    expect(await streamsAt({ servers: server.url })).toEqual([]);
    await server.stop();
  });

  test('loses only what the run made: what somebody else makes meanwhile is left and named, and nothing more is run', async () => {
    const server = await serverWith('shared', 'jetstream {}');
    const other = await connect({ servers: server.url, name: 'somebody else' });
    const wait = page(
      '```ts\nconst other = nc.subscribe("other.is.done", { max: 1 });\nawait kvm.create("Room");\nfor await (const _ of other) break;\n```\n\n```yaml state\nbuckets:\n  Room: {}\n```\n',
    );
    const { code, stdout, stderr } = await lockerroom(['run', '--server', server.url, '--reporter', 'json'], {
      files: { 'lessons/1.md': wait, 'lessons/2.md': lessonAt(server.url) },
      env: QUIET,
      during: async (child) => {
        await untilMade(child, { servers: server.url });
        await new Kvm(other).create('Theirs');
        other.publish('other.is.done');
      },
    });
    const report = JSON.parse(stdout) as JsonReport;
    expect(report.lessons.map(({ status }) => status)).toEqual(['failed', 'skipped']);
    const sentence = `the bucket Theirs in the account at ${server.url} is not known to be made by the run, and was left there`;
    expect(report.lessons[1]?.steps[0]?.reason).toBe(`is not run, because ${sentence}`);
    expect(report.problems.map(({ message }) => message)).toEqual([sentence]);
    expect(stderr).toContain(sentence);
    expect(code).toBe(3);
    expect(await streamsAt({ servers: server.url })).toEqual(['KV_Theirs']);
    await other.close();
    await server.stop();
  });

  test('keeps what somebody else made anew under a name of the lesson, or a program that a step started', async () => {
    const server = await serverWith('anew', 'jetstream {}');
    const other = await connect({ servers: server.url });
    const program =
      'import("@nats-io/transport-node").then(async ({ connect }) => { const nc = await connect({ servers: process.env.NATS_URL }); await new (await import("@nats-io/kv")).Kvm(nc).create("Started"); await nc.close(); })';
    const lesson = page(
      `\`\`\`ts\nimport { execFileSync } from 'node:child_process';\nconst other = nc.subscribe('other.is.done', { max: 1 });\nawait kvm.create('Room');\nfor await (const _ of other) break;\nexecFileSync(process.execPath, ['-e', ${JSON.stringify(program)}], { cwd: ${JSON.stringify(process.cwd())} });\n\`\`\`\n\n\`\`\`yaml state\nbuckets: { Room: {}, Started: {} }\n\`\`\`\n`,
    );
    const { code, stderr } = await lockerroom(['run', 'a.md', '--server', server.url], {
      files: { 'a.md': lesson },
      env: QUIET,
      during: async (child) => {
        await untilMade(child, { servers: server.url });
        const kvm = new Kvm(other);
        await (await kvm.open('Room')).destroy();
        await kvm.create('Room');
        other.publish('other.is.done');
      },
    });
    expect([code, stderr]).toEqual([3, expect.stringContaining('the bucket Room, the bucket Started in the account at')]);
    expect(await streamsAt({ servers: server.url })).toEqual(['KV_Room', 'KV_Started']);
    await other.close();
    await server.stop();
  });

  test('is emptied also where its user hears no announcements', async () => {
    const server = await serverWith(
      'deaf',
      'jetstream {}\nauthorization { users: [{ user: me, password: pw, permissions { subscribe { allow: "_INBOX.>" } } }] }',
    );
    const { code, stdout } = await lockerroom(['run', '--server', server.url, '--user', 'me', '--password', 'pw'], {
      files: { 'lessons/1.md': lessonAt(server.url), 'lessons/2.md': lessonAt(server.url) },
      env: QUIET,
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('6 passed')]);
    expect(await streamsAt({ servers: server.url, user: 'me', pass: 'pw' })).toEqual([]);
    await server.stop();
  });

  test('is emptied also behind a leaf node, where all are one client, and what somebody else made there is left', async () => {
    const port = await freePort();
    const hub = await serverWith('hub', `jetstream { domain: hub }\nleafnodes { listen: "127.0.0.1:${port}" }`);
    const leaf = await bareServer(own.folder, `leafnodes { remotes: [{ url: "nats://127.0.0.1:${port}" }] }\n`);
    const other = await connect({ servers: leaf });
    await vi.waitFor(() => other.request('$JS.hub.API.INFO'), { timeout: 20_000, interval: 100 });
    const lesson = page(
      '```ts\nawait kvm.create("Room");\nawait nc.request("make.theirs", "", { timeout: 10_000 });\n```\n\n```yaml state\nbuckets: { Room: {}, Theirs: {} }\n```\n',
    );
    const theirs = other.subscribe('make.theirs', {
      callback: (_, message) => {
        const made = other.request(
          '$JS.hub.API.STREAM.CREATE.KV_Theirs',
          JSON.stringify({ name: 'KV_Theirs', subjects: ['$KV.Theirs.>'], max_msgs_per_subject: 1 }),
        );
        made.then(() => message.respond());
      },
    });
    const files = { 'lessons/1.md': lessonAt(leaf), 'lessons/2.md': lesson };
    const { code, stderr } = await lockerroom(['run', '--server', leaf, '--js-domain', 'hub'], { files, env: QUIET });
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining(`lockerroom: the bucket Theirs in the account at ${leaf} is not known to be made by the run, and was left there`),
    ]);
    expect(await streamsAt({ servers: hub.url })).toEqual(['KV_Theirs']);
    theirs.unsubscribe();
    await other.close();
    await hub.stop();
  });

  test('says at a second Ctrl-C, which stops at once, what is left', async () => {
    const server = await serverWith('twice', 'jetstream {}');
    const wait = page('```ts\nawait kvm.create("Room");\nawait new Promise((resolve) => setTimeout(resolve, 60_000));\n```\n');
    const { code, stderr } = await lockerroom(['run', 'a.md', '--server', server.url], {
      files: { 'a.md': wait },
      env: QUIET,
      during: async (child) => {
        await untilMade(child, { servers: server.url });
        // So that what is made cannot be removed, as where a network is down.
        process.kill(server.pid, 'SIGSTOP');
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGINT'), 1_000);
      },
    });
    process.kill(server.pid, 'SIGCONT');
    expect([code, stderr]).toEqual([
      130,
      expect.stringContaining(`lockerroom: stopped at once; the bucket Room may still be in the account at ${server.url}\n`),
    ]);
    await server.stop();
  });

  test('keeps with --keep what a failed lesson made, and nothing more is run', async () => {
    const server = await serverWith('kept', 'jetstream {}');
    const files = { 'lessons/1.md': LESSON, 'lessons/2.md': LESSON };
    const { code, report } = await lockerroomJson(['--server', server.url, '--keep'], { files, env: QUIET });
    expect(report.lessons.map(({ status }) => status)).toEqual(['failed', 'skipped']);
    expect(report.lessons[1]?.steps[0]?.reason).toBe('is not run, because the account holds what lessons/1.md left (--keep)');
    expect(code).toBe(1);
    expect(await streamsAt({ servers: server.url })).toEqual(['KV_Room']);
    await server.stop();
  });
});

describe('an account in which lessons cannot run is refused before anything is touched, with its own sentence:', () => {
  const account = (jetstream: string) => `accounts { A { jetstream ${jetstream}, users: [{ user: me, password: pw }] } }`;
  const user = (permissions: string) => `jetstream {}\nauthorization { users: [{ user: me, password: pw, permissions { ${permissions} } }] }`;

  test.each<[what: string, config: string, sentence: string]>([
    [
      'JetStream is off for the account',
      'accounts { A { users: [{ user: me, password: pw }] }, B { jetstream: enabled } }',
      'JetStream is off for the account at URL',
    ],
    ['the user may not ask JetStream', user('publish { deny: "$JS.API.>" }'), 'the user at URL may not ask $JS.API.INFO'],
    ['the user may not make streams', user('publish { deny: "$JS.API.STREAM.CREATE.*" }'), 'the user at URL may not ask $JS.API.STREAM.CREATE.*'],
    ['the user may not remove streams', user('publish { deny: "$JS.API.STREAM.DELETE.*" }'), 'the user at URL may not ask $JS.API.STREAM.DELETE.*'],
    ['the user hears no answers', user('subscribe { deny: "_INBOX.>" }'), 'the user at URL may not hear answers on _INBOX.'],
    ['it may hold fewer streams', account('{ max_streams: 1, max_file: 1G }'), 'the account at URL may hold one stream, and a.md has 2 at a time'],
    ['it may store nothing', account('{ max_mem: 1M, max_file: 0 }'), 'the account at URL may store nothing on disk (its limit max_storage is 0)'],
    [
      'it wants a size of each stream',
      account('{ max_bytes: true, max_file: 1G }'),
      'the account at URL takes only streams with a limit of their size (max_bytes), which lessons do not set',
    ],
  ])('%s', async (what, config, sentence) => {
    const server = await serverWith(what.replaceAll(' ', '-'), config);
    const lesson = page('```ts\nawait kvm.create("One");\nawait kvm.create("Two");\n```\n\n```yaml state\nbuckets: { One: {}, Two: {} }\n```\n');
    const asMe = config.includes('me,') ? ['--user', 'me', '--password', 'pw'] : [];
    const { code, stderr } = await lockerroom(['run', 'a.md', '--server', server.url, ...asMe], { files: { 'a.md': lesson }, env: QUIET });
    expect([code, stderr]).toEqual([3, expect.stringContaining(`lockerroom: ${sentence.replace('URL', server.url)}`)]);
    await server.stop();
  });

  test('JetStream is off on the server', async () => {
    const url = await bareServer(own.folder);
    const { code, stderr } = await lockerroom(['run', 'a.md', '--server', url], { files: { 'a.md': LESSON }, env: QUIET });
    expect([code, stderr]).toEqual([3, expect.stringContaining(`lockerroom: JetStream is off on the nats-server at ${url}`)]);
  });

  test('a JetStream domain that is not there', async () => {
    const server = await serverWith('no-domain', 'jetstream { domain: hub }');
    const { code, stderr } = await lockerroom(['run', 'a.md', '--server', server.url, '--js-domain', 'hup'], { files: { 'a.md': LESSON }, env: QUIET });
    expect([code, stderr]).toEqual([3, expect.stringContaining(`lockerroom: no JetStream domain hup answers at ${server.url}`)]);
    await server.stop();
  });
});

test('a limit that only the lesson meets is said beside what failed, and what was made is removed', async () => {
  const server = await serverWith('met', 'accounts { A { jetstream { max_streams: 1, max_file: 1G }, users: [{ user: me, password: pw }] } }');
  const lesson = page('```ts\nconst room = await kvm.create("One");\nawait kvm.create("Two");\n```\n\n```yaml state\nbuckets: { One: {} }\n```\n');
  const who = { servers: server.url, user: 'me', pass: 'pw' };
  const { code, stderr } = await lockerroom(['run', 'a.md', '--server', server.url, '--user', 'me', '--password', 'pw'], {
    files: { 'a.md': lesson },
    env: QUIET,
  });
  expect([code, stderr]).toEqual([
    3,
    expect.stringContaining(`lockerroom: the account at ${server.url} is at its limit: "maximum number of streams reached" in a.md:12`),
  ]);
  expect(await streamsAt(who)).toEqual([]);
  await server.stop();
});
