/** `lockerroom show`: what is drawn, of what, and how it ends. */
import type { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../src/server/local.ts';
import { serverBinary, startTestServer, type TestServer } from '../server/start.ts';
import { lockerroom, page } from './command.ts';

const PAGE = page(`\`\`\`ts
const kv = await kvm.create('Room', { history: 2, description: 'ours' });
await kv.put('locker.7', 'socks');
await kv.put('locker.7', 'shoes');
\`\`\`

\`\`\`yaml state
buckets: { Room: { description: ours, history: 2, keys: { locker.7: shoes } } }
\`\`\`

\`\`\`ts
await kv.delete('locker.7');
\`\`\`

\`\`\`yaml change
buckets: { Room: { keys: { locker.7: { deleted: true } } } }
\`\`\`
`);

const lineOf = (text: string) => PAGE.split('\n').indexOf(text) + 1;

describe('after a step of a page', () => {
  test('the last one, where no line is given', async () => {
    const { code, stdout, stderr } = await lockerroom(['show', 'page.md'], { files: { 'page.md': PAGE } });
    expect(stdout).toMatch(
      new RegExp(
        `^page\\.md:${lineOf("await kv.delete('locker.7');") - 1} A page · nats-server \\S+

╔═ Room ═+╗
║ ours +║
║ history 2 +║
║ ┌ locker\\.7 ─+ #3 ─┐ ║
║ │╳+ deleted ╳+│ ║
║ │ before: shoes #2 +│ ║
║ └─+┘ ║
╚═ 1 deleted ═+╝
$`,
      ),
    );
    expect([code, stderr]).toEqual([0, '']);
  });

  test('the one at a line, in sentences', async () => {
    const { code, stdout } = await lockerroom(
      ['show', `page.md:${lineOf('buckets: { Room: { description: ours, history: 2, keys: { locker.7: shoes } } }')}`, '--plain'],
      {
        files: { 'page.md': PAGE },
      },
    );
    expect(stdout.split('\n').slice(2)).toEqual([
      'Room Room: 1 locker.',
      '  Description: ours',
      '  Rules: history 2.',
      '  Locker locker.7, revision 2: shoes',
      '    Before, revision 1: socks',
      '',
    ]);
    expect(code).toBe(0);
  });

  test('a step that is not as the page says is named, and what is there is drawn', async () => {
    const files = { 'page.md': PAGE.replace('locker.7: shoes', 'locker.7: boots') };
    const { code, stdout, stderr } = await lockerroom(['show', 'page.md', '--plain'], { files });
    expect(stderr).toMatch(/^page\.md:\d+:\d+: the value of key locker\.7 of bucket Room is not the one that the page gives\n$/);
    expect(stdout).toContain('Locker locker.7, revision 3: deleted');
    expect(code).toBe(1);
  });

  test('a lesson that this server does not suit, an invalid one, and none at all', async () => {
    const files = { 'old.md': '---\nserver: "<2"\n---\n\n```ts\n1;\n```\n', 'bad.md': '```ts stpe\n1;\n```\n' };
    const old = await lockerroom(['show', 'old.md'], { files });
    expect([old.code, old.stdout]).toEqual([3, '']);
    expect(old.stderr).toMatch(/^old\.md: the lesson cannot be run: it needs nats-server <2, and this is /);
    const bad = await lockerroom(['show', 'bad.md'], { files });
    expect([bad.code, bad.stdout]).toEqual([2, '']);
    expect(bad.stderr).toMatch(/^bad\.md:1:7: /);
    for (const args of [['missing.md'], [], ['.'], ['bad.md:99'], ['old.md', '--server', 'nats://x'], ['old.md', '--user', 'me']]) {
      const { code, stdout, stderr } = await lockerroom(['show', ...args], { files });
      expect([args, code, stdout]).toEqual([args, 2, '']);
      expect(stderr).not.toBe('');
    }
  });

  test('what is in a locker never reaches the terminal as an order to it', async () => {
    const files = { 'page.md': page('```ts\nawait (await kvm.create("Room")).put("k", "\\x1b]0;mine\\x07\\x1b[2J\\u009b2J\\u202eevil");\n```\n') };
    for (const args of [[], ['--plain']]) {
      const { stdout } = await lockerroom(['show', 'page.md', ...args], { files });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout).toContain('␛[2J');
    }
  });
});

test('--watch leaves the server of a page running, for whoever wants to reach into it', async () => {
  let printed = '';
  const { code } = await lockerroom(['show', 'page.md', '--watch', '--plain'], {
    files: { 'page.md': PAGE },
    during(child: ReturnType<typeof spawn>) {
      child.stdout?.on('data', async (text: Buffer) => {
        printed += text;
        const url = /(nats:\S+)\n/.exec(text.toString())?.[1];
        if (text.includes('revision 3: deleted')) {
          const nc = await connect({ servers: url ?? '' });
          await (await new Kvm(nc).open('Room')).put('locker.7', 'boots');
          await nc.close();
        }
        if (text.includes('revision 4: boots')) child.kill('SIGINT');
      });
    },
  });
  expect(printed).toContain('Before, revision 3: deleted');
  expect(code).toBe(130);
});

