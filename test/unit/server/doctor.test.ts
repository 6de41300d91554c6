import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Check, diagnose } from '../../../src/server/doctor.ts';
import { NATS, NATS_SERVER } from '../../../src/server/version.ts';
import { answers, closedAddress, mirror, program, temporaryFolder } from './fakes.ts';

const node = { version: '24.1.0', path: '/opt/node', range: '>=22.18' };
const GO = 'echo go version go1.26.8 linux/amd64';
const DOCKER = `case $1 in --version) echo 'Docker version 28.2.2, build e6534b4';; version) echo 28.0.1;; *) exit 9;; esac`;

/** A home with these programs on its PATH, and a network that is closed unless releases are given. */
async function home(programs: Record<string, string>, releases = '') {
  const folder = await temporaryFolder();
  for (const [name, body] of Object.entries(programs)) await program(join(folder, 'bin', name), body);
  const downloads = releases === '' ? await closedAddress() : (await mirror((file) => (file === 'SHA256SUMS' ? releases : null))).url;
  const env = { HOME: folder, PATH: join(folder, 'bin'), LOCKERROOM_NATS_DOWNLOADS: downloads, LOCKERROOM_NATS_CLI_DOWNLOADS: downloads };
  const look = (more: { env?: NodeJS.ProcessEnv; node?: typeof node } = {}) =>
    diagnose({ node, limit: 1000, limits: { connect: 300, stall: 300, retries: 0, backoff: 0, whole: 60_000 }, ...more, env: { ...env, ...more.env } });
  return { folder, look };
}

const named = (checks: Check[], name: string) => checks.find((check) => check.name === name);

describe('the doctor', () => {
  test('says of all that is here what it is and where it lies', async () => {
    const { folder, look } = await home({ 'nats-server': answers('2.15.2'), nats: 'echo v0.5.1', go: GO, docker: DOCKER });
    const bin = (name: string) => join(folder, 'bin', name);
    const here = { status: 'ok', detail: null, advice: null };
    expect(await look()).toEqual({
      ok: true,
      checks: [
        { ...here, name: 'Node', version: '24.1.0', path: '/opt/node' },
        { ...here, name: 'nats-server', version: '2.15.2', path: bin('nats-server') },
        { ...here, name: 'nats', version: '0.5.1', path: bin('nats') },
        { ...here, name: 'Go', version: '1.26.8', path: bin('go') },
        { ...here, name: 'Docker', version: '28.2.2', path: bin('docker') },
        { ...here, name: 'Docker engine', version: '28.0.1', path: null },
        { ...here, name: 'cache', version: null, path: join(folder, '.cache/lockerroom'), detail: 'holds nothing' },
      ],
    });
    expect(await readdir(folder)).toEqual(['bin']);
  });

  test('says where nothing is here, and nothing can be had, what to type', async () => {
    const { look } = await home({});
    const { ok, checks } = await look();
    expect(ok).toBe(false);
    expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'Node ok',
      'nats-server missing',
      'nats missing',
      'Go missing',
      'Docker missing',
      'Docker engine missing',
      'cache ok',
    ]);
    expect(named(checks, 'nats-server')?.detail).toMatch(
      /^nats-server >=2\.10: every run needs it; its release cannot be had \(.*ECONNREFUSED.*\), and there is no Go$/,
    );
    expect(named(checks, 'nats-server')?.advice).toContain(`go install github.com/nats-io/nats-server/v2@v${NATS_SERVER.version}`);
    expect(named(checks, 'nats')?.advice).toContain('LOCKERROOM_NATS=/path/to/nats');
  });

  test('says that what is missing can be installed, and installs nothing', async () => {
    const platforms = ['linux', 'darwin'].flatMap((os) => ['amd64', 'arm64'].map((arch) => [os, arch]));
    const sums = platforms.map(([os = '', arch = '']) => `${'0'.repeat(64)}  ${NATS_SERVER.archive(NATS_SERVER.version, os, arch)}\n`).join('');
    const { folder, look } = await home({ go: GO }, sums);
    const { ok, checks } = await look();
    expect(ok).toBe(true);
    expect(named(checks, 'nats-server')).toMatchObject({
      status: 'missing',
      advice: `\`lockerroom run\` installs nats-server ${NATS_SERVER.version} from its release into the cache`,
    });
    expect(named(checks, 'nats')).toMatchObject({ advice: `\`lockerroom run --twin require\` installs nats ${NATS.version} with Go into the cache` });
    expect(await readdir(folder)).toEqual(['bin']);
  });

  test('passes over what does not suit, and says why', async () => {
    const { folder, look } = await home({ 'nats-server': answers('2.9.0'), nats: 'exit 1', go: 'echo broken >&2; exit 2', docker: 'exec sleep 600' });
    const { ok, checks } = await look({ node: { ...node, version: '20.19.0' } });
    expect(ok).toBe(false);
    expect(checks.map(({ name, status, detail }) => [name, status, detail?.split('\n')[0]])).toEqual([
      ['Node', 'unsuitable', '>=22.18 is needed'],
      ['nats-server', 'unsuitable', `${folder}/bin/nats-server (on the PATH) is passed over: it is version 2.9.0, and >=2.10 is needed.`],
      ['nats', 'unsuitable', `${folder}/bin/nats (on the PATH) is passed over: --version ended with exit code 1.`],
      ['Go', 'unsuitable', `\`${folder}/bin/go version\` ended with exit code 2: broken`],
      ['Docker', 'unsuitable', `\`${folder}/bin/docker --version\` did not answer within 1 s`],
      ['Docker engine', 'missing', `\`${folder}/bin/docker version --format {{.Server.Version}}\` did not answer within 1 s`],
      ['cache', 'ok', 'holds nothing'],
    ]);
  });

  test('takes an old Node for a reason not to run, though the server is here', async () => {
    const { look } = await home({ 'nats-server': answers('2.15.2') });
    expect((await look()).ok).toBe(true);
    expect((await look({ node: { ...node, version: '22.17.9' } })).ok).toBe(false);
  });

  test('knows a Docker whose engine does not run', async () => {
    const { look } = await home({
      docker: `[ "$1" = --version ] && echo 'Docker version 20.10.24+dfsg1, build 297e128' || { echo; echo 'Cannot connect' >&2; exit 1; }`,
    });
    const { checks } = await look();
    expect(named(checks, 'Docker')).toMatchObject({ status: 'ok', version: '20.10.24+dfsg1' });
    expect(named(checks, 'Docker engine')).toMatchObject({
      status: 'missing',
      detail: expect.stringContaining('Cannot connect'),
      advice: expect.stringContaining('start'),
    });
  });

  test('says what the cache holds, and why it cannot be written: then nothing can be installed', async () => {
    const { folder, look } = await home({ go: GO });
    const cache = join(folder, '.cache/lockerroom');
    await program(join(cache, 'nats-server-v2.15.2'), answers('2.15.2'));
    await program(join(cache, 'nats-v0.5.1'), 'echo v0.5.1');
    const { ok, checks } = await look();
    expect({ ok, detail: named(checks, 'cache')?.detail }).toEqual({ ok: true, detail: 'holds nats-server-v2.15.2, nats-v0.5.1' });

    await writeFile(join(folder, 'file'), '');
    const other = await look({ env: { XDG_CACHE_HOME: join(folder, 'file') } });
    expect(other.ok).toBe(false);
    expect(named(other.checks, 'cache')).toMatchObject({ status: 'unsuitable', advice: expect.stringContaining('XDG_CACHE_HOME') });
    expect(named(other.checks, 'nats-server')?.detail).toContain('cannot be written');
  });
});
