/** Messages that leave a bucket without a client deleting its key: by hand, by limits, by time. */
import { headers } from '@nats-io/nats-core';
import { describe, expect, it } from 'vitest';
import { hasPart } from '../../real-parts.ts';
import { readUntil, shown, shownDelta, useScene } from './server.ts';

const scene = useScene();

/** Since 2.11 a single key can have a time to live, and expiry can leave a marker. */
const hasMarkers = await hasPart('nats-server-2.11');

/** A bucket with three revisions of `door`, read by the observer. */
async function threeRevisions(history: number) {
  const kv = await scene.create('Bucket1', { history });
  for (const value of ['a', 'b', 'c']) await kv.put('door', value);
  await kv.put('window', 'w');
  await scene.observer.read();
  return kv;
}

describe('by hand', () => {
  it('one message', async () => {
    await threeRevisions(5);
    await scene.jsm.streams.deleteMessage('KV_Bucket1', 2);
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: 1:a 2:b 3:c → 1:a 3:c']);
  });

  it('one message that newer ones would have pushed out anyway, or not', async () => {
    // 3 is deleted, so that 1 and 2 stay when 5 comes, though the bucket keeps as many messages as if 1 had been pushed out.
    const kv = await threeRevisions(3);
    await scene.jsm.streams.deleteMessage('KV_Bucket1', 3);
    await kv.put('door', 'e');
    await scene.observer.read();
    expect(shown(scene.observer.state)).toEqual({ Bucket1: { door: '1:a 2:b 5:e', window: '4:w' } });
  });

  it('as many as came', async () => {
    const kv = await threeRevisions(1);
    await kv.put('chair', 'h');
    await scene.jsm.streams.deleteMessage('KV_Bucket1', 4);
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 chair: none → 5:h', 'Bucket1 window: 4:w → none']);
  });

  it('one that came and went in the same step', async () => {
    const kv = await threeRevisions(1);
    const revision = await kv.put('chair', 'h');
    await kv.put('table', 't');
    await scene.jsm.streams.deleteMessage('KV_Bucket1', revision);
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 table: none → 6:t']);
  });

  it('all of a subject, all but some, all', async () => {
    const kv = await threeRevisions(5);
    await scene.jsm.streams.purge('KV_Bucket1', { filter: '$KV.Bucket1.door', keep: 2 });
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: 1:a 2:b 3:c → 2:b 3:c']);
    await scene.jsm.streams.purge('KV_Bucket1', { filter: '$KV.Bucket1.door' });
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: 2:b 3:c → none']);
    await scene.jsm.streams.purge('KV_Bucket1');
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 window: 4:w → none']);
    await kv.put('door', 'new');
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: none → 5:new']);
  });

  it('everything, put again in the same step', async () => {
    const kv = await threeRevisions(1);
    await scene.jsm.streams.purge('KV_Bucket1');
    await kv.put('window', 'w');
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: 3:c → none', 'Bucket1 window: 4:w → 5:w']);
  });
});

describe('by limits', () => {
  it('a lowered history', async () => {
    const kv = await threeRevisions(5);
    await scene.jsm.streams.update('KV_Bucket1', { max_msgs_per_subject: 2 });
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: 1:a 2:b 3:c → 2:b 3:c']);
    await kv.put('door', 'd');
    await scene.jsm.streams.update('KV_Bucket1', { max_msgs_per_subject: 1 });
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: 2:b 3:c → 5:d']);
  });

  it('a history lowered and raised again', async () => {
    const kv = await threeRevisions(5);
    await scene.jsm.streams.update('KV_Bucket1', { max_msgs_per_subject: 1 });
    await scene.jsm.streams.update('KV_Bucket1', { max_msgs_per_subject: 5 });
    await kv.put('door', 'd');
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: 1:a 2:b 3:c → 3:c 5:d']);
  });

  it('a bucket that pushes out its oldest', async () => {
    await scene.jsm.streams.add({ name: 'KV_Small', subjects: ['$KV.Small.>'], max_msgs: 3 });
    for (const key of ['a', 'b', 'c', 'd']) {
      await scene.connection.request(`$KV.Small.${key}`, key);
      await scene.observer.read();
    }
    expect(shown(scene.observer.state)).toEqual({ Small: { b: '2:b', c: '3:c', d: '4:d' } });
  });

  it('a message that rolls up the whole bucket', async () => {
    const kv = await threeRevisions(5);
    const all = headers();
    all.set('Nats-Rollup', 'all');
    await scene.connection.request('$KV.Bucket1.sum', 's', { headers: all, timeout: 5_000 });
    await kv.put('door', 'after');
    await scene.observer.read();
    expect(shown(scene.observer.state)).toEqual({ Bucket1: { sum: '5:s', door: '6:after' } });
  });
});

describe('by time', () => {
  it('a bucket that forgets', async () => {
    const kv = await scene.create('Brief', { ttl: 300 });
    await kv.put('door', 'a');
    await scene.observer.read();
    expect(shown(scene.observer.state)).toEqual({ Brief: { door: '1:a' } });
    const deltas = await readUntil(scene.observer, (state) => state.buckets.get('Brief')?.keys.size === 0);
    expect(shownDelta(deltas.at(-1) ?? { buckets: [], streams: { added: [], removed: [] } })).toEqual(['Brief door: 1:a → none']);
  });

  it.skipIf(!hasMarkers)('a bucket that leaves markers', async () => {
    const kv = await scene.create('Brief', { ttl: 1000, markerTTL: 60_000 });
    await kv.put('door', 'a');
    await scene.observer.read();
    await readUntil(scene.observer, (state) => state.buckets.get('Brief')?.keys.get('door')?.at(-1)?.operation === 'PURGE');
    expect(shown(scene.observer.state)).toEqual({ Brief: { door: '2:PURGE' } });
  });

  it.skipIf(!hasMarkers)('a single key', async () => {
    const kv = await scene.create('Bucket1', { markerTTL: 1000 });
    await kv.put('stays', 's');
    await kv.create('goes', 'g', '1s');
    await scene.observer.read();
    await readUntil(scene.observer, (state) => state.buckets.get('Bucket1')?.keys.get('goes')?.at(-1)?.operation === 'PURGE');
    expect(shown(scene.observer.state)).toEqual({ Bucket1: { stays: '1:s', goes: '3:PURGE' } });
    await readUntil(scene.observer, (state) => state.buckets.get('Bucket1')?.keys.has('goes') === false);
    expect(shown(scene.observer.state)).toEqual({ Bucket1: { stays: '1:s' } });
  });
});

describe('with the whole bucket', () => {
  it('made again with the same name in one step', async () => {
    const kv = await threeRevisions(1);
    await kv.destroy();
    const again = await scene.create('Bucket1', { history: 2 });
    for (const value of ['x', 'c', 'c', 'w']) await again.put('door', value);
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: 3:c → 3:c 4:w', 'Bucket1 window: 4:w → none']);
  });

  it('made again the same, with as many messages', async () => {
    const kv = await scene.create('Bucket1');
    await kv.put('door', 'a');
    await scene.observer.read();
    await kv.destroy();
    await (await scene.create('Bucket1')).put('door', 'b');
    expect(shownDelta(await scene.observer.read())).toEqual(['Bucket1 door: 1:a → 1:b']);
  });

  it('that comes and goes between two readings', async () => {
    await (await scene.create('Bucket1')).destroy();
    expect(shownDelta(await scene.observer.read())).toEqual([]);
  });
});
