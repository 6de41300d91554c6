import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/errors.ts';
import { install } from '../../../src/server/install.ts';
import { NATS_SERVER } from '../../../src/server/version.ts';
import { answers, archive, isThere, mirror, program, type Route, sha256, temporaryFolder, untilGone } from './fakes.ts';

const { version } = NATS_SERVER;
const good = archive('nats-server', `#!/bin/sh\n${answers(version)}\n`);

const platforms = ['linux', 'darwin', 'freebsd'].flatMap((os) =>
  ['amd64', 'arm64', 'arm7', '386', 's390x', 'ppc64le', 'riscv64', 'loong64'].map((arch) => [os, arch]),
);
const sums = (sum: string) => platforms.map(([os = '', arch = '']) => `${sum}  ${NATS_SERVER.archive(version, os, arch)}\n`).join('');

/** Installs from a mirror with these files (an archive is asked for by its true name) into a cache of its own. */
async function installing(files: { sums?: Route; archive?: Route }, options: { go?: string; signal?: AbortSignal; patience?: number } = {}) {
  const { patience = 8_000 } = options;
  const home = await temporaryFolder();
  const { url, asked } = await mirror((file) => (file === 'SHA256SUMS' ? files.sums : file.endsWith('.tar.gz') ? files.archive : null) ?? null);
  if (options.go !== undefined) await program(join(home, 'bin/go'), options.go);
  const told: string[] = [];
  const env = { HOME: home, PATH: join(home, 'bin'), LOCKERROOM_NATS_DOWNLOADS: `${url}/`, GOOS: 'plan9', NO_PROXY: '*' };
  const run = (more: { onProgress?: (text: string) => void } = {}) =>
    install(NATS_SERVER, {
      env,
      onProgress: (text) => told.push(text),
      limits: { connect: patience, stall: patience, retries: 1, backoff: 1, whole: 60_000 },
      ...(options.signal && { signal: options.signal }),
      ...more,
    });
  const cache = join(home, '.cache/lockerroom');
  return { home, url, asked, told, run, cache, inCache: () => readdir(cache) };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (rejection: unknown) => rejection,
  );
  if (!(error instanceof ProblemError)) throw error ?? new Error('it was installed');
  expect(error.problem.code).toBe('server');
  expect(error.problem.advice).toContain('go install');
  return error.problem.message;
}

