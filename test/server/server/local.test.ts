import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager, StorageType } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ProblemError } from '../../../src/errors.ts';
import { startLocalServer } from '../../../src/server/local.ts';
import { openRunFolder } from '../../../src/server/run-folder.ts';
import { isThere, program, temporaryFolder, untilGone } from '../../unit/server/fakes.ts';
import { deadRun, startRunner } from '../../unit/server/runner.ts';
import { serverBinary, startTestServer, withServer } from '../start.ts';

let tmp = '';

beforeEach(async () => {
  tmp = await temporaryFolder();
  vi.stubEnv('TMPDIR', tmp);
  onTestFinished(() => void vi.unstubAllEnvs());
});

/** Uses the server as a step does, and gives what it tells its clients of itself. */
async function useServer(url: string) {
  const nc = await connect({ servers: url });
  try {
    const kv = await new Kvm(nc).create('Bucket1');
    await kv.put('locker.7', 'sweaty gym socks');
    expect((await kv.get('locker.7'))?.string()).toBe('sweaty gym socks');
    return { host: nc.info?.host, version: nc.info?.version, name: (nc.info as { server_name?: string } | undefined)?.server_name };
  } finally {
    await nc.close();
  }
}

const lossOf = (server: { onLost(listener: (reason: string) => void): void }) => new Promise<string>((resolve) => server.onLost(resolve));

describe('a private server', () => {
  test('has JetStream, an empty store of its own, and is on the loopback alone', async () => {
    await withServer(async (server, folder) => {
      expect(server.storeDir.startsWith(`${folder.path}/`)).toBe(true);
      expect(server.url).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
      const nc = await connect({ servers: server.url });
      expect((await (await jetstreamManager(nc)).getAccountInfo()).streams).toBe(0);
      await nc.close();
      const info = await useServer(server.url);
      expect(info).toMatchObject({ host: '127.0.0.1', name: 'lockerroom', version: server.version });
      expect(server.version).toBe((await serverBinary()).version);
      expect(await readdir(join(server.storeDir, 'jetstream/$G/streams'))).toEqual(['KV_Bucket1']);
      expect(server.lost()).toBe(null);
    });
    expect(await readdir(tmp)).toEqual([]);
  });

  test('is gone with its store when it is stopped, and that is no loss', async () => {
    const { server, folder, stop } = await startTestServer();
    let lost = false;
    server.onLost(() => {
      lost = true;
    });
    await useServer(server.url);
    await Promise.all([server.stop(), server.stop()]);
    expect(isThere(server.pid)).toBe(false);
    expect(existsSync(server.storeDir)).toBe(false);
    expect(await readdir(folder.path)).toEqual(['alive']);
    expect({ lost, sentence: server.lost() }).toEqual({ lost: false, sentence: 'The nats-server was stopped.' });
    await stop();
    expect(await readdir(tmp)).toEqual([]);
  });

  test('is one of many: ten started at once have ports and stores of their own', async () => {
    const folder = await openRunFolder();
    const binary = await serverBinary();
    const servers = await Promise.all(Array.from({ length: 10 }, (_, index) => startLocalServer({ binary, folder, name: `lesson ${index}` })));
    expect(new Set(servers.map(({ url }) => url)).size).toBe(10);
    expect(new Set(servers.map(({ storeDir }) => storeDir)).size).toBe(10);
    const infos = await Promise.all(servers.map(({ url }) => useServer(url)));
    expect(infos.map(({ name }) => name)).toEqual(servers.map((_, index) => `lesson-${index}`));
    await folder.close();
    expect(servers.map(({ pid }) => isThere(pid))).toEqual(servers.map(() => false));
    expect(await readdir(tmp)).toEqual([]);
  });

  test('is not reached by a signal to the group of its runner', async () => {
    await withServer(async (server) => {
      const group = /^\d+ \(.*\) \w \d+ (\d+) (\d+)/s.exec(await readFile(`/proc/${server.pid}/stat`, 'utf8').catch(() => ''));
      if (group !== null) expect([Number(group[1]), Number(group[2])]).toEqual([server.pid, server.pid]);
      else expect(process.platform).not.toBe('linux');
    });
  });

  test.each([
    ['SIGKILL', /^The nats-server was lost: it ended with signal SIGKILL\.$/],
    ['SIGTERM', /^The nats-server was lost: it ended with (exit code \d|signal SIGTERM)\.$/],
    ['SIGQUIT', /^The nats-server was lost: it ended with /],
  ] as const)('that is ended by %s from outside is lost, and says so', async (signal, sentence) => {
    await withServer(async (server) => {
      const loss = lossOf(server);
      process.kill(server.pid, signal);
      expect(await loss).toMatch(sentence);
      expect(server.lost()).toMatch(sentence);
      expect(await lossOf(server)).toBe(server.lost());
      await server.stop();
      expect(server.lost()).toMatch(sentence);
      expect(existsSync(server.storeDir)).toBe(false);
    });
    expect(await readdir(tmp)).toEqual([]);
  });

  test('that is lost leaves room for a fresh one in the same run', async () => {
    await withServer(async (server, folder) => {
      await useServer(server.url);
      const loss = lossOf(server);
      process.kill(server.pid, 'SIGKILL');
      await loss;
      await server.stop();
      const next = await startLocalServer({ binary: await serverBinary(), folder });
      expect((await useServer(next.url)).version).toBe(next.version);
      expect(next.lost()).toBe(null);
    });
  });

  test('may write a log without end', async () => {
    const { path, version } = await serverBinary();
    const loud = await program(join(tmp, 'loud'), `exec ${path} -DV "$@"`);
    const folder = await openRunFolder();
    const server = await startLocalServer({ binary: { path: loud, version }, folder });
    const nc = await connect({ servers: server.url });
    const kv = await new Kvm(nc).create('Bucket1', { storage: StorageType.Memory });
    for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 200 }, (_, index) => kv.put(`k${index}`, 'x'.repeat(500))));
    expect((await kv.status()).streamInfo.state.last_seq).toBe(4_000);
    await nc.close();
    await folder.close();
  });
});

