import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/errors.ts';
import { askVersion } from '../../../src/server/ask-version.ts';
import { findServer } from '../../../src/server/find.ts';
import { NATS_SERVER } from '../../../src/server/version.ts';
import { answers, closedAddress, program, temporaryFolder } from './fakes.ts';

/** A home with an empty PATH and a network that is closed. */
async function home() {
  const folder = await temporaryFolder();
  const env = { HOME: folder, PATH: join(folder, 'bin'), LOCKERROOM_NATS_DOWNLOADS: await closedAddress() };
  const told: string[] = [];
  const find = (more: { env?: NodeJS.ProcessEnv; range?: string } = {}) =>
    findServer({ ...more, env: { ...env, ...more.env }, onProgress: (text) => told.push(text) });
  return { folder, find, told };
}

const problemOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => null,
    (rejection: unknown) => rejection,
  );
  if (!(error instanceof ProblemError)) throw error ?? new Error('it was found');
  return error.problem;
};

describe('a nats-server is looked for', () => {
  test('in $LOCKERROOM_NATS_SERVER, then on the PATH, then in the cache', async () => {
    const { folder, find, told } = await home();
    const cached = await program(join(folder, '.cache/lockerroom/nats-server-v2.11.0'), answers('2.11.0'));
    expect(await find()).toEqual({ path: cached, version: '2.11.0' });
    const onPath = await program(join(folder, 'bin/nats-server'), answers('2.12.0'));
    expect(await find()).toEqual({ path: onPath, version: '2.12.0' });
    const named = await program(join(folder, 'my server'), answers('2.13.0'));
    expect(await find({ env: { LOCKERROOM_NATS_SERVER: named } })).toEqual({ path: named, version: '2.13.0' });
    expect(told).toEqual([]);
  });

  test('in every folder of the PATH, and never in the current one by an empty part', async () => {
    const { folder, find, told } = await home();
    const old = await program(join(folder, 'a/nats-server'), answers('2.9.25'));
    const good = await program(join(folder, 'b/nats-server'), answers('2.10.27'));
    expect(await find({ env: { PATH: `:${join(folder, 'none')}::${join(folder, 'a')}:${join(folder, 'b')}` } })).toEqual({ path: good, version: '2.10.27' });
    expect(told).toEqual([`${old} (on the PATH) is passed over: it is version 2.9.25, and >=2.10 is needed.`]);
  });

  test('in $XDG_CACHE_HOME, the newest first; what is no version is nothing', async () => {
    const { folder, find } = await home();
    const cache = join(folder, 'xdg/lockerroom');
    for (const version of ['2.9.9', '2.10.9', '2.10.10']) await program(join(cache, `nats-server-v${version}`), answers(version));
    await program(join(cache, 'nats-server-vnext'), answers('99.0.0'));
    await program(join(cache, '.partial-123456/nats-server'), answers('99.0.0'));
    expect(await find({ env: { XDG_CACHE_HOME: join(folder, 'xdg') } })).toEqual({ path: join(cache, 'nats-server-v2.10.10'), version: '2.10.10' });
  });

  test.each([
    ['2.10.0', '>=2.10', true],
    ['2.10.0-RC.1', '>=2.10', true],
    ['2.16.0-dev', '>=2.10', true],
    ['2.9.99', '>=2.10', false],
    ['2.10.27', '>=2.11', false],
    ['2.15.2', '2.10 - 2.12 || >=2.15', true],
  ])('and version %s suits %s: %s', async (version, range, suits) => {
    const { folder, find } = await home();
    const path = await program(join(folder, 'bin/nats-server'), answers(version));
    if (suits) expect(await find({ range })).toEqual({ path, version });
    else expect((await problemOf(find({ range }))).message).toContain(`it is version ${version}, and ${range} is needed`);
  });

  test('and where the one that can be installed does not suit either, nothing is installed', async () => {
    const { folder, find, told } = await home();
    await program(join(folder, 'bin/nats-server'), answers('2.15.2'));
    const problem = await problemOf(find({ range: '<2.10' }));
    expect(problem).toMatchObject({ code: 'server', advice: expect.stringContaining('LOCKERROOM_NATS_SERVER') });
    expect(problem.message).toMatch(/^No nats-server of version <2\.10 is here, and the one that could be installed is \d+\.\d+\.\d+\.\n/);
    expect(told).toHaveLength(1);
  });

  test('and where none is to be had, one message says why and what to type', async () => {
    const { folder, find } = await home();
    await program(join(folder, 'bin/nats-server'), 'exit 1');
    const problem = await problemOf(find({ env: { LOCKERROOM_NATS_SERVER: join(folder, 'gone') } }));
    expect(problem.code).toBe('server');
    expect(problem.message.split('\n  ')).toEqual([
      'There is no nats-server >=2.10 here, and none could be installed.',
      `${join(folder, 'gone')} ($LOCKERROOM_NATS_SERVER) is passed over: it is not there, or what runs it is not.`,
      `${join(folder, 'bin/nats-server')} (on the PATH) is passed over: --version ended with exit code 1.`,
      expect.stringMatching(/^Not installed from the release: http:.*ECONNREFUSED/),
      'Not installed with Go: there is no go on the PATH.',
    ]);
    expect(problem.advice).toContain(`go install github.com/nats-io/nats-server/v2@v${NATS_SERVER.version}`);
    expect(problem.advice).toContain('LOCKERROOM_NATS_SERVER=/path/to/nats-server');
  });

  test('and a home that cannot be written is said', async () => {
    const { folder, find } = await home();
    await writeFile(join(folder, 'file'), '');
    const problem = await problemOf(find({ env: { XDG_CACHE_HOME: join(folder, 'file') } }));
    expect(problem.message).toContain('The cache cannot be written, so nothing can be installed: ENOTDIR');
  });

  test('until it is no longer wanted', async () => {
    const { folder } = await home();
    await program(join(folder, 'bin/nats-server'), 'sleep 600');
    const signal = AbortSignal.timeout(100);
    const finding = findServer({ env: { HOME: folder, PATH: join(folder, 'bin') }, onProgress: () => {}, signal });
    await expect(finding).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('what is no nats-server is of no use:', () => {
  const ask = async (body: string) => askVersion(NATS_SERVER, await program(join(await temporaryFolder(), 'nats-server'), body), { limit: 300 });

  test.each([
    ['echo nats-server: v2.15.2', { version: '2.15.2' }],
    ['echo warning >&2; echo nats-server: 2.15.2-dev+abc', { version: '2.15.2-dev+abc' }],
    ['exit 1', { reason: '--version ended with exit code 1' }],
    ['echo; echo broken library >&2; exit 127', { reason: '--version ended with exit code 127: broken library' }],
    ['kill -s SEGV $$', { reason: '--version ended with signal SIGSEGV' }],
    ['echo hello', { reason: '--version printed "hello", which is no version of nats-server' }],
    ['echo nats-server: v2', { reason: '--version printed "nats-server: v2", which is no version of nats-server' }],
    ['', { reason: '--version printed nothing' }],
    ['sleep 600', { reason: 'it did not answer --version within 0.3 s' }],
    ['yes', { reason: 'it did not answer --version within 0.3 s' }],
  ])('%s', async (body, answer) => {
    expect(await ask(body)).toEqual(answer);
  });

  test('a file that may not be run, a folder, a file that is no program', async () => {
    const folder = await temporaryFolder();
    const path = await program(join(folder, 'nats-server'), answers('2.15.2'));
    await chmod(path, 0o644);
    const notAllowed = { reason: 'it may not be run (is it a program, with the right to execute?)' };
    expect(await askVersion(NATS_SERVER, path)).toEqual(notAllowed);
    await mkdir(join(folder, 'folder'));
    expect(await askVersion(NATS_SERVER, join(folder, 'folder'))).toEqual(notAllowed);
    await writeFile(path, Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0));
    await chmod(path, 0o755);
    expect(await askVersion(NATS_SERVER, path)).toMatchObject({ reason: expect.stringMatching(/no program for this system|exit code/) });
    await writeFile(path, '#!/no/such/interpreter\n');
    expect(await askVersion(NATS_SERVER, path)).toEqual({ reason: 'it is not there, or what runs it is not' });
  });
});
