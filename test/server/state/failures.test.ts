/** Servers that do not answer: one sentence, and a state that is as it was. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { createObserver } from '../../../src/state/observer.ts';
import { openScene, shown, startServer, startServerWith } from './server.ts';

it('a server without JetStream', async () => {
  const server = await startServerWith();
  try {
    const observer = createObserver(await server.connection());
    await expect(observer.read()).rejects.toThrow(/^JetStream is off on this nats-server: start it with --jetstream\.$/);
  } finally {
    await server.stop();
  }
});

it('an account without JetStream, a user who may not ask', async () => {
  const server = await startServerWith('-c', new URL('./accounts.conf', import.meta.url).pathname);
  const read = async (user: string) => {
    const connection = await connect({ servers: server.url, user, pass: 'x' });
    try {
      return await createObserver(connection).read();
    } finally {
      await connection.close();
    }
  };
  try {
    await expect(read('without')).rejects.toThrow('JetStream is off for this account of the nats-server.');
    await expect(read('forbidden')).rejects.toThrow('This user of the nats-server may not ask $JS.API.STREAM.LIST.');
    await expect(read('inboxes')).resolves.toBeDefined();
  } finally {
    await server.stop();
  }
});

it('a connection that is closed', async () => {
  const server = await startServer();
  try {
    const connection = await server.connection();
    const observer = createObserver(connection);
    await observer.read();
    await connection.close();
    await expect(observer.read()).rejects.toThrow('The connection to the nats-server is closed.');
  } finally {
    await server.stop();
  }
});

it('a server that goes away', async () => {
  const server = await startServer();
  const scene = await openScene(server);
  const kv = await scene.create('Bucket1');
  await kv.put('door', 'a');
  await scene.observer.read();
  await server.stop();
  await expect(scene.observer.read()).rejects.toThrow('The connection to the nats-server is closed.');
  expect(shown(scene.observer.state)).toEqual({ Bucket1: { door: '1:a' } });
});

it('a server that says nothing, for five seconds', { timeout: 15_000 }, async () => {
  const info = { server_id: 'x', version: '2.15.2', proto: 1, headers: true, max_payload: 1024, jetstream: true };
  const silent = createServer((socket) => {
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
    socket.on('data', (data) => void (data.includes('PING') && socket.write('PONG\r\n')));
    socket.on('error', () => {});
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const connection = await connect({ servers: `127.0.0.1:${address.port}` });
  try {
    await expect(createObserver(connection).read()).rejects.toThrow('The nats-server did not answer STREAM.LIST within 5 seconds.');
  } finally {
    await connection.close();
    silent.close();
  }
});
