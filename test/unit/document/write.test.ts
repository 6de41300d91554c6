import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { diffStates } from '../../../src/document/delta.ts';
import { applyPatch, EMPTY_EXPECTED } from '../../../src/document/expected.ts';
import { readStateDocument } from '../../../src/document/read.ts';
import { jsonMatches, valueMatches } from '../../../src/document/values.ts';
import {
  writeDelta,
  writeEntry,
  writeExpectedEntry,
  writeExpectedRevision,
  writeExpectedValue,
  writeRevision,
  writeState,
  writeValue,
} from '../../../src/document/write.ts';
import type { Entry, ExpectedEntry, ExpectedValue, Json, Revision, State } from '../../../src/types.ts';
import { fenceOf } from './fence.ts';
import { anyState } from './states.ts';

const put = (text: string, revision: number): Revision => ({ revision, operation: 'PUT', value: { text } });
const deleted = (revision: number): Revision => ({ revision, operation: 'DEL', value: null });
const purged = (revision: number): Revision => ({ revision, operation: 'PURGE', value: null });
const bytes = (base64: string, revision: number): Revision => ({ revision, operation: 'PUT', value: { base64 } });

it.each<[Entry | null, Json, Json]>([
  [[put('a', 1), put('b', 2)], 'b', { value: 'b', revision: 2 }],
  [[deleted(3)], { deleted: true }, { deleted: true, revision: 3 }],
  [[purged(4)], { purged: true }, { purged: true, revision: 4 }],
  [[bytes('/w==', 5)], { base64: '/w==' }, { base64: '/w==', revision: 5 }],
])('the entry %j is %j, its last revision %j', (entry, short, long) => {
  expect(writeEntry(entry)).toEqual(short);
  expect(entry?.at(-1) && writeRevision(entry.at(-1) ?? put('', 0))).toEqual(long);
});

it('writes nothing as null', () => {
  expect(writeEntry(null)).toBeNull();
  expect(writeExpectedEntry(null)).toBeNull();
  expect(writeValue({ text: '' })).toBe('');
});

it.each<[ExpectedValue, Json]>([
  [{ text: '<any>' }, '<any>'],
  [{ json: { a: [1] } }, { json: { a: [1] } }],
  [{ json: null }, { json: null }],
  [{ base64: '/w==' }, { base64: '/w==' }],
  [{ size: 1024 }, { size: 1024 }],
])('the expected value %j is %j', (value, written) => {
  expect(writeExpectedValue(value)).toEqual(written);
});

it.each<[ExpectedEntry, Json]>([
  [{ operation: 'PUT', value: { text: 'a' }, revision: null, history: null }, 'a'],
  [{ operation: 'PUT', value: { json: [1] }, revision: null, history: null }, { json: [1] }],
  [{ operation: 'DEL', value: null, revision: null, history: null }, { deleted: true }],
  [
    { operation: 'PUT', value: { size: 3 }, revision: 4, history: null },
    { size: 3, revision: 4 },
  ],
  [
    { operation: 'PURGE', value: null, revision: null, history: [{ operation: 'PURGE', value: null, revision: 2 }] },
    { purged: true, history: [{ purged: true, revision: 2 }] },
  ],
])('the expected entry %j is %j', (entry, written) => {
  expect(writeExpectedEntry(entry)).toEqual(written);
});

it('an expected revision is always a mapping, with its number where the page gives one', () => {
  expect(writeExpectedRevision({ operation: 'PUT', value: { text: 'a' }, revision: null })).toEqual({ value: 'a' });
  expect(writeExpectedRevision({ operation: 'DEL', value: null, revision: 7 })).toEqual({ deleted: true, revision: 7 });
});

const building: State = {
  buckets: new Map([
    [
      'Team',
      {
        settings: { history: 5 },
        keys: new Map([
          ['b', [put('x', 1), deleted(3)]],
          ['a', [bytes('/w==', 2)]],
          ['__proto__', [put('p', 4)]],
        ]),
      },
    ],
    ['Bucket1', { settings: {}, keys: new Map() }],
  ]),
  streams: new Set(['Z', 'ORDERS']),
};

it('writes the whole document in order', () => {
  expect(JSON.stringify(writeState(building))).toBe(
    '{"buckets":{"Bucket1":{},"Team":{"history":5,"keys":{"__proto__":"p","a":{"base64":"/w=="},"b":{"deleted":true}}}},"streams":["ORDERS","Z"]}',
  );
  expect(writeState({ buckets: new Map(), streams: new Set() })).toEqual({ buckets: {} });
});

