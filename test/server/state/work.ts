/** Random work on a few buckets: everything that can change what an account holds, for the observer to notice. */
import { headers, type NatsConnection } from '@nats-io/nats-core';
import fc from 'fast-check';
import type { Scene } from './server.ts';

/** What a bucket is made as. */
const KINDS = {
  plain: {},
  historic: { history: 3 },
  endless: { history: -1 },
  memory: { storage: 'memory' as const },
  /** Expires silently. */
  forgetful: { ttl: 100 },
  /** Expires, and leaves markers; its keys can have a time of their own. */
  marking: { ttl: 1_000, markerTTL: 1_000, history: 2 },
  mirror: { mirror: { name: 'A' } },
  gathered: { sources: [{ name: 'A' }, { name: '__proto__' }] },
  /** What is put into A is put here too, by the server. */
  repeated: { republish: { src: '$KV.A.>', dest: '$KV.B.>', headers_only: false } },
};

type Kind = keyof typeof KINDS;

export type Work = { by: 'step' | 'other' } & (
  | { do: 'put' | 'delete' | 'purge'; bucket: string; key: string; times: number }
  /** With a time of its own. */
  | { do: 'brief'; bucket: string; key: string }
  /** A message that takes all others of the bucket away. */
  | { do: 'rollup'; bucket: string; key: string }
  /** So many messages before the last one. */
  | { do: 'remove'; bucket: string; back: number }
  | { do: 'clear'; bucket: string; key: string | null; keep: number }
  | { do: 'describe'; bucket: string; description: string }
  | { do: 'history'; bucket: string; history: number }
  | { do: 'age'; bucket: string; milliseconds: number }
  | { do: 'create'; bucket: string; kind: Kind }
  | { do: 'destroy' | 'again'; bucket: string }
  | { do: 'stream'; name: string }
  | { do: 'wait'; milliseconds: number }
);

const bucket = fc.constantFrom('A', 'B', 'C', '__proto__');
const key = fc.constantFrom('a', 'b', 'c.d', 'constructor');
const by = fc.constantFrom('step' as const, 'other' as const);
const kind = fc.constantFrom(...(Object.keys(KINDS) as Kind[]));

/** Puts are of the same size more often than not: nothing but the stream's own figures shows those. */
const work: fc.Arbitrary<Work> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ by, do: fc.constantFrom('put', 'put', 'put', 'delete', 'purge'), bucket, key, times: fc.constantFrom(1, 1, 1, 1, 2, 3, 70) }),
  },
  { weight: 2, arbitrary: fc.record({ by, do: fc.constant('brief'), bucket, key }) },
  { weight: 1, arbitrary: fc.record({ by, do: fc.constant('rollup'), bucket, key }) },
  { weight: 3, arbitrary: fc.record({ by, do: fc.constant('remove'), bucket, back: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ by, do: fc.constant('clear'), bucket, key: fc.option(key), keep: fc.integer({ min: 0, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ by, do: fc.constant('describe'), bucket, description: fc.constantFrom('', 'one', 'two') }) },
  { weight: 1, arbitrary: fc.record({ by, do: fc.constant('history'), bucket, history: fc.constantFrom(1, 2, 3, -1) }) },
  { weight: 1, arbitrary: fc.record({ by, do: fc.constant('age'), bucket, milliseconds: fc.constantFrom(0, 100, 60_000) }) },
  { weight: 3, arbitrary: fc.record({ by, do: fc.constant('create'), bucket, kind }) },
  { weight: 2, arbitrary: fc.record({ by, do: fc.constantFrom('destroy', 'again'), bucket }) },
  { weight: 1, arbitrary: fc.record({ by, do: fc.constant('stream'), name: fc.constantFrom('ORDERS', 'KV_') }) },
  { weight: 1, arbitrary: fc.record({ by, do: fc.constant('wait'), milliseconds: fc.constantFrom(1, 20, 150) }) },
);

/** What one step after the other does. */
export const steps: fc.Arbitrary<Work[][]> = fc.array(fc.array(work, { maxLength: 8 }), { minLength: 1, maxLength: 8 });

export async function perform(one: Work, scene: Scene, other: NatsConnection): Promise<void> {
  const { jsm, kvm } = scene;
  const connection = one.by === 'step' ? scene.connection : other;
  switch (one.do) {
    case 'wait':
      return new Promise((resolve) => setTimeout(resolve, one.milliseconds));
    case 'stream':
      if (!(await jsm.streams.delete(one.name).catch(() => false))) await jsm.streams.add({ name: one.name, subjects: [`s.${one.name}`] });
      return;
    case 'create':
      await kvm.create(one.bucket, KINDS[one.kind]);
      return;
    case 'put': {
      const put = (_: unknown, at: number) => connection.request(`$KV.${one.bucket}.${one.key}`, String(at % 10), { timeout: 2_000 });
      await Promise.all(Array.from({ length: one.times }, put));
      return;
    }
    case 'delete':
    case 'purge': {
      const kv = await kvm.open(one.bucket);
      for (let at = 0; at < Math.min(one.times, 3); at++) await kv[one.do](one.key);
      return;
    }
    case 'brief':
    case 'rollup': {
      const how = headers();
      if (one.do === 'brief') how.set('Nats-TTL', '1s');
      else how.set('Nats-Rollup', 'all');
      await connection.request(`$KV.${one.bucket}.${one.key}`, one.do, { headers: how, timeout: 2_000 });
      return;
    }
    default:
      await change(one, scene);
  }
}

/** What is asked of JetStream's API. */
async function change(one: Work, { jsm, kvm }: Scene): Promise<void> {
  if (!('bucket' in one)) return;
  const stream = `KV_${one.bucket}`;
  if (one.do === 'destroy') await jsm.streams.delete(stream);
  if (one.do === 'again') {
    await jsm.streams.delete(stream);
    await kvm.create(one.bucket);
  }
  if (one.do === 'remove') await jsm.streams.deleteMessage(stream, (await jsm.streams.info(stream)).state.last_seq - one.back);
  if (one.do === 'describe') await jsm.streams.update(stream, { description: one.description });
  if (one.do === 'history') await jsm.streams.update(stream, { max_msgs_per_subject: one.history });
  if (one.do === 'age') {
    const age = one.milliseconds * 1e6;
    await jsm.streams.update(stream, { max_age: age, duplicate_window: age > 0 ? Math.min(age, 120e9) : 120e9 });
  }
  if (one.do === 'clear') await jsm.streams.purge(stream, { keep: one.keep, ...(one.key === null ? {} : { filter: `$KV.${one.bucket}.${one.key}` }) });
}
