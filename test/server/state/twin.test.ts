/** Two real servers → the second made to hold what the first holds: revisions, history, markers, times and settings. */
import { jetstreamManager, StorageType } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createObserver } from '../../../src/state/observer.ts';
import { createTwinStreams, type TwinStreams } from '../../../src/state/twin.ts';
import type { State } from '../../../src/types.ts';
import { startTestServer } from '../start.ts';

let first: NatsConnection;
let second: NatsConnection;
const servers: Awaited<ReturnType<typeof startTestServer>>[] = [];
let twin: TwinStreams;

beforeAll(async () => {
  servers.push(...(await Promise.all([startTestServer(), startTestServer()])));
  [first, second] = (await Promise.all(servers.map(({ server }) => connect({ servers: server.url })))) as [NatsConnection, NatsConnection];
});

afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await Promise.all(servers.map((server) => server.stop()));
});

beforeEach(async () => {
  for (const connection of [first, second]) {
    const jsm = await jetstreamManager(connection);
    for await (const name of jsm.streams.names()) await jsm.streams.delete(name);
  }
  twin = createTwinStreams(
    () => first,
    () => second,
  );
});

/** What a server holds, read anew. */
async function stateOf(connection: NatsConnection): Promise<State> {
  const observer = createObserver(connection);
  await observer.read();
  return observer.state;
}

async function expectSame(): Promise<void> {
  expect(await stateOf(second)).toEqual(await stateOf(first));
}

test('a bucket with history, markers and settings', async () => {
  const kv = await new Kvm(first).create('A', { history: 3, description: 'team', metadata: { floor: '2' } });
  for (const value of ['a', 'b', 'c', 'd']) await kv.put('k', value);
  await kv.put('gone', 'x');
  await kv.delete('gone');
  await kv.purge('away');
  expect(await twin.bring()).toBe(true);
  await expectSame();
});

test('who takes the pieces of a bucket may be heard of a little later, as in a cluster', async () => {
  let early = 3;
  const hasty = new Proxy(second, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (name !== 'request') return typeof member === 'function' ? member.bind(target) : member;
      return (subject: string, ...rest: [Uint8Array, { timeout: number }]) => {
        const isEarly = subject.startsWith('$JS.SNAPSHOT.RESTORE.') && early > 0;
        if (isEarly) early -= 1;
        return target.request(isEarly ? 'nobody.listens.here' : subject, ...rest);
      };
    },
  });
  const streams = createTwinStreams(
    () => first,
    () => hasty,
  );
  await (await new Kvm(first).create('A')).put('k', 'v');
  expect(await streams.bring()).toBe(true);
  expect(early).toBe(0);
  await expectSame();
});

test('nothing to do is said, and nothing is done', async () => {
  await (await new Kvm(first).create('A')).put('k', 'v');
  expect(await twin.bring()).toBe(true);
  expect(await twin.bring()).toBe(false);
});

test('storage in memory, an empty bucket, and values of many pieces', async () => {
  const kvm = new Kvm(first);
  await kvm.create('Empty');
  const kv = await kvm.create('Memory', { storage: StorageType.Memory });
  for (let i = 0; i < 5; i += 1) await kv.put(`k${i}`, crypto.getRandomValues(new Uint8Array(60_000)));
  await twin.bring();
  await expectSame();
});

test('limits that were lowered below what is stored', async () => {
  const kv = await new Kvm(first).create('A');
  await kv.put('k', 'x'.repeat(100));
  await (await jetstreamManager(first)).streams.update('KV_A', { max_msg_size: 60, max_bytes: 64 });
  await twin.bring();
  await expectSame();
});

test('what the second has by itself goes, and what differs is replaced', async () => {
  await (await new Kvm(first).create('A')).put('k', 'first');
  await (await new Kvm(second).create('A')).put('k', 'second');
  await new Kvm(second).create('Other');
  await twin.bring();
  await expectSame();
});

test('what was accepted stays as it is, until one of them moves on', async () => {
  await (await new Kvm(first).create('A')).put('k', 'v');
  const other = await new Kvm(second).create('A');
  await other.put('k', 'v');
  await twin.accept();
  expect(await twin.bring()).toBe(false);
  await other.put('k', 'again');
  expect(await twin.bring()).toBe(true);
  expect((await other.get('k'))?.revision).toBe(1);
});

test('what was accepted and has other revisions is brought over', async () => {
  await (await new Kvm(first).create('A')).put('k', 'v');
  const other = await new Kvm(second).create('A');
  await other.put('k', 'x');
  await other.put('k', 'v');
  await twin.accept();
  expect(await twin.bring()).toBe(true);
  expect((await other.get('k'))?.revision).toBe(1);
});

test('a bucket that sources another one, which is not sourced a second time', async () => {
  const kvm = new Kvm(first);
  const origin = await kvm.create('O');
  await origin.put('a', '1');
  await kvm.create('M', { sources: [{ name: 'O' }] });
  await expect.poll(async () => (await stateOf(first)).buckets.get('M')?.keys.size).toBe(1);
  await twin.bring();
  await expectSame();
  // It goes on from there: what comes to the origin's copy is sourced once.
  await (await new Kvm(second).open('O')).put('b', '2');
  await origin.put('b', '2');
  const keys = async (connection: NatsConnection) =>
    [...((await stateOf(connection)).buckets.get('M')?.keys ?? [])].map(([key, entry]) => [key, entry.at(-1)?.revision]);
  await expect
    .poll(() => keys(second), { timeout: 10_000 })
    .toEqual([
      ['a', 1],
      ['b', 2],
    ]);
}, 20_000);

test('streams that are no buckets, and a mirror without its origin', async () => {
  const jsm = await jetstreamManager(first);
  await jsm.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
  first.publish('orders.1', 'one');
  const kvm = new Kvm(first);
  await (await kvm.create('Origin')).put('k', 'v');
  await kvm.create('Copy', { mirror: { name: 'Origin' } });
  await expect.poll(async () => (await stateOf(first)).buckets.get('Copy')?.keys.size).toBe(1);
  await twin.bring();
  await expectSame();
});

test('a stream in the way of another one’s subjects goes first', async () => {
  await (await jetstreamManager(first)).streams.add({ name: 'A', subjects: ['a'] });
  await (await jetstreamManager(second)).streams.add({ name: 'B', subjects: ['a'] });
  await twin.bring();
  await expectSame();
});
