/** Random work on a few buckets: after each batch the observer that followed it holds what one that reads everything anew holds. */
import type { NatsConnection } from '@nats-io/nats-core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyDelta, diffStates, emptyState } from '../../../src/document/delta.ts';
import { createObserver } from '../../../src/state/observer.ts';
import type { State } from '../../../src/types.ts';
import { emptyAccount, openScene, type Scene, type StateServer, startServer } from './server.ts';

let server: StateServer;
let scene: Scene;
let watching: NatsConnection;
beforeAll(async () => {
  server = await startServer();
  scene = await openScene(server);
  watching = await server.connection();
});
afterAll(() => server.stop());

type Work =
  | { do: 'put' | 'delete' | 'purge'; bucket: string; key: string; times: number }
  /** So many messages before the last one. */
  | { do: 'remove'; bucket: string; back: number }
  | { do: 'clear'; bucket: string; key: string | null; keep: number }
  | { do: 'update'; bucket: string; history: number; description: string }
  | { do: 'create'; bucket: string; history: number }
  | { do: 'destroy'; bucket: string }
  | { do: 'stream'; name: string };

const bucket = fc.constantFrom('A', 'B', '__proto__');
const key = fc.constantFrom('a', 'b', 'c.d', 'constructor');
const history = fc.constantFrom(1, 2, 3, -1);
const work: fc.Arbitrary<Work> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('put', 'delete', 'purge'), bucket, key, times: fc.constantFrom(1, 1, 1, 2, 3, 70) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove'), bucket, back: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('clear'), bucket, key: fc.option(key), keep: fc.integer({ min: 0, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('update'), bucket, history, description: fc.constantFrom('', 'one', 'two') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('create'), bucket, history }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('destroy'), bucket }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stream'), name: fc.constantFrom('ORDERS', 'KV_') }) },
);

async function perform(one: Work): Promise<void> {
  const { jsm, kvm, connection } = scene;
  if (one.do === 'stream') {
    if (!(await jsm.streams.delete(one.name).catch(() => false))) await jsm.streams.add({ name: one.name, subjects: [`s.${one.name}`] });
    return;
  }
  const stream = `KV_${one.bucket}`;
  if (one.do === 'create') await kvm.create(one.bucket, { history: one.history });
  if (one.do === 'destroy') await jsm.streams.delete(stream);
  if (one.do === 'remove') await jsm.streams.deleteMessage(stream, (await jsm.streams.info(stream)).state.last_seq - one.back);
  if (one.do === 'update') await jsm.streams.update(stream, { max_msgs_per_subject: one.history, description: one.description });
  if (one.do === 'clear') await jsm.streams.purge(stream, { keep: one.keep, ...(one.key === null ? {} : { filter: `$KV.${one.bucket}.${one.key}` }) });
  if (one.do === 'delete' || one.do === 'purge') {
    const kv = await kvm.open(one.bucket);
    for (let at = 0; at < Math.min(one.times, 3); at++) await kv[one.do](one.key);
  }
  if (one.do === 'put')
    await Promise.all(Array.from({ length: one.times }, (_, at) => connection.request(`$KV.${one.bucket}.${one.key}`, String(at), { timeout: 2_000 })));
}

/** A copy that does not change as the observer reads on; entries are never changed, so they are shared. */
function snapshot({ buckets, streams }: State): State {
  return { buckets: new Map([...buckets].map(([name, { settings, keys }]) => [name, { settings, keys: new Map(keys) }])), streams: new Set(streams) };
}

it('is what a reading of everything gives, and the deltas are the differences', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(work, { maxLength: 8 }), { minLength: 1, maxLength: 8 }), async (batches) => {
      await emptyAccount(scene.jsm);
      for (const name of ['A', '__proto__']) await scene.create(name, { history: name === 'A' ? 3 : 1 });
      const observer = createObserver(watching);
      const sum = emptyState();
      for (const batch of batches) {
        // What a bucket or message that is not there refuses is part of the game.
        for (const one of batch) await perform(one).catch(() => {});
        const before = snapshot(observer.state);
        const delta = await observer.read();
        expect(observer.state).toEqual(await scene.fresh());
        expect(delta).toEqual(diffStates(before, observer.state));
        applyDelta(sum, structuredClone(delta));
        expect(sum).toEqual(observer.state);
      }
    }),
    { numRuns: 40 },
  );
});