describe('a server that does not start as it should', () => {
  test.each([
    ['"$@" --no-such-flag', 'flag provided but not defined: -no-such-flag'],
    ['"$@" -c /no/such/file', 'nats-server: open /no/such/file: no such file or directory'],
    ['"$@" -sd /dev/null/store', '[FTL]'],
    ['-a 127.0.0.1 -p -1', 'it says that its JetStream is off'],
  ])('run with %s', async (args, reason) => {
    const { path, version } = await serverBinary();
    const wrapped = await program(join(tmp, 'nats-server'), `exec ${path} ${args}`);
    const folder = await openRunFolder();
    const starting = startLocalServer({ binary: { path: wrapped, version }, folder });
    await expect(starting).rejects.toBeInstanceOf(ProblemError);
    await expect(starting).rejects.toThrow(reason);
    expect(await readdir(folder.path)).toEqual(['alive']);
    await folder.close();
  });

  test('because the run is over before it is ready', async () => {
    const binary = await serverBinary();
    const folder = await openRunFolder();
    const starting = expect(startLocalServer({ binary, folder })).rejects.toBeInstanceOf(ProblemError);
    await folder.close();
    await starting;
    expect(await readdir(tmp)).toEqual([]);
  });
});

describe('the server of a runner', () => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('that is killed by %s ends with it', async (signal) => {
    const runner = await startRunner(tmp, 'server');
    await useServer(runner.url ?? '');
    await runner.killed(signal);
    await Promise.all(runner.processes.map(untilGone));
    while ((await readdir(tmp)).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('that is killed with its reaper ends when the next run begins', async () => {
    const runner = await deadRun(tmp, 'server');
    expect((await useServer(runner.url ?? '')).host).toBe('127.0.0.1');
    const next = await openRunFolder();
    expect(runner.processes.map(isThere)).toEqual([false]);
    await next.close();
    expect(await readdir(tmp)).toEqual([]);
  });

  test('that is to be kept goes on without it, and writes its log to a file', async () => {
    const runner = await startRunner(tmp, 'server', 'detach');
    expect(await runner.told('end')).toBe(0);
    await (await openRunFolder()).close();
    expect(runner.processes.map(isThere)).toEqual([true]);
    await useServer(runner.url ?? '');
    const [pid = 0] = runner.processes;
    process.kill(pid, 'SIGTERM');
    await untilGone(pid);
    const [home = ''] = (await readdir(runner.path)).filter((name) => name.startsWith('server-'));
    const log = join(runner.path, home, 'server.log');
    while (!(await readFile(log, 'utf8')).includes('Server Exiting')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(existsSync(join(runner.path, home, 'store/jetstream/$G/streams/KV_Bucket1'))).toBe(true);
  });
});
