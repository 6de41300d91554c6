/** `lockerroom run --server nats://…`: what lets a run into a server of one's own, and its pages, which stay as they are. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Certificates, createCertificates } from '../server/certificates.ts';
import { createCredentials } from '../server/creds.ts';
import { startTestServer, type TestServer } from '../server/start.ts';
import { lockerroom, lockerroomJson, page } from './command.ts';
import { fileIn, lessonAt, QUIET, serverWith as startWith, streamsAt } from './own.ts';

let own: TestServer;
let certificates: Certificates;

beforeAll(async () => {
  own = await startTestServer();
  certificates = createCertificates(join(own.folder.path, 'tls'));
});

afterAll(() => own.stop());

const serverWith = (name: string, text: string) => startWith(own.folder, name, text);
const fileOf = (name: string, text: string) => fileIn(own.folder, name, text);

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

test('lets a page in by the older client too, and as who the page itself says', async () => {
  const users = 'users: [{ user: me, password: "s3cret" }, { user: other, password: "0ther" }]';
  const server = await serverWith('clients', `accounts { A { jetstream: enabled, ${users} } }`);
  const lesson = `# Two clients

\`\`\`ts
import { connect as connectOlder } from 'nats';
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
const older = await connectOlder({ servers: process.env.NATS_URL });
await older.jetstream().views.kv('Older');
const other = await connect({ servers: process.env.NATS_URL, user: 'other', pass: '0ther', name: 'with a name of its own' });
await new Kvm(other).create('Newer');
const { port } = new URL(process.env.NATS_URL);
const elsewhere = await connect({ servers: \`localhost:\${port}\`, user: 'other', pass: '0ther' });
await new Kvm(elsewhere).create('Elsewhere');
await elsewhere.close();
\`\`\`

\`\`\`yaml state
buckets: { Older: { storage: file }, Newer: {}, Elsewhere: {} }
\`\`\`
`;
  const { code, stdout, stderr } = await lockerroom(['run', 'a.md', '--server', server.url, '--user', 'me', '--password', 's3cret'], {
    files: { 'a.md': lesson },
    env: QUIET,
  });
  expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('1 passed')]);
  expect(await streamsAt({ servers: server.url, user: 'me', pass: 's3cret' })).toEqual([]);
  await server.stop();
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
    expect(await run(['--context', 'none'])).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no context none') });
    // What is selected there completes a server that was named, and never chooses one.
    writeFileSync(join(env.XDG_CONFIG_HOME, 'nats/context.txt'), 'team\n');
    expect(await run(['--server', server.url])).toMatchObject({ code: 0 });
    const { report } = await lockerroomJson(['a.md'], { files: { 'a.md': page('') }, env: { ...env, NATS_URL: server.url, NATS_CONTEXT: 'team' } });
    expect(report.server?.source).toBe('local');
    await server.stop();
  });
});
