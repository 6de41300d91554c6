/** Accounts and buckets beyond one answer: pages of the list, batches of a consumer, and ways around a consumer that may not be. */
import { headers } from '@nats-io/nats-core';
import { describe, expect, it, vi } from 'vitest';
import { createObserver } from '../../../src/state/observer.ts';
import { openScene, readUntil, shownDelta, startServerWith, useScene } from './server.ts';

const scene = useScene();

/** Puts `count` keys of some size as fast as the server takes them. */
async function fill(bucket: string, count: number, size = 8): Promise<void> {
  const value = 'v'.repeat(size);
  await Promise.all(Array.from({ length: count }, (_, at) => scene.connection.request(`$KV.${bucket}.k${at}`, value, { timeout: 20_000 })));
}

async function consumers(stream: string): Promise<number> {
  return (await scene.jsm.streams.info(stream)).state.consumer_count;
}

it('reads 300 buckets, more than a page of the list has', async () => {
  const names = Array.from({ length: 300 }, (_, at) => `B${at}`);
  await Promise.all(names.map((name) => scene.create(name)));
  await (await scene.kvm.open('B299')).put('door', 'a');
  expect((await scene.observer.read()).buckets.map(({ bucket }) => bucket)).toEqual(names.sort());
  await (await scene.kvm.open('B7')).put('door', 'b');
  await (await scene.kvm.open('B299')).destroy();
  expect(shownDelta(await scene.observer.read())).toEqual(['B299 went', 'B299 door: 1:a → none', 'B7 door: none → 1:b']);
});

describe('5,000 keys', () => {
  it('are read whole, and leave no consumer behind', async () => {
    await scene.create('Bulk');
    await fill('Bulk', 5_000);
    const delta = await scene.observer.read();
    expect(delta.buckets[0]?.keys.length).toBe(5_000);
    expect(await consumers('KV_Bulk')).toBe(0);
  });

  it('cost one key where one key changed', async () => {
    const kv = await scene.create('Bulk');
    await fill('Bulk', 5_000);
    await scene.observer.read();
    const asked: string[] = [];
    const listener = await scene.server.connection();
    listener.subscribe('$JS.API.>', { callback: (_, message) => void asked.push(message.subject) });
    await listener.flush();
    await kv.put('k7', 'new');
    await scene.observer.read();
    await listener.flush();
    expect(asked.filter((subject) => !subject.startsWith('$JS.API.STREAM.INFO'))).toEqual(['$JS.API.STREAM.LIST', '$JS.API.STREAM.MSG.GET.KV_Bulk']);
    await listener.close();
  });

  it('that take their time are said to be on their way', async () => {
    await scene.create('Bulk');
    await fill('Bulk', 5_000);
    const said: string[] = [];
    const observer = createObserver(await scene.server.connection(), { onProgress: (text) => said.push(text) });
    let now = Date.now();
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 300));
    await observer.read();
    clock.mockRestore();
    expect(said.length).toBeGreaterThan(2);
    expect(said.length).toBeLessThan(10);
    expect(said[0]).toMatch(/^Reading Bulk: [\d,]+ of 5,000 messages$/);
  });

  it('are overwritten in one step', async () => {
    await scene.create('Bulk');
    await fill('Bulk', 5_000);
    await scene.observer.read();
    await fill('Bulk', 5_000);
    expect((await scene.observer.read()).buckets[0]?.keys.length).toBe(5_000);
    expect(scene.observer.state).toEqual(await scene.fresh());
  });

  it('expire while and after they are read', async () => {
    await scene.create('Brief', { ttl: 500 });
    await fill('Brief', 5_000);
    await readUntil(scene.observer, (state) => state.buckets.get('Brief')?.keys.size === 0);
    expect(scene.observer.state.buckets.get('Brief')?.keys.size).toBe(0);
  });
});

it('reads values that are together more than one batch may hold, and one that is alone', async () => {
  const small = await startServerWith('-js', '-c', new URL('./payload.conf', import.meta.url).pathname);
  try {
    const { create, connection, observer } = await openScene(small);
    const kv = await create('Big');
    const huge = 'h'.repeat(20 * 2 ** 20);
    await Promise.all(Array.from({ length: 70 }, (_, at) => connection.request(`$KV.Big.k${at}`, 'v'.repeat(400_000), { timeout: 20_000 })));
    await kv.put('huge', huge);
    await kv.put('last', 'l');
    await observer.read();
    const keys = observer.state.buckets.get('Big')?.keys;
    expect(keys?.size).toBe(72);
    expect(keys?.get('huge')).toEqual([{ revision: 71, operation: 'PUT', value: { text: huge } }]);
  } finally {
    await small.stop();
  }
});

describe('where no consumer can be made', () => {
  const cases: [string, object][] = [
    ['the limit is reached', { max_consumers: 1 }],
    ['a consumer would take messages away', { retention: 'workqueue' }],
    ['a consumer would keep messages', { retention: 'interest' }],
    ['an inactive consumer has less time', { consumer_limits: { inactive_threshold: 1_000_000_000 } }],
  ];
  it.each(cases)('as %s', async (_, config) => {
    await scene.jsm.streams.add({ name: 'KV_Odd', subjects: ['$KV.Odd.>'], max_msgs_per_subject: 1, ...config });
    await scene.jsm.consumers.add('KV_Odd', { durable_name: 'its-own', ack_policy: 'explicit' });
    await fill('Odd', 200);
    await scene.observer.read();
    expect(scene.observer.state.buckets.get('Odd')?.keys.size).toBe(200);
    expect((await scene.jsm.streams.info('KV_Odd')).state.messages).toBe(200);
  });
});

it('reads a bucket that does not begin at 1', async () => {
  await scene.jsm.streams.add({ name: 'KV_Late', subjects: ['$KV.Late.>'], max_msgs_per_subject: 1, first_seq: 5_000_000_000 });
  await scene.observer.read();
  await fill('Late', 3);
  expect((await scene.observer.read()).buckets[0]?.keys.map(({ after }) => after?.[0]?.revision)).toEqual([5_000_000_000, 5_000_000_001, 5_000_000_002]);
});

it('reads messages whose headers the client refuses', async () => {
  await scene.create('Odd');
  const odd = headers();
  odd.append('KV-Operation', 'DEL');
  // The client takes no such name; another may send it.
  (odd as unknown as { headers: Map<string, string[]> }).headers.set('a name', ['x']);
  await scene.connection.request('$KV.Odd.odd', '', { headers: odd, timeout: 5_000 });
  await fill('Odd', 100);
  await scene.observer.read();
  expect(scene.observer.state.buckets.get('Odd')?.keys.get('odd')).toEqual([{ revision: 1, operation: 'DEL', value: null }]);
  expect(scene.observer.state.buckets.get('Odd')?.keys.size).toBe(101);
});
