/** Every setting of a bucket, set by the clients people use, as the observer says it. */
import { StorageType, StoreCompression } from '@nats-io/jetstream';
import type { KvOptions } from '@nats-io/kv';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/types.ts';
import { openScene, startServerWith, useScene } from './server.ts';

const scene = useScene();

async function settings(bucket = 'Bucket1'): Promise<Settings | undefined> {
  await scene.observer.read();
  return scene.observer.state.buckets.get(bucket)?.settings;
}

describe('a bucket that is made with', () => {
  const cases: [string, Partial<KvOptions>, Settings][] = [
    ['nothing', {}, {}],
    ['a description', { description: 'the best team' }, { description: 'the best team' }],
    ['history', { history: 5 }, { history: 5 }],
    ['no limit to history', { history: -1 }, { history: -1 }],
    ['a ttl', { ttl: 90 * 60_000 }, { ttl: '1h30m' }],
    ['a ttl of years', { ttl: 400 * 24 * 3_600_000 }, { ttl: '9600h' }],
    ['a ttl under a second', { ttl: 100.5 }, { ttl: '100.5ms' }],
    ['memory storage', { storage: StorageType.Memory }, { storage: 'memory' }],
    ['compression', { compression: true }, { compression: true }],
    ['no compression', { compression: false }, {}],
    ['a size', { max_bytes: 2 ** 20 }, { maxBytes: 1_048_576 }],
    ['a value size', { maxValueSize: 512 }, { maxValueSize: 512 }],
    ['metadata', { metadata: { team: 'red', area: '1' } }, { metadata: { area: '1', team: 'red' } }],
    ['republish', { republish: { src: '>', dest: 'copy.>' } }, { republish: { src: '>', dest: 'copy.>' } }],
    ['headers republished', { republish: { src: '>', dest: 'copy.>', headers_only: true } }, { republish: { dest: 'copy.>', headersOnly: true, src: '>' } }],
  ];
  it.each(cases)('%s', async (_, options, expected) => {
    await scene.create('Bucket1', options);
    expect(await settings()).toEqual(expected);
  });
});

it('says how long markers stay, where the server knows markers', async () => {
  const { config } = await scene.jsm.streams.add({ name: 'KV_Bucket1', subjects: ['$KV.Bucket1.>'], max_msgs_per_subject: 1, subject_delete_marker_ttl: 60e9 });
  expect(await settings()).toEqual(config.subject_delete_marker_ttl ? { markerTtl: '1m' } : {});
});

it('says where a bucket is placed', async () => {
  const tagged = await startServerWith('-js', '-c', new URL('./tags.conf', import.meta.url).pathname);
  try {
    const { kvm, observer } = await openScene(tagged);
    await kvm.create('Bucket1', { placement: { cluster: '', tags: ['b:2', 'a:1'] } });
    await observer.read();
    expect(observer.state.buckets.get('Bucket1')?.settings).toEqual({ placement: { tags: ['a:1', 'b:2'] } });
  } finally {
    await tagged.stop();
  }
});

it('names mirrors and sources as buckets, in order', async () => {
  for (const name of ['Origin', 'B', 'A']) await scene.create(name);
  await scene.create('Mirror', { mirror: { name: 'Origin' } });
  await scene.create('Sum', { sources: [{ name: 'B' }, { name: 'A' }] });
  expect(await settings('Mirror')).toEqual({ mirror: 'Origin' });
  expect(await settings('Sum')).toEqual({ sources: ['A', 'B'] });
});

it('keeps the name of a source that is no bucket', async () => {
  await scene.jsm.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
  await scene.jsm.streams.add({ name: 'KV_Sum', subjects: ['$KV.Sum.>'], sources: [{ name: 'ORDERS' }] });
  expect(await settings('Sum')).toEqual({ history: -1, sources: ['ORDERS'] });
});

it('says what an update changed, and only that', async () => {
  const kv = await scene.create('Bucket1', { description: 'old' });
  await kv.put('door', 'open');
  await settings();
  await scene.jsm.streams.update('KV_Bucket1', { description: 'new', max_msgs_per_subject: 3, compression: StoreCompression.S2 });
  const delta = await scene.observer.read();
  expect(delta.buckets).toEqual([
    { bucket: 'Bucket1', before: { description: 'old' }, after: { compression: true, description: 'new', history: 3 }, keys: [] },
  ]);
});

it('passes over what is no setting of the state document', async () => {
  await scene.create('Bucket1');
  await settings();
  await scene.jsm.streams.update('KV_Bucket1', { deny_delete: true, metadata: { '_nats.own': 'x' } });
  expect(await scene.observer.read()).toEqual({ buckets: [], streams: { added: [], removed: [] } });
});