describe('a release', () => {
  test('is checked against its published sum and installed', async () => {
    const { run, cache, inCache, asked, told, url } = await installing({ sums: sums(sha256(good)), archive: good });
    const path = join(cache, `nats-server-v${version}`);
    expect(await run()).toEqual({ path, version });
    expect(await inCache()).toEqual([`nats-server-v${version}`]);
    expect(await readFile(path, 'utf8')).toBe(`#!/bin/sh\n${answers(version)}\n`);
    expect(asked).toEqual([`//v${version}/SHA256SUMS`.slice(1), expect.stringMatching(/^\/v[\d.]+\/nats-server-v[\d.]+-\w+-\w+\.tar\.gz$/)]);
    expect(told).toEqual([expect.stringContaining(`from ${url}/v${version}/nats-server-v`), `nats-server ${version} is installed: ${path}`]);
  });

  test('is downloaded once however many install it at once', async () => {
    const { run, cache, inCache, asked, told } = await installing({ sums: sums(sha256(good)), archive: good });
    const paths = await Promise.all(Array.from({ length: 8 }, () => run()));
    expect(new Set(paths.map(({ path }) => path))).toEqual(new Set([join(cache, `nats-server-v${version}`)]));
    expect(await inCache()).toEqual([`nats-server-v${version}`]);
    expect(asked).toHaveLength(2);
    expect(told.filter((text) => text === `Another lockerroom is installing nats-server ${version}: it is waited for`)).toHaveLength(7);
  });

  test('is installed by the next one, where the one that is waited for fails', async () => {
    let failures = 0;
    const fails: Route = (_, response) => {
      failures++;
      response.writeHead(404).end();
    };
    const { run } = await installing({ sums: fails });
    const results = await Promise.allSettled([run(), run()]);
    expect([results.map(({ status }) => status), failures]).toEqual([['rejected', 'rejected'], 2]);
  });

  test('is waited for only as long as it is wanted', async () => {
    const unwanted = new AbortController();
    const reason = new Error('enough');
    const { run, cache } = await installing({ sums: sums(sha256(good)), archive: good }, { signal: unwanted.signal });
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, `.lock-nats-server-v${version}`), `${hostname()} ${process.pid} x`);
    await expect(run({ onProgress: () => unwanted.abort(reason) })).rejects.toBe(reason);
  });

  test('that breaks off is gone on with, and checked as a whole', async () => {
    const half = good.length >> 1;
    const inHalves: Route = ({ headers }, response) => {
      const { range } = headers;
      if (range === `bytes=${half}-`)
        response.writeHead(206, { etag: '"1"', 'content-range': `bytes ${half}-${good.length - 1}/${good.length}` }).end(good.subarray(half));
      else {
        response.writeHead(200, { etag: '"1"', 'content-length': good.length });
        response.write(good.subarray(0, half), () => setTimeout(() => response.destroy(), 20));
      }
    };
    const { run, told } = await installing({ sums: sums(sha256(good)), archive: inHalves });
    expect((await run()).version).toBe(version);
    expect(told[1]).toMatch(/\.tar\.gz: (?:aborted|socket hang up); again in 0\.001 s$/);
  });

  test.each<[what: string, files: { sums?: Route; archive?: Route }, reason: RegExp]>([
    [
      'with another sum',
      { sums: sums('0'.repeat(64)), archive: good },
      /is not what was published and is not used: its SHA-256 is [0-9a-f]{64}, the published one 0{64}\.$/,
    ],
    ['without sums', { archive: good }, /SHA256SUMS: the server answers 404 Not Found\.$/],
    [
      'with sums that are a page',
      { sums: '<html>Sign in</html>', archive: good },
      /there is no release for \w+ on \w+ \(nats-server-.*\.tar\.gz is not in .*SHA256SUMS\)\.$/,
    ],
    ['that is not there', { sums: sums(sha256(good)) }, /\.tar\.gz: the server answers 404 Not Found\.$/],
    [
      'that is cut off',
      {
        sums: sums(sha256(good)),
        archive: (_, response) => {
          response.writeHead(200, { 'content-length': good.length });
          response.write(good.subarray(0, 100), () => response.destroy());
        },
      },
      /\.tar\.gz: aborted\.$/,
    ],
    [
      'that is cut off without a word of its length',
      { sums: sums(sha256(good)), archive: (_, response) => void response.writeHead(200, { connection: 'close' }).end(good.subarray(0, 100)) },
      /is not what was published and is not used/,
    ],
    [
      'that stalls',
      { sums: sums(sha256(good)), archive: (_, response) => void response.writeHead(200, { 'content-length': good.length }).write(good.subarray(0, 100)) },
      /\.tar\.gz: nothing more arrived within 0\.3 s\.$/,
    ],
    ['whose server never answers', { sums: () => {} }, /SHA256SUMS: no answer within 0\.3 s\.$/],
    ['that is no archive', { sums: sums(sha256(Buffer.from('hello'))), archive: 'hello' }, /incorrect header check\.$/],
    [
      'without the program',
      (() => {
        const other = archive('nats', 'x');
        return { sums: sums(sha256(other)), archive: other };
      })(),
      /there is no file nats-server in the release's archive\.$/,
    ],
    [
      'whose program is another version',
      (() => {
        const other = archive('nats-server', `#!/bin/sh\n${answers('2.14.0')}\n`);
        return { sums: sums(sha256(other)), archive: other };
      })(),
      /what was installed is version 2\.14\.0, not 2\.\d+\.\d+\.$/,
    ],
    [
      'whose program does not run',
      (() => {
        const other = archive('nats-server', '#!/bin/sh\nexit 3\n');
        return { sums: sums(sha256(other)), archive: other };
      })(),
      /what was installed does not run: --version ended with exit code 3\.$/,
    ],
  ])('%s is not installed, and that is said', async (what, files, reason) => {
    const { run, inCache, told } = await installing(files, /stalls|never answers/.test(what) ? { patience: 300 } : {});
    const [, fromRelease, withGo] = (await failure(run())).split('\n  ');
    expect(fromRelease).toMatch(/^Not installed from the release: /);
    expect(fromRelease).toMatch(reason);
    expect(withGo).toBe('Not installed with Go: there is no go on the PATH.');
    expect(told).toContain(fromRelease);
    expect(await inCache()).toEqual([]);
  });

  test('that takes longer than a second tells how far it is', async () => {
    const large = archive('nats-server', `#!/bin/sh\n${answers(version)}\nexit\n${Array.from({ length: 90_000 }, Math.random).join('\n')}`);
    const half = large.length >> 1;
    const slow: Route = (_, response) => {
      response.writeHead(200, { 'content-length': large.length }).write(large.subarray(0, half));
      let sent = half;
      const timer = setInterval(() => {
        response.write(large.subarray(sent, sent + 1));
        sent += 1;
        if (sent < half + 6) return;
        clearInterval(timer);
        response.end(large.subarray(sent));
      }, 200);
    };
    const { run, told } = await installing({ sums: sums(sha256(large)), archive: slow });
    await run();
    expect(told[1]).toMatch(/^nats-server 2\.\d+\.\d+: (49|50) % of 0\.\d MB$/);
    expect(told.length).toBeLessThanOrEqual(4);
  });

  test('is dropped when it is no longer wanted', async () => {
    const unwanted = new AbortController();
    const reason = new Error('enough');
    const { run, inCache } = await installing({ sums: () => unwanted.abort(reason) }, { signal: unwanted.signal, go: 'echo go was asked; exit 1' });
    await expect(run()).rejects.toBe(reason);
    expect(await inCache()).toEqual([]);
  });

  test('leaves what another installation is at, and removes what one left that was killed', async () => {
    const { run, cache, inCache } = await installing({ sums: sums(sha256(good)), archive: good });
    await mkdir(join(cache, '.partial-young'), { recursive: true });
    await mkdir(join(cache, '.partial-old'));
    await writeFile(join(cache, '.partial-old/nats-server'), 'half');
    const longAgo = new Date(Date.now() - 48 * 3_600_000);
    await utimes(join(cache, '.partial-old'), longAgo, longAgo);
    await run();
    expect((await inCache()).sort()).toEqual(['.partial-young', `nats-server-v${version}`]);
  });

  test('is not taken from an address of another kind', async () => {
    const home = await temporaryFolder();
    const env = { HOME: home, PATH: '', LOCKERROOM_NATS_DOWNLOADS: '/srv/mirror' };
    expect(await failure(install(NATS_SERVER, { env, onProgress: () => {} }))).toContain('LOCKERROOM_NATS_DOWNLOADS is no http or https address: /srv/mirror');
  });
});

