/** Arbitrary states for property tests: few names, so that states often have them in common. */
import fc from 'fast-check';
import type { Bucket, Entry, Revision, Settings, State } from '../../../src/types.ts';

const name = fc.constantFrom('a', 'B1', '__proto__', 'constructor', 'locker.7');
const value = fc.oneof(
  fc.constantFrom('', 'x', 'y').map((text) => ({ text })),
  fc.constantFrom('/w==', '//8=').map((base64) => ({ base64 })),
);
const settings: fc.Arbitrary<Settings> = fc.record(
  { description: fc.constantFrom('d', 'e'), history: fc.constantFrom(5, 9), metadata: fc.constantFrom({ a: '1' }, { b: '2' }) },
  { requiredKeys: [] },
);
const revision: fc.Arbitrary<Revision> = fc.oneof(
  fc.record({ revision: fc.integer({ min: 1, max: 4 }), operation: fc.constant('PUT' as const), value }),
  fc.record({ revision: fc.integer({ min: 1, max: 4 }), operation: fc.constantFrom('DEL' as const, 'PURGE' as const), value: fc.constant(null) }),
);
const entry: fc.Arbitrary<Entry> = fc.array(revision, { minLength: 1, maxLength: 2 });

const asMap = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<Map<string, T>> => fc.array(fc.tuple(name, item), { maxLength: 4 }).map((pairs) => new Map(pairs));

const bucket: fc.Arbitrary<Bucket> = fc.record({ settings, keys: asMap(entry) });

export const anyState: fc.Arbitrary<State> = fc.record({ buckets: asMap(bucket), streams: fc.array(name).map((names) => new Set(names)) });
