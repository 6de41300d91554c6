/** `lockerroom run --matrix`: the same pages on one nats-server version after the other, a table and a document, and versions that are not here yet. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NATS_SERVER } from '../../src/server/version.ts';
import { hasPart, OLD_SERVER } from '../real-parts.ts';
import { serverBinary } from '../server/start.ts';
import { archive, closedAddress, mirror, type Route, sha256, temporaryFolder } from '../unit/server/fakes.ts';
import { type JsonReport, lockerroom, page } from './command.ts';

interface MatrixDocument extends Pick<JsonReport, 'lockerroom' | 'ok' | 'problems'> {
  matrix: (JsonReport & { asked: string; version: string })[];
}

const ok = page('```ts\nawait kvm.create("A");\nawait nc.close();\n```\n\n```yaml state\nbuckets: { A: {} }\n```\n');
const version = '```ts\nconsole.log(nc.info?.version);\nawait nc.close();\n```\n\n```text output\nVERSION\n```\n';

describe.runIf(await hasPart('nats-server-2.10'))('on real servers of two versions', () => {
  const both = ['run', '.', '--matrix', `${OLD_SERVER},${NATS_SERVER.version}`];
  const newest = NATS_SERVER.version;
  const files = { 'a.md': ok, 'b.md': `---\nserver: ">=2.11"\n---\n${ok}`, 'c.md': page(version.replace('VERSION', newest)) };

  test('the table says what passed, what was skipped for its range, and at which line a lesson failed', async () => {
    const { code, stdout, stderr } = await lockerroom(both, { files });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(`
      ${OLD_SERVER}   ${newest}
a.md  ✓         ✓
b.md  - >=2.11  ✓
c.md  ✗ 16      ✓
`);
    expect(stdout).toMatch(RegExp(`c\\.md:16:1: .*\\n.*\\n    - ${newest}\\n    \\+ ${OLD_SERVER}\\n`));
  });

  test('the document holds the run on each', async () => {
    const { code, stdout, stderr } = await lockerroom([...both, '--reporter', 'json', '--quiet'], { files: { ...files, 'bad.md': '```ts stp\n```\n' } });
    const { ok, matrix, problems } = JSON.parse(stdout) as MatrixDocument;
    expect({ code, ok, problems }).toMatchObject({ code: 2, ok: false, problems: [{ file: 'bad.md', line: 1 }] });
    expect(stderr).toMatch(/^bad\.md:1:7: .*\n.*\n$/);
    expect(matrix.map(({ asked, server, ok, lessons, problems }) => [asked, server?.version, ok, lessons.map(({ status }) => status), problems])).toEqual([
      [OLD_SERVER, OLD_SERVER, false, ['passed', 'skipped', 'failed'], []],
      [newest, newest, true, ['passed', 'passed', 'passed'], []],
    ]);
  });

  test('--bail ends with the version on which something failed', async () => {
    const { stdout } = await lockerroom([...both, '--bail', '--reporter', 'json'], { files });
    expect((JSON.parse(stdout) as MatrixDocument).matrix.map((one) => one.version)).toEqual([OLD_SERVER]);
  });
});

/** A home with nothing in it, whose releases are the real nats-server that calls itself by the version that was asked for. */
async function withMirror(routeOf: (version: string, release: Buffer) => Route | null) {
  const { path } = await serverBinary();
  const program = (version: string) => `#!/bin/sh\n[ "$1" = --version ] && { echo "nats-server: v${version}"; exit; }\nexec '${path}' "$@"\n`;
  const releases = new Map(['2.12.90', '2.14.90'].map((one) => [one, archive('nats-server', program(one))]));
  const platforms = ['linux', 'darwin'].flatMap((os) => ['amd64', 'arm64'].map((arch) => [os, arch] as const));
  const sums = [...releases].flatMap(([one, data]) => platforms.map(([os, arch]) => `${sha256(data)}  ${NATS_SERVER.archive(one, os, arch)}\n`));
  const { url } = await mirror((file) => {
    const one = /v(2\.\d+\.90)/.exec(file)?.[1] ?? '';
    const release = releases.get(one);
    return file === 'SHA256SUMS' ? sums.join('') : release === undefined ? null : routeOf(one, release);
  });
  const home = await temporaryFolder();
  return { home, env: { HOME: home, XDG_CACHE_HOME: join(home, 'cache'), LOCKERROOM_NATS_SERVER: '', LOCKERROOM_NATS_DOWNLOADS: url, PATH: process.env.PATH } };
}

describe('versions that are not here yet', () => {
  test('are installed side by side, and say how far they are', async () => {
    // Neither is sent before both are asked for.
    const waiting = new Map<string, () => void>();
    const { home, env } = await withMirror((one, release) => (_, response) => {
      waiting.set(one, () => response.end(release));
      if (waiting.size === 2) for (const send of waiting.values()) send();
    });
    const { code, stdout, stderr } = await lockerroom(['run', 'a.md', '--matrix', '2.12.90,2.14.90', '--reporter', 'json'], { files: { 'a.md': ok }, env });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as MatrixDocument).matrix.map((one) => [one.server?.version, one.ok])).toEqual([
      ['2.12.90', true],
      ['2.14.90', true],
    ]);
    expect(stderr).toMatch(/^Installing nats-server 2\.1[24]\.90 from http/m);
    for (const one of ['2.12.90', '2.14.90']) expect(await readFile(join(home, `cache/lockerroom/nats-server-v${one}`), 'utf8')).toContain(one);
  });

  test('one that cannot be had is exit 3 and one sentence; the lessons run on the others', async () => {
    const { env } = await withMirror((one, release) => (one === '2.14.90' ? release : null));
    const { code, stdout, stderr } = await lockerroom(['run', 'a.md', '--matrix', '2.12.90,2.14.90'], {
      files: { 'a.md': ok },
      env: { ...env, PATH: '/usr/bin:/bin', GOPROXY: 'off' },
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^lockerroom: There is no nats-server 2\.12\.90 here, and none could be installed\.$/m);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toContain(`
      2.12.90  2.14.90
a.md  - a      ✓
`);
  });

  test('of a minor version of which nothing can be known, that is said: exit 3; the lessons run on the others', async () => {
    const { env } = await withMirror((_, release) => release);
    const { code, stdout, stderr } = await lockerroom(['run', 'a.md', '--matrix', '2.98,2.14.90', '--reporter', 'json'], {
      files: { 'a.md': ok },
      env: { ...env, PATH: '/usr/bin:/bin', GOPROXY: 'off' },
    });
    const { matrix, problems } = JSON.parse(stdout) as MatrixDocument;
    expect(code).toBe(3);
    expect(stderr).toMatch(/^lockerroom: --matrix: which nats-server 2\.98 there is cannot be known, because /m);
    expect(problems).toMatchObject([{ code: 'server', message: expect.stringContaining('2.98') }]);
    expect(matrix.map((one) => one.version)).toEqual(['2.14.90']);
  });
});

test('Ctrl-C during an installation: exit 130, and nothing half done in the cache', async () => {
  let asked: () => void = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { home, env } = await withMirror(() => () => asked());
  const { code, stderr } = await lockerroom(['run', 'a.md', '--matrix', '2.12.90'], {
    files: { 'a.md': ok },
    env: { ...env, GOPROXY: await closedAddress() },
    during: (child) => void isAsked.then(() => child.kill('SIGINT')),
  });
  expect(code).toBe(130);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(existsSync(join(home, 'cache/lockerroom/nats-server-v2.12.90'))).toBe(false);
});