describe('where there is no release, Go', () => {
  /** A `go` that builds a script, as `go install` does: into GOBIN. */
  const builds = (more = '') => `
    ${more}
    [ "$CGO_ENABLED" = 0 ] && [ -z "$GOOS" ] && [ "$*" = "install github.com/nats-io/nats-server/v2@v${version}" ] || exit 9
    printf '#!/bin/sh\\n${answers(version)}\\n' > "$GOBIN/nats-server"
    chmod +x "$GOBIN/nats-server"`;

  test('builds the pinned version into the cache', async () => {
    const { run, told, cache, inCache } = await installing({}, { go: builds('echo go: downloading some/module v1 >&2') });
    expect(await run()).toEqual({ path: join(cache, `nats-server-v${version}`), version });
    expect(await inCache()).toEqual([`nats-server-v${version}`]);
    expect(told).toEqual([
      expect.stringContaining('Installing'),
      expect.stringMatching(/^Not installed from the release: .*404/),
      `Building nats-server ${version}: go install github.com/nats-io/nats-server/v2@v${version}`,
      'go: downloading some/module v1',
      expect.stringContaining('is installed'),
    ]);
  });

  test('takes over from a release whose sum is wrong, which is said', async () => {
    const { run, told } = await installing({ sums: sums('0'.repeat(64)), archive: good }, { go: builds() });
    expect((await run()).version).toBe(version);
    expect(told).toContainEqual(expect.stringMatching(/is not what was published and is not used/));
  });

  test('that fails is quoted', async () => {
    const { run, inCache } = await installing({}, { go: 'echo go: no network >&2; exit 1' });
    expect(await failure(run())).toMatch(/Not installed with Go: go install \S+ ended with exit code 1\n {4}go: no network\.$/);
    expect(await inCache()).toEqual([]);
  });

  test('that builds nothing is no success', async () => {
    const { run, inCache } = await installing({}, { go: 'exit 0' });
    expect(await failure(run())).toContain('Not installed with Go: ENOENT');
    expect(await inCache()).toEqual([]);
  });

  test('is killed with all its children when it is no longer wanted', async () => {
    const unwanted = new AbortController();
    const { run, home, inCache } = await installing({}, { signal: unwanted.signal, go: `sleep 600 & echo $! > "$HOME/pid"; echo building >&2; wait` });
    const onProgress = (text: string) => {
      if (text === 'building') unwanted.abort();
    };
    await expect(run({ onProgress })).rejects.toMatchObject({ name: 'AbortError' });
    const pid = Number(await readFile(join(home, 'pid'), 'utf8'));
    await untilGone(pid);
    expect(isThere(pid)).toBe(false);
    expect(await inCache()).toEqual([]);
  });
});