describe('of a server of one’s own', () => {
  let own: TestServer;
  let locked: LocalServer;
  let connection: NatsConnection;
  let folder: string;

  beforeAll(async () => {
    own = await startTestServer();
    folder = await mkdtemp(join(tmpdir(), 'show-'));
    const config = join(folder, 'users.conf');
    await writeFile(
      config,
      'authorization { users: [{ user: me, password: "s3cret/@:" }, { user: none, password: n, permissions: { publish: { deny: "$JS.API.>" } } }] }\n',
    );
    locked = await startLocalServer({ binary: await serverBinary(), folder: own.folder, config });
    connection = await connect({ servers: own.server.url });
    const kv = await new Kvm(connection).create('Room');
    await kv.put('k', 'socks');
    const user = await connect({ servers: locked.url, user: 'me', pass: 's3cret/@:' });
    await new Kvm(user).create('Locked');
    await user.close();
  });

  afterAll(async () => {
    await connection.close();
    await own.stop();
    await rm(folder, { recursive: true });
  });

  test('what it holds, and nothing is changed there', async () => {
    const jsm = await jetstreamManager(connection);
    const look = async () => ({ streams: await jsm.streams.list().next(), account: await jsm.getAccountInfo() });
    const before = await look();
    const { code, stdout } = await lockerroom(['show', '--server', own.server.url, '--plain']);
    expect(stdout).toMatch(/^nats:\/\/127\.0\.0\.1:\d+ · nats-server \S+\n\nRoom Room: 1 locker\.\n {2}Locker k, revision 1: socks\n$/);
    expect(code).toBe(0);
    const after = await look();
    expect(after.streams.map(({ config, state }) => [config, state])).toEqual(before.streams.map(({ config, state }) => [config, state]));
    expect([after.account.streams, after.account.consumers]).toEqual([before.account.streams, before.account.consumers]);
  });

  test.each([
    ['flags', () => ['--server', locked.url, '--user', 'me', '--password', 's3cret/@:'], {}],
    ['variables', () => ['--server', locked.url], { NATS_USER: 'me', NATS_PASSWORD: 's3cret/@:' }],
    ['a flag and a variable', () => ['--server', locked.url, '--user', 'me'], { NATS_PASSWORD: 's3cret/@:', NATS_TOKEN: 'of another' }],
    ['the address', () => ['--server', locked.url.replace('//', '//me:s3cret%2F%40%3A@')], { NATS_USER: 'other' }],
  ])('let in by %s', async (_, args, env) => {
    const { code, stdout, stderr } = await lockerroom(['show', '--plain', ...args()], { env });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Room Locked: empty.');
    expect(stdout).not.toMatch(/s3cret|me@|me:/);
  });

  test.each([
    ['no credentials', [], {}, 3, /does not let us in\n {2}Say who you are: --user/],
    ['wrong ones', ['--user', 'me', '--password', 'wrong'], {}, 3, /does not let us in\n {2}It does not take the credentials/],
    [
      'a user who may not look',
      ['--user', 'none', '--password', 'n'],
      {},
      3,
      /holds cannot be read: This user of the nats-server may not ask \$JS\.API\.STREAM\.LIST/,
    ],
    ['a credentials file that is not there', ['--creds', '/no/such.creds'], {}, 2, /credentials file \/no\/such\.creds cannot be read \(ENOENT\)/],
  ])('not with %s', async (_, args, env, exit, message) => {
    const { code, stdout, stderr } = await lockerroom(['show', '--server', locked.url, ...args], { env });
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toMatch(message);
  });

  test('the environment never chooses the server', async () => {
    const { code } = await lockerroom(['show'], { env: { NATS_URL: own.server.url } });
    expect(code).toBe(2);
  });

  test('--watch ends when its reader has gone', async () => {
    const kv = await new Kvm(connection).create('Read');
    const { code } = await lockerroom(['show', '--server', own.server.url, '--watch', '--plain'], {
      during(child: ReturnType<typeof spawn>) {
        child.stdout?.once('data', () => child.stdout?.destroy());
        child.stdout?.once('close', async () => {
          // The first is written to nobody, and after the second that is known.
          for (let count = 0; child.exitCode === null; count++) {
            await kv.put('k', `${count}`);
            await new Promise((resolve) => setTimeout(resolve, 300));
          }
        });
      },
    });
    expect(code).toBe(0);
  });

  test('--watch draws again whenever something changes, until Ctrl-C', async () => {
    const kv = await new Kvm(connection).create('Live');
    let printed = '';
    const run = await lockerroom(['show', '--server', own.server.url, '--watch', '--plain'], {
      during(child: ReturnType<typeof spawn>) {
        child.stdout?.on('data', async (text: Buffer) => {
          printed += text;
          if (text.includes('Room Live: empty.')) await kv.put('k', 'one');
          if (text.includes('revision 1: one')) await kv.delete('k');
          if (text.includes('revision 2: deleted')) child.kill('SIGINT');
        });
      },
    });
    expect(run.code).toBe(130);
    expect(
      printed
        .split(/^nats:/m)
        .slice(1)
        .map((frame) => /Room Live: (.*)/.exec(frame)?.[1]),
    ).toEqual(['empty.', '1 locker.', '1 deleted.']);
  });
});
