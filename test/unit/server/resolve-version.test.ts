/** What somebody types for a version → the version that is meant, in the light of what there is. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/errors.ts';
import { listVersions, obtainVersion, resolveVersion, resolveVersions } from '../../../src/server/resolve-version.ts';
import { answers, closedAddress, program, temporaryFolder } from './fakes.ts';

const LIST = { versions: ['2.9.25', '2.10.9', '2.10.27', '2.11.0-RC.1', '2.11.0', '2.11.1-binary'] };
const UNREAD = { unread: 'there is no go on the PATH that would tell' };

function problemOf(resolve: () => unknown) {
  try {
    resolve();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('it was resolved');
}

/** A home whose cache holds these versions, whose PATH holds this go, and from which nothing can be downloaded. */
async function home(cached: string[], go: string | null = null) {
  const folder = await temporaryFolder();
  for (const version of cached) await program(join(folder, `.cache/lockerroom/nats-server-v${version}`), answers(version));
  if (go !== null) await program(join(folder, 'bin/go'), go);
  return { HOME: folder, PATH: join(folder, 'bin'), LOCKERROOM_NATS_DOWNLOADS: await closedAddress() };
}

describe('2.10 is', () => {
  test('the newest release of 2.10 that there is: no release candidate, no 2.1, no 2.100', () => {
    expect(resolveVersion('2.10', LIST, ['2.10.9'])).toEqual({ asked: '2.10', version: '2.10.27', note: null, instead: '2.10.9' });
    expect(resolveVersion('2.11', LIST, []).version).toBe('2.11.0');
    expect(problemOf(() => resolveVersion('2.1', LIST, []))).toMatchObject({ code: 'usage', message: '--matrix: there is no nats-server 2.1' });
  });

  test('the newest that is known or cached, where no list can be read; it says so', () => {
    expect(resolveVersion('2.10', UNREAD, ['2.10.99'])).toMatchObject({
      version: '2.10.99',
      note: expect.stringMatching(/may be a newer one, but there is no go/),
    });
  });

  test('a problem of the environment where nothing is known of it, and one of the command line where it is known not to be', () => {
    expect(problemOf(() => resolveVersion('2.98', UNREAD, [])).code).toBe('server');
    expect(problemOf(() => resolveVersion('2.98', LIST, []))).toMatchObject({ code: 'usage', advice: 'There are 2.10, 2.11.' });
  });
});

test('a whole version is itself, and no list is read for it', async () => {
  const { wanted, problems } = await resolveVersions(['2.11.3', '2.12.0-RC.1'], { env: await home([], 'exit 70') });
  expect({ versions: wanted.map(({ version, note }) => [version, note]), problems }).toEqual({
    versions: [
      ['2.11.3', null],
      ['2.12.0-RC.1', null],
    ],
    problems: [],
  });
});

test('two names of one version are one', async () => {
  const { wanted } = await resolveVersions(['2.10', '2.10.99'], { env: await home(['2.10.99']) });
  expect(wanted.map(({ version }) => version)).toEqual(['2.10.99']);
});

describe('the list of versions is that of go', () => {
  test.each([
    ['what it prints', 'printf "v2.10.0\\nv2.11.0\\n"', { versions: ['2.10.0', '2.11.0'] }],
    ['without a network', 'echo "go: dial tcp: no route to host" >&2; exit 1', { unread: 'go list says "go: dial tcp: no route to host"' }],
    ['with nothing in it', 'true', { unread: 'go list says "nothing"' }],
  ])('%s', async (_, go, list) => {
    expect(await listVersions({ env: await home([], go) })).toEqual(list);
  });
});

test('what cannot be installed has a cached version of its minor in its place, which is said', async () => {
  const env = await home(['2.10.9']);
  const { server, note } = await obtainVersion(resolveVersion('2.10', LIST, ['2.10.9']), { env, onProgress: () => {} });
  expect([server.version, note]).toEqual(['2.10.9', '2.10.9 stands in for nats-server 2.10, because 2.10.27 could not be installed.']);
  await expect(obtainVersion(resolveVersion('2.10.27', LIST, ['2.10.9']), { env, onProgress: () => {} })).rejects.toThrow(/no nats-server 2\.10\.27 here/);
});
