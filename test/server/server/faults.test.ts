/** Killing a private server on purpose, and starting it again: same address, same store, and no loss unless it stays away. */
import { createServer } from 'node:net';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { startLocalServer } from '../../../src/server/local.ts';
import { serverBinary, withServer } from '../start.ts';

async function read(url: string): Promise<{ key: string | undefined; revision: number | undefined }> {
  const nc = await connect({ servers: url, reconnect: false });
  const entry = await (await new Kvm(nc).create('Disk')).get('k');
  await nc.close();
  return { key: entry?.string(), revision: entry?.revision };
}

async function write(url: string, value: string): Promise<void> {
  const nc = await connect({ servers: url, reconnect: false });
  await (await new Kvm(nc).create('Disk')).put('k', value);
  await nc.close();
}

function listen(port: number): Promise<{ close: () => void }> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

const portOf = (url: string) => Number(new URL(url).port);

test('it comes back with another process, at the same address, with all that was acknowledged; five times over', async () => {
  await withServer(async (server) => {
    const { url } = server;
    const pids = new Set([server.pid]);
    for (const value of ['a', 'b', 'c', 'd', 'e']) {
      await write(url, value);
      await server.kill();
      expect(server.lost()).toBe(null);
      await expect(connect({ servers: url, reconnect: false })).rejects.toThrow();
      await server.revive();
      expect((await read(url)).key).toBe(value);
      pids.add(server.pid);
    }
    expect([pids.size, (await read(url)).revision, server.lost()]).toEqual([6, 5, null]);
  });
});

test('a death that nobody ordered is a loss, also of a server that came back', async () => {
  await withServer(async (server) => {
    await server.kill();
    await server.revive();
    const loss = new Promise((resolve) => server.onLost(resolve));
    process.kill(server.pid, 'SIGKILL');
    expect(await loss).toBe('The nats-server was lost: it ended with signal SIGKILL.');
    await expect(server.kill()).rejects.toThrow('it ended with signal SIGKILL');
  });
});

test('a port that another has for a moment is waited for', async () => {
  await withServer(async (server) => {
    await server.kill();
    const other = await listen(portOf(server.url));
    const reviving = server.revive();
    setTimeout(() => other.close(), 200);
    await reviving;
    await write(server.url, 'a');
    expect(server.lost()).toBe(null);
  });
});

test('one that another keeps is a loss that says so', async () => {
  await withServer(async (server) => {
    await server.kill();
    const other = await listen(portOf(server.url));
    await expect(server.revive()).rejects.toThrow(/^The nats-server did not come up again: another program has taken its port \d+\.$/);
    expect(server.lost()).toMatch(/did not come up again/);
    other.close();
    await server.stop();
  });
});

test('it can be stopped while it is dead, and while it comes back', async () => {
  await withServer(async (server, folder) => {
    await server.kill();
    await server.stop();
    expect(server.lost()).toBe('The nats-server was stopped.');
    await expect(server.revive()).rejects.toThrow('was stopped');

    const next = await startLocalServer({ binary: await serverBinary(), folder });
    await next.kill();
    const reviving = expect(next.revive()).rejects.toThrow('was stopped');
    await next.stop();
    await reviving;
    await expect(connect({ servers: next.url, reconnect: false })).rejects.toThrow();
  });
});
