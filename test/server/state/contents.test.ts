/** What clients put, delete and purge, as the observer says it: values, operations, revisions, history. */
import { headers } from '@nats-io/nats-core';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/types.ts';
import { shown, shownDelta, useScene } from './server.ts';

const scene = useScene();

describe('a value', () => {
  const million = 'x'.repeat(1_000_000);
  const cases: [string, string | Uint8Array, Value][] = [
    ['text', 'sweaty gym socks', { text: 'sweaty gym socks' }],
    ['nothing', '', { text: '' }],
    ['json', '{"size": 42}', { text: '{"size": 42}' }],
    ['letters of all the world', '你好 Zoë 🗝', { text: '你好 Zoë 🗝' }],
    ['a byte order mark', '\ufeffa', { text: '\ufeffa' }],
    ['bytes that are no text', Uint8Array.of(0, 255, 128, 7), { base64: 'AP+ABw==' }],
    ['a million letters', million, { text: million }],
  ];
  it.each(cases)('of %s', async (_, put, expected) => {
    const kv = await scene.create('Bucket1');
    await kv.put('door', put);
    await scene.observer.read();
    expect(scene.observer.state.buckets.get('Bucket1')?.keys.get('door')).toEqual([{ revision: 1, operation: 'PUT', value: expected }]);
  });
});

it('tells step by step what each operation did', async () => {
  const { create, observer } = scene;
  const kv = await create('Bucket1', { history: 3 });
  const steps: [() => Promise<unknown>, string[]][] = [
    [async () => {}, ['Bucket1 came']],
    [() => kv.put('door', 'a'), ['Bucket1 door: none → 1:a']],
    [() => kv.put('door', 'b'), ['Bucket1 door: 1:a → 1:a 2:b']],
    [() => kv.delete('door'), ['Bucket1 door: 1:a 2:b → 1:a 2:b 3:DEL']],
    [() => kv.create('door', 'd'), ['Bucket1 door: 1:a 2:b 3:DEL → 2:b 3:DEL 4:d']],
    [() => kv.put('window', 'w'), ['Bucket1 window: none → 5:w']],
    [() => kv.purge('door'), ['Bucket1 door: 2:b 3:DEL 4:d → 6:PURGE']],
    [() => kv.delete('never'), ['Bucket1 never: none → 7:DEL']],
    [async () => {}, []],
    [() => kv.destroy(), ['Bucket1 went', 'Bucket1 door: 6:PURGE → none', 'Bucket1 never: 7:DEL → none', 'Bucket1 window: 5:w → none']],
  ];
  for (const [step, expected] of steps) {
    await step();
    expect(shownDelta(await observer.read())).toEqual(expected);
  }
});

it('follows several puts of one key in one step, with and without history', async () => {
  const one = await scene.create('One');
  const three = await scene.create('Three', { history: 3 });
  for (const round of ['a', 'b']) {
    for (const kv of [one, three]) for (let at = 1; at <= 4; at++) await kv.put('door', `${round}${at}`);
    await scene.observer.read();
  }
  expect(shown(scene.observer.state)).toEqual({ One: { door: '8:b4' }, Three: { door: '6:b2 7:b3 8:b4' } });
});

it('reads a bucket that keeps everything, however long one key is', async () => {
  const kv = await scene.create('Log', { history: -1 });
  await Promise.all(Array.from({ length: 500 }, (_, at) => kv.put('door', String(at))));
  await scene.observer.read();
  await kv.put('door', 'last');
  await scene.observer.read();
  const entry = scene.observer.state.buckets.get('Log')?.keys.get('door');
  expect(entry?.length).toBe(501);
  expect(entry?.at(-1)).toEqual({ revision: 501, operation: 'PUT', value: { text: 'last' } });
});

it('keeps names apart that objects have by themselves', async () => {
  const kv = await scene.create('__proto__');
  for (const key of ['__proto__', 'constructor', 'toString', '-/=.a']) await kv.put(key, key);
  await scene.create('constructor', { metadata: { constructor: 'x' } });
  const delta = await scene.observer.read();
  expect(delta.buckets.map(({ bucket, keys }) => [bucket, keys.map(({ key }) => key)])).toEqual([
    ['__proto__', ['-/=.a', '__proto__', 'constructor', 'toString']],
    ['constructor', []],
  ]);
  expect(scene.observer.state.buckets.get('constructor')?.settings.metadata).toEqual({ constructor: 'x' });
});

