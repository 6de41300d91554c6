/** `lockerroom show --server`: a server of one's own is let in to, read, followed, and left as it was. */
import type { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../src/server/local.ts';
import { createCredentials } from '../server/creds.ts';
import { serverBinary, startTestServer, type TestServer } from '../server/start.ts';
import { lockerroom } from './command.ts';

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
    ['a credentials file that is not there', ['--creds', '/no/such.creds'], {}, 2, /there is no credentials file \/no\/such\.creds/],
  ])('not with %s', async (_, args, env, exit, message) => {
    const { code, stdout, stderr } = await lockerroom(['show', '--server', locked.url, ...args], { env });
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toMatch(message);
  });

  test.each(['--creds', 'NATS_CREDS'])('let in by a credentials file, of %s', async (by) => {
    const { config, creds } = createCredentials();
    const [conf, file] = [join(folder, 'operator.conf'), join(folder, 'captain.creds')];
    await Promise.all([writeFile(conf, config), writeFile(file, creds)]);
    const server = await startLocalServer({ binary: await serverBinary(), folder: own.folder, config: conf });
    const [args, env] = by === '--creds' ? [['--creds', file], {}] : [[], { NATS_CREDS: file }];
    const { code, stdout, stderr } = await lockerroom(['show', '--server', server.url, ...args], { env });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('The building is empty: no rooms.');
    await server.stop();
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
