/** The `nats` CLI: found as the server is, and installed from a zip. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/errors.ts';
import { askVersion } from '../../../src/server/ask-version.ts';
import { findNats, findServer, lookFor, lookForNats } from '../../../src/server/find.ts';
import { NATS } from '../../../src/server/version.ts';
import { answers, closedAddress, mirror, program, type Route, sha256, temporaryFolder } from './fakes.ts';

const { version } = NATS;
const script = `#!/bin/sh\necho v${version}\n`;

/** A release's archive, as the project packs it. */
const zip = (name: string, content: string) =>
  Buffer.from(zipSync({ 'nats-0/': new Uint8Array(), 'nats-0/README.md': strToU8('read me'), [`nats-0/${name}`]: strToU8(content) }));

/** A home with an empty PATH, whose downloads come from a mirror with these files; without any, from nowhere. */
async function home(files?: { sum?: string; archive?: Route }) {
  const folder = await temporaryFolder();
  const sums = (sum: string) =>
    ['linux', 'darwin'].flatMap((os) => ['amd64', 'arm64', 'arm7', 's390x'].map((arch) => `${sum}  ${NATS.archive(version, os, arch)}\n`)).join('');
  const served = files && (await mirror((file) => (file === 'SHA256SUMS' ? sums(files.sum ?? '') : (files.archive ?? null))));
  const env = { HOME: folder, PATH: join(folder, 'bin'), LOCKERROOM_NATS_CLI_DOWNLOADS: served?.url ?? (await closedAddress()) };
  const told: string[] = [];
  const find = (more: NodeJS.ProcessEnv = {}) => findNats({ env: { ...env, ...more }, onProgress: (text) => told.push(text) });
  return { folder, env, find, told, cache: join(folder, '.cache/lockerroom'), asked: served?.asked };
}

async function failure(promise: Promise<unknown>): Promise<{ message: string; advice: string | null }> {
  const error: unknown = await promise.then(
    () => null,
    (rejection: unknown) => rejection,
  );
  if (!(error instanceof ProblemError)) throw error ?? new Error('it was found');
  expect(error.problem.code).toBe('server');
  return error.problem;
}

describe('a nats is looked for', () => {
  test('in $LOCKERROOM_NATS, then on the PATH, then in the cache; a nats-server is none', async () => {
    const { folder, env, find, cache } = await home();
    await program(join(cache, 'nats-server-v2.15.2'), answers('2.15.2'));
    expect(await lookForNats({ env })).toBe(null);
    const cached = await program(join(cache, 'nats-v0.4.0'), 'echo v0.4.0');
    expect(await find()).toEqual({ path: cached, version: '0.4.0' });
    expect(await findServer({ env, onProgress: () => {} })).toMatchObject({ version: '2.15.2' });
    const onPath = await program(join(folder, 'bin/nats'), 'echo 0.5.0');
    expect(await find()).toEqual({ path: onPath, version: '0.5.0' });
    const named = await program(join(folder, 'my nats'), 'echo v0.6.1');
    expect(await find({ LOCKERROOM_NATS: named })).toEqual({ path: named, version: '0.6.1' });
  });

  test('and one that is too old, or does not say how old it is, is passed over', async () => {
    const { folder, env } = await home();
    const old = await program(join(folder, 'a/nats'), 'echo 0.1.6');
    const built = await program(join(folder, 'b/nats'), 'echo development');
    expect(await lookFor(NATS, { env: { ...env, PATH: `${join(folder, 'a')}:${join(folder, 'b')}` } })).toEqual({
      found: null,
      passedOver: [
        `${old} (on the PATH) is passed over: it is version 0.1.6, and >=0.4 is needed.`,
        `${built} (on the PATH) is passed over: --version printed "development", which is no version of nats.`,
      ],
    });
  });

  test.each([
    ['v0.5.1', { version: '0.5.1' }],
    ['0.5.1', { version: '0.5.1' }],
    // `go install …@main`.
    ['v0.5.2-0.20261101120000-0a24703a2568', { version: '0.5.2-0.20261101120000-0a24703a2568' }],
    ['(devel)', { reason: '--version printed "(devel)", which is no version of nats' }],
    ['nats-server: v2.15.2', { reason: '--version printed "nats-server: v2.15.2", which is no version of nats' }],
  ])('whose version reads %s', async (line, answer) => {
    expect(await askVersion(NATS, await program(join(await temporaryFolder(), 'nats'), `echo '${line}'`))).toEqual(answer);
  });
});

describe('where there is no nats, the release', () => {
  test('is unpacked from its zip, checked and installed', async () => {
    const archive = zip('nats', script);
    const { find, cache, asked, told } = await home({ sum: sha256(archive), archive });
    const path = join(cache, `nats-v${version}`);
    expect(await find()).toEqual({ path, version });
    expect(await readdir(cache)).toEqual([`nats-v${version}`]);
    expect(await readFile(path, 'utf8')).toBe(script);
    expect(asked).toEqual([`/v${version}/SHA256SUMS`, expect.stringMatching(/^\/v[\d.]+\/nats-\d+\.\d+\.\d+-\w+-\w+\.zip$/)]);
    expect(told).toEqual([expect.stringMatching(/^Installing nats .*\.zip$/), `nats ${version} is installed: ${path}`]);
  });

  test.each<[what: string, archive: Buffer, sum: string | null, reason: RegExp]>([
    ['with another sum', zip('nats', script), '0'.repeat(64), /is not what was published and is not used/],
    ['that is no zip', Buffer.from('hello'), null, /invalid zip data\.$/],
    ['that is cut off', zip('nats', script).subarray(0, 200), null, /invalid zip data\.$/],
    ['without the program', zip('nats.exe', script), null, /there is no file nats in the release's archive\.$/],
    ['whose program is another version', zip('nats', '#!/bin/sh\necho v0.4.9\n'), null, /what was installed is version 0\.4\.9, not \d/],
  ])('%s is not installed, and that is said with what to type', async (_, archive, sum, reason) => {
    const { find, cache } = await home({ sum: sum ?? sha256(archive), archive });
    const { message, advice } = await failure(find());
    const [first, fromRelease, withGo] = message.split('\n  ');
    expect(first).toBe('There is no nats >=0.4 here, and none could be installed.');
    expect(fromRelease).toMatch(reason);
    expect(withGo).toBe('Not installed with Go: there is no go on the PATH.');
    expect(advice).toContain(`go install github.com/nats-io/natscli/nats@v${version}`);
    expect(advice).toContain('LOCKERROOM_NATS=/path/to/nats');
    expect(await readdir(cache)).toEqual([]);
  });

  test('that cannot be reached gives way to Go', async () => {
    const { folder, find, cache, told } = await home();
    await mkdir(join(folder, 'bin'));
    await program(
      join(folder, 'bin/go'),
      `[ "$*" = "install github.com/nats-io/natscli/nats@v${version}" ] || exit 9
       printf '#!/bin/sh\\necho v${version}\\n' > "$GOBIN/nats"; chmod +x "$GOBIN/nats"`,
    );
    expect(await find()).toEqual({ path: join(cache, `nats-v${version}`), version });
    expect(told).toContainEqual(expect.stringMatching(/^Not installed from the release: .*ECONNREFUSED/));
  });
});
