import { readdir, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ProblemError } from '../../../src/errors.ts';
import { startLocalServer } from '../../../src/server/local.ts';
import { openRunFolder } from '../../../src/server/run-folder.ts';
import { program, temporaryFolder, untilGone } from './fakes.ts';

/** Starts a program in the place of nats-server; gives the problem, after it has looked for what is left of the attempt. */
async function problemOf(body: string, limit = 5_000) {
  const home = await temporaryFolder();
  vi.stubEnv('TMPDIR', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  const path = await program(join(home, 'nats-server'), `echo $$ > ${home}/pid\n${body}`);
  const folder = await openRunFolder();
  const error: unknown = await startLocalServer({ binary: { path, version: '2.15.2' }, folder, limit }).then(
    () => null,
    (rejection: unknown) => rejection,
  );
  expect(await readdir(folder.path)).toEqual(['alive']);
  await untilGone(Number(await readFile(join(home, 'pid'), 'utf8')));
  await folder.close();
  expect((await readdir(home)).sort()).toEqual(['nats-server', 'pid']);
  if (!(error instanceof ProblemError)) throw error ?? new Error('it started');
  expect(error.problem).toMatchObject({ code: 'server', advice: expect.stringContaining('LOCKERROOM_NATS_SERVER') });
  return error.problem.message.replace(path, 'PATH');
}

const log = (text: string) => `echo '[7] 2026/11/23 08:02:20.132843 [INF] ${text}' >&2`;

describe('a server that does not start', () => {
  test.each<[what: string, body: string, reason: string, log: string[]]>([
    ['ends with an exit code', 'exit 1', 'it ended before it was ready, with exit code 1.', []],
    ['ends well', 'exit 0', 'it ended before it was ready, with exit code 0.', []],
    ['is killed', 'kill -s KILL $$', 'it ended before it was ready, with signal SIGKILL.', []],
    [
      'cannot write its store',
      `${log('Starting')}; echo "[7] 2026/11/23 08:02:20.132843 [FTL] Can't start JetStream: permission denied" >&2; exit 1`,
      'it ended before it was ready, with exit code 1. Its log:',
      ["[FTL] Can't start JetStream: permission denied"],
    ],
    [
      'does not know our flags',
      'printf "flag provided but not defined: -js\\n\\nUsage: nats-server [options]\\n\\n" >&2; for i in 1 2 3 4 5; do echo "    -$i"; done >&2; exit 1',
      'it ended before it was ready, with exit code 1. Its log:',
      ['flag provided but not defined: -js'],
    ],
    [
      'prints nonsense and ends',
      'echo one; printf "\\033[2Jtwo\\n\\nthree\\nfour" >&2; exit 2',
      'it ended before it was ready, with exit code 2. Its log:',
      ['two', 'three', 'four'],
    ],
  ])('because it %s', async (_, body, reason, lines) => {
    expect((await problemOf(body)).split('\n  ')).toEqual([`nats-server 2.15.2 (PATH) does not start: ${reason}`, ...lines]);
  });

  test.each([
    ['hangs without a word', 'sleep 600', []],
    ['floods its log', 'yes nonsense >&2', ['nonsense', 'nonsense', 'nonsense']],
    ['floods its log without a line end', 'cat /dev/zero | tr "\\0" x >&2', []],
    ['is ready without a port', `${log('Server is ready')}; sleep 600`, ['[INF] Server is ready']],
    [
      'listens somewhere else',
      `${log('Listening for client connections on 0.0.0.0:4222')}; sleep 600`,
      ['[INF] Listening for client connections on 0.0.0.0:4222'],
    ],
    [
      'has a port and is never ready',
      `${log('Listening for client connections on 127.0.0.1:4222')}; sleep 600`,
      ['[INF] Listening for client connections on 127.0.0.1:4222'],
    ],
  ])('because it %s', async (_, body, lines) => {
    const problem = await problemOf(body, 300);
    expect(problem.split('\n  ')).toEqual([
      `nats-server 2.15.2 (PATH) does not start: it was not ready within 0.3 s${lines.length > 0 ? '. Its log:' : '.'}`,
      ...lines,
    ]);
  });

  test.each([
    ['says that JetStream is off', 'INFO {"version":"2.15.2","jetstream":false}\r\n', 'it says that its JetStream is off'],
    ['says nothing of JetStream', 'INFO {"version":"2.15.2"}\r\n', 'it says that its JetStream is off'],
    ['is no NATS server', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'no NATS server answers'],
    ['greets with half a word', 'INFO {"version"\r\n', 'no NATS server answers'],
    ['floods its greeting', 'x'.repeat(100_000), 'no NATS server answers'],
    ['closes the connection', '', 'the connection was closed without a word'],
    ['never greets', null, 'it was not ready within 0.3 s'],
  ])('because what listens on its port %s', async (_, greeting, reason) => {
    const other = createServer((socket) => {
      socket.on('error', () => {});
      if (greeting !== null) socket.end(greeting);
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const body = `${log(`Listening for client connections on 127.0.0.1:${port}`)}; ${log('Server is ready')}; exec sleep 600`;
    expect(await problemOf(body, greeting === null ? 300 : 5_000)).toContain(reason);
  });

  test('because its port is closed', async () => {
    const body = `${log('Listening for client connections on 127.0.0.1:1')}; ${log('Server is ready')}; exec sleep 600`;
    expect(await problemOf(body)).toContain('it says that it is ready, but on its port 1 there is no connection: connect ECONNREFUSED');
  });
});

test('a program that is gone or no program, and a run that is over, are said', async () => {
  const home = await temporaryFolder();
  vi.stubEnv('TMPDIR', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  const folder = await openRunFolder();
  const start = (path: string) => startLocalServer({ binary: { path, version: '2.15.2' }, folder });
  await expect(start(join(home, 'none'))).rejects.toThrow(`nats-server 2.15.2 (${join(home, 'none')}) does not start: spawn`);
  await expect(start(home)).rejects.toThrow('EACCES');
  expect(await readdir(folder.path)).toEqual(['alive']);
  await folder.close();
  await expect(start(join(home, 'none'))).rejects.toThrow('its store cannot be made: ENOENT');
});