it('writes revisions and history where they are asked for', () => {
  const keys = new Map([
    ['a', [put('x', 1), deleted(3)]],
    ['b', [put('y', 2)]],
  ]);
  const state: State = { buckets: new Map([['B', { settings: {}, keys }]]), streams: new Set() };
  expect(writeState(state, { revisions: true })).toEqual({ buckets: { B: { keys: { a: { deleted: true, revision: 3 }, b: { value: 'y', revision: 2 } } } } });
  expect(writeState(state, { history: true })).toEqual({
    buckets: {
      B: {
        keys: {
          a: {
            deleted: true,
            revision: 3,
            history: [
              { value: 'x', revision: 1 },
              { deleted: true, revision: 3 },
            ],
          },
          b: { value: 'y', revision: 2 },
        },
      },
    },
  });
});

it('one row for each thing that changed', () => {
  const before: State = {
    buckets: new Map([
      [
        'Kept',
        {
          settings: { ttl: '1h', history: 5 },
          keys: new Map([
            ['same', [put('v', 1)]],
            ['again', [put('v', 2)]],
            ['cut', [put('a', 3), put('b', 4)]],
            ['gone', [put('v', 5)]],
          ]),
        },
      ],
      ['Gone', { settings: { history: 2 }, keys: new Map([['k', [put('v', 1)]]]) }],
    ]),
    streams: new Set(['OLD']),
  };
  const after: State = {
    buckets: new Map([
      [
        'Kept',
        {
          settings: { history: 9, storage: 'memory' },
          keys: new Map([
            ['same', [put('v', 1)]],
            ['again', [put('v', 6)]],
            ['cut', [put('b', 4)]],
            ['a/b', [deleted(7)]],
          ]),
        },
      ],
      ['Come', { settings: { compression: true }, keys: new Map([['k', [put('v', 1)]]]) }],
    ]),
    streams: new Set(['NEW']),
  };
  expect(writeDelta(diffStates(before, after))).toEqual([
    { pointer: '/buckets/Come', before: null, after: { compression: true } },
    { pointer: '/buckets/Come/keys/k', before: null, after: 'v' },
    { pointer: '/buckets/Gone', before: { history: 2 }, after: null },
    { pointer: '/buckets/Kept/ttl', before: '1h', after: null },
    { pointer: '/buckets/Kept/history', before: 5, after: 9 },
    { pointer: '/buckets/Kept/storage', before: null, after: 'memory' },
    { pointer: '/buckets/Kept/keys/a~1b', before: null, after: { deleted: true } },
    { pointer: '/buckets/Kept/keys/again', before: { value: 'v', revision: 2 }, after: { value: 'v', revision: 6 } },
    {
      pointer: '/buckets/Kept/keys/cut',
      before: {
        value: 'b',
        revision: 4,
        history: [
          { value: 'a', revision: 3 },
          { value: 'b', revision: 4 },
        ],
      },
      after: { value: 'b', revision: 4 },
    },
    { pointer: '/buckets/Kept/keys/gone', before: 'v', after: null },
    { pointer: '/streams/OLD', before: 'OLD', after: null },
    { pointer: '/streams/NEW', before: null, after: 'NEW' },
  ]);
});

it('what it writes reads as what is there', () => {
  fc.assert(
    fc.property(anyState, (state) => {
      const { patch, problems } = readStateDocument('state', fenceOf(stringify(writeState(state), { aliasDuplicateObjects: false })), 'lesson.md');
      // A name such as `locker.7` is a key, but no bucket.
      expect(problems.filter(({ message }) => !message.includes('no name for a'))).toEqual([]);
      const expected = applyPatch(EMPTY_EXPECTED, patch);
      expect([...expected.streams].sort()).toEqual([...state.streams].sort());
      expect([...expected.buckets.keys()].sort()).toEqual([...state.buckets.keys()].sort());
      for (const [name, bucket] of state.buckets) {
        expect(jsonMatches({ ...expected.buckets.get(name)?.settings }, { ...bucket.settings }, new Map())).toBe(true);
        for (const [key, entry] of bucket.keys) {
          const said = expected.buckets.get(name)?.keys.get(key);
          const latest = entry.at(-1);
          expect(said?.operation).toBe(latest?.operation);
          expect(!said?.value || !latest?.value || valueMatches(said.value, latest.value, new Map())).toBe(true);
        }
      }
    }),
  );
});