it('reads messages with any headers, by any subject', async () => {
  const { connection, jsm, observer } = scene;
  await jsm.streams.add({ name: 'KV_Odd', subjects: ['$KV.Odd.>', '$KV.Odd', 'plain.>'], max_msgs_per_subject: 1 });
  const odd = headers();
  odd.append('KV-Operation', 'LEND');
  odd.append('kv-operation', 'DEL');
  await connection.request('$KV.Odd.a', 'value', { headers: odd, timeout: 5_000 });
  await connection.request('$KV.Odd', 'no key');
  await connection.request('plain.b', 'whole subject');
  await observer.read();
  expect(shown(observer.state)).toEqual({ Odd: { a: '1:value', '$KV.Odd': '2:no key', 'plain.b': '3:whole subject' } });
});

it('names the streams that are no buckets', async () => {
  const { jsm, create, observer } = scene;
  for (const name of ['ORDERS', 'KV_', 'KV_a+b', 'kv_low', 'OBJ_photos']) await jsm.streams.add({ name, subjects: [`s.${name}`] });
  await create('Bucket1');
  expect((await observer.read()).streams).toEqual({ added: ['KV_', 'KV_a+b', 'OBJ_photos', 'ORDERS', 'kv_low'], removed: [] });
  await jsm.streams.delete('ORDERS');
  expect(await observer.read()).toEqual({ buckets: [], streams: { added: [], removed: ['ORDERS'] } });
  await scene.connection.request('s.KV_', 'a message in a stream that is no bucket');
  expect(await observer.read()).toEqual({ buckets: [], streams: { added: [], removed: [] } });
  expect([...observer.state.buckets.keys()]).toEqual(['Bucket1']);
});

async function keysNow(bucket: string): Promise<Record<string, string> | undefined> {
  await scene.observer.read();
  return shown(scene.observer.state)[bucket];
}

describe('a mirror', () => {
  it('has the keys of its origin', async () => {
    const origin = await scene.create('Origin');
    for (const key of ['a', 'b.c']) await origin.put(key, key);
    await scene.create('Mirror', { mirror: { name: 'Origin' } });
    await expect.poll(() => keysNow('Mirror')).toEqual({ a: '1:a', 'b.c': '2:b.c' });
    await origin.purge('a');
    await expect.poll(() => keysNow('Mirror')).toEqual({ a: '3:PURGE', 'b.c': '2:b.c' });
    expect(scene.observer.state).toEqual(await scene.fresh());
  });

  it('is read whole too', async () => {
    const origin = await scene.create('Origin');
    await Promise.all(Array.from({ length: 300 }, (_, at) => origin.put(`k${at}`, 'v')));
    await scene.create('Mirror', { mirror: { name: 'Origin' } });
    await expect.poll(async () => Object.keys((await keysNow('Mirror')) ?? {}).length).toBe(300);
  });
});

describe('a bucket with sources', () => {
  it('has the keys of all', async () => {
    const [a, b] = [await scene.create('A'), await scene.create('B')];
    await a.put('x', 'from A');
    await scene.create('Sum', { sources: [{ name: 'A' }, { name: 'B' }] });
    await expect.poll(() => keysNow('Sum')).toEqual({ x: '1:from A' });
    await b.put('y', 'from B');
    await expect.poll(() => keysNow('Sum')).toEqual({ x: '1:from A', y: '2:from B' });
  });

  it('keeps what is kept where two sources have the same key under subjects of their own', async () => {
    const [a, b] = [await scene.create('A'), await scene.create('B')];
    await scene.jsm.streams.add({ name: 'KV_Both', sources: [{ name: 'KV_A' }, { name: 'KV_B' }], max_msgs_per_subject: 1 });
    await a.put('x', 'from A');
    await expect.poll(() => keysNow('Both')).toEqual({ x: '1:from A' });
    await b.put('x', 'from B');
    await expect.poll(() => keysNow('Both')).toEqual({ x: '1:from A 2:from B' });
    await a.put('x', 'again');
    await expect.poll(() => keysNow('Both')).toEqual({ x: '2:from B 3:again' });
  });
});
