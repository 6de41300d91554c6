/** `lockerroom run --server nats://…`: the lessons run in an empty account of one's own, which is as empty afterwards, and is not touched where it is not. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { type ConnectionOptions, connect, nkeys } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../src/server/local.ts';
import { type Certificates, createCertificates } from '../server/certificates.ts';
import { createCredentials } from '../server/creds.ts';
import { serverBinary, startTestServer, type TestServer } from '../server/start.ts';
import { lockerroom, lockerroomJson, page } from './command.ts';

const LESSON = page(
  '```ts\nconst kv = await kvm.create("Room");\nawait kv.put("k", "socks");\n```\n\n```yaml state\nbuckets:\n  Room:\n    keys: { k: socks }\n```\n\n```ts\nconsole.log(process.env.NATS_URL);\n```\n\n```text output\nADDRESS\n```\n',
);
const lessonAt = (url: string) => LESSON.replace('ADDRESS', url);

let own: TestServer;
let certificates: Certificates;

beforeAll(async () => {
  own = await startTestServer();
  certificates = createCertificates(join(own.folder.path, 'tls'));
});

afterAll(() => own.stop());

async function serverWith(name: string, text: string): Promise<LocalServer> {
  const config = join(own.folder.path, `${name}.conf`);
  writeFileSync(config, `${text}\n`);
  return startLocalServer({ binary: await serverBinary(), folder: own.folder, config });
}

async function streamsAt(options: ConnectionOptions): Promise<string[]> {
  const connection = await connect(options);
  const streams = await (await jetstreamManager(connection)).streams.names().next();
  await connection.close();
  return streams.sort();
}

function fileOf(name: string, text: string): string {
  const path = join(own.folder.path, name);
  writeFileSync(path, text);
  return path;
}

const QUIET = { XDG_CONFIG_HOME: '/no/such/folder' };

describe('lets the page in, which stays as it is,', () => {
  const nkey = nkeys.createUser();
  const { config: operator, creds } = createCredentials();
  const seed = new TextDecoder().decode(nkey.getSeed());
  const tls = (more = '') => `tls { cert_file: "${certificates.server.cert}", key_file: "${certificates.server.key}"${more} }`;

  test.each<[string, () => string, () => { args: string[]; env?: NodeJS.ProcessEnv }]>([
    ['by a user and a password', () => 'authorization { user: me, password: "s3cret" }', () => ({ args: ['--user', 'me', '--password', 's3cret'] })],
    ['by variables', () => 'authorization { user: me, password: "s3cret" }', () => ({ args: [], env: { NATS_USER: 'me', NATS_PASSWORD: 's3cret' } })],
    ['by a token', () => 'authorization { token: "t0ken" }', () => ({ args: ['--token', 't0ken'] })],
    ['by a credentials file', () => operator, () => ({ args: ['--creds', fileOf('u.creds', creds)] })],
    ['by an nkey', () => `authorization { users: [{ nkey: ${nkey.getPublicKey()} }] }`, () => ({ args: ['--nkey', fileOf('u.nk', seed)] })],
    ['over TLS', () => tls(), () => ({ args: ['--tlsca', certificates.ca] })],
    [
      'over TLS with a certificate of its own',
      () => tls(`, ca_file: "${certificates.ca}", verify: true`),
      () => ({ args: ['--tlsca', certificates.ca, '--tlscert', certificates.client.cert, '--tlskey', certificates.client.key] }),
    ],
    ['in a JetStream domain', () => 'jetstream { domain: hub }', () => ({ args: ['--js-domain', 'hub'] })],
  ])('%s', async (name, config, how) => {
    const server = await serverWith(name.replaceAll(' ', '-'), config());
    const { args, env } = how();
    const { report, code, stdout } = await lockerroomJson(['a.md', '--server', server.url, ...args], {
      files: { 'a.md': lessonAt(server.url) },
      env: { ...QUIET, ...env },
    });
    expect(report.lessons[0]?.steps.map(({ status, output }) => [status, output])).toEqual([
      ['passed', ''],
      ['passed', ''],
      ['passed', `${server.url}\n`],
    ]);
    expect([code, report.server?.source]).toEqual([0, server.url]);
    expect(stdout).not.toMatch(/s3cret|t0ken|SEED/);
    await server.stop();
  });
});

describe('a context of the nats CLI', () => {
  const contexts = () => {
    const folder = join(own.folder.path, 'config');
    mkdirSync(join(folder, 'nats/context'), { recursive: true });
    return { XDG_CONFIG_HOME: folder };
  };

  test('names the server, and who one is there', async () => {
    const server = await serverWith('context', 'authorization { user: me, password: "s3cret" }');
    const env = contexts();
    writeFileSync(join(env.XDG_CONFIG_HOME, 'nats/context/team.json'), JSON.stringify({ url: server.url, user: 'me', password: 's3cret' }));
    const run = (args: string[]) => lockerroom(['run', 'a.md', ...args], { files: { 'a.md': lessonAt(server.url) }, env });
    expect(await run(['--context', 'team'])).toMatchObject({ code: 0 });
    expect(await run(['--context', 'none'])).toMatchObject({ code: 3, stderr: expect.stringContaining('there is no context none') });
    // What is selected there completes a server that was named, and never chooses one.
    writeFileSync(join(env.XDG_CONFIG_HOME, 'nats/context.txt'), 'team\n');
    expect(await run(['--server', server.url])).toMatchObject({ code: 0 });
    const { report } = await lockerroomJson(['a.md'], { files: { 'a.md': page('') }, env: { ...env, NATS_URL: server.url, NATS_CONTEXT: 'team' } });
    expect(report.server?.source).toBe('local');
    await server.stop();
  });
});

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
        while (child.exitCode === null && (await streamsAt({ servers: server.url })).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
        child.kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(stdout + stderr).toContain('Interrupted; what was started has been removed.');
    expect(await streamsAt({ servers: server.url })).toEqual([]);
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

test('a server that goes away and comes back is survived', async () => {
  const server = await serverWith('away', 'jetstream {}');
  const lesson = page(
    '```ts\nconst back = (async () => {\n  for await (const { type } of nc.status()) if (type === "reconnect") return;\n})();\nconst kv = await kvm.create("Room");\n```\n\n```yaml state\nbuckets:\n  Room: {}\n```\n\n```ts timeout=30s\nawait back;\nawait kv.put("k", "back");\n```\n\n```yaml state\nbuckets:\n  Room:\n    keys: { k: back }\n```\n',
  );
  const { stdout, code } = await lockerroom(['run', 'a.md', '--server', server.url, '--reporter', 'json'], {
    files: { 'a.md': lesson },
    env: QUIET,
    during: async (child) => {
      while (child.exitCode === null && (await streamsAt({ servers: server.url })).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      await server.kill();
      await server.revive();
    },
  });
  expect([code, stdout]).toEqual([0, expect.stringContaining('"passed": 3')]);
  expect(await streamsAt({ servers: server.url })).toEqual([]);
  await server.stop();
});
