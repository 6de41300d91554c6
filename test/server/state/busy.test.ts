/** Readings while others write: what is read was true at one moment. */
import type { KV } from '@nats-io/kv';
import { expect, it } from 'vitest';
import { applyDelta, emptyState } from '../../../src/document/delta.ts';
import type { Entry, State } from '../../../src/types.ts';
import { openScene, useScene } from './server.ts';

const scene = useScene();

/** Calls `write` with 1, 2, 3… without pause until the readings are done. */
async function whileWriting(write: (turn: number) => Promise<unknown>, readings: () => Promise<void>): Promise<void> {
  let writing = true;
  const writer = (async () => {
    for (let turn = 1; writing; turn++) await write(turn);
  })();
  try {
    await readings();
  } finally {
    writing = false;
    await writer;
  }
}

function entry(state: State, bucket: string, key: string): Entry {
  return state.buckets.get(bucket)?.keys.get(key) ?? [];
}

function number(state: State, bucket: string, key: string): number {
  const value = entry(state, bucket, key).at(-1)?.value;
  return value && 'text' in value ? Number(value.text) : 0;
}

/** Reads `times`, lets `check` look at each state, and holds the deltas, put together, against the state. */
async function readOften(times: number, check: () => void): Promise<void> {
  const sum = emptyState();
  const { observer } = await openScene(scene.server);
  Object.assign(scene, { observer });
  for (let at = 0; at < times; at++) {
    applyDelta(sum, await observer.read());
    check();
  }
  expect(sum).toEqual(observer.state);
}

it('of two keys that a writer puts one after the other, the first is never behind', async () => {
  const kv = await scene.create('Bucket1');
  const write = async (turn: number) => {
    await kv.put('first', String(turn));
    await kv.put('second', String(turn));
  };
  await whileWriting(write, () =>
    readOften(100, () => {
      const { state } = scene.observer;
      const [first, second] = [number(state, 'Bucket1', 'first'), number(state, 'Bucket1', 'second')];
      expect([0, 1]).toContain(first - second);
    }),
  );
  await scene.observer.read();
  expect(scene.observer.state).toEqual(await scene.fresh());
  expect((await scene.jsm.streams.info('KV_Bucket1')).state.consumer_count).toBe(0);
});

it('nor of two buckets', async () => {
  const [one, two] = [await scene.create('One', { history: 3 }), await scene.create('Two')];
  const write = async (turn: number) => {
    await one.put('first', String(turn));
    await two.put('second', String(turn));
  };
  await whileWriting(write, () =>
    readOften(50, () => {
      const { state } = scene.observer;
      const ahead = number(state, 'One', 'first') - number(state, 'Two', 'second');
      expect([0, 1]).toContain(ahead);
    }),
  );
  await scene.observer.read();
  expect(scene.observer.state).toEqual(await scene.fresh());
});

it('every key of a growing bucket is there, whatever is overwritten meanwhile', async () => {
  const kv = await scene.create('Grows', { history: 2 });
  const put = (client: KV, turn: number) => Promise.all(Array.from({ length: 20 }, (_, at) => client.put(`k${(turn * 20 + at) % 500}`, String(turn))));
  await whileWriting(
    (turn) => put(kv, turn),
    () =>
      readOften(50, () => {
        const revisions = [...(scene.observer.state.buckets.get('Grows')?.keys.values() ?? [])].flat().map(({ revision }) => revision);
        const last = Math.max(0, ...revisions);
        // 500 keys in turn, two revisions each: what is kept are the last thousand sequences without a gap.
        expect(revisions.sort((one, other) => one - other)).toEqual(Array.from({ length: revisions.length }, (_, at) => last - revisions.length + 1 + at));
        expect(revisions.length).toBe(Math.min(last, 1000));
      }),
  );
  await scene.observer.read();
  expect(scene.observer.state).toEqual(await scene.fresh());
});

it('a bucket that comes and goes without pause is there with what it held, or is not there', async () => {
  await scene.create('Stays');
  const write = async () => {
    const kv = await scene.kvm.create('Comes');
    for (let at = 1; at <= 3; at++) await kv.put('door', String(at));
    await kv.destroy();
  };
  await whileWriting(write, () =>
    readOften(100, () => {
      expect(scene.observer.state.buckets.has('Stays')).toBe(true);
      for (const [key, kept] of scene.observer.state.buckets.get('Comes')?.keys ?? []) {
        expect(key).toBe('door');
        const revision = kept[0]?.revision ?? 0;
        // A busy server now and then goes on with the revisions of the bucket before.
        expect(kept).toEqual([{ revision, operation: 'PUT', value: { text: String(((revision - 1) % 3) + 1) } }]);
      }
    }),
  );
});

it('two readings at the same time follow each other', async () => {
  const kv = await scene.create('Bucket1');
  await kv.put('door', 'a');
  const [first, second] = await Promise.all([scene.observer.read(), scene.observer.read()]);
  expect(first.buckets.length).toBe(1);
  expect(second).toEqual({ buckets: [], streams: { added: [], removed: [] } });
});
