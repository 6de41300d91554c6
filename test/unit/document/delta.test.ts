import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyDelta, composeDeltas, diffStates, emptyDelta, emptyState, entriesEqual, isEmptyDelta } from '../../../src/document/delta.ts';
import type { Entry, State } from '../../../src/types.ts';
import { anyState } from './states.ts';

const put = (text: string, revision: number): Entry => [{ revision, operation: 'PUT', value: { text } }];

it('says what differs, and nothing else', () => {
  const before: State = {
    buckets: new Map([
      ['Same', { settings: { history: 5 }, keys: new Map([['k', put('v', 1)]]) }],
      [
        'Kept',
        {
          settings: {},
          keys: new Map([
            ['same', put('v', 1)],
            ['changed', put('old', 2)],
            ['gone', put('v', 3)],
          ]),
        },
      ],
      ['Gone', { settings: { ttl: '1h' }, keys: new Map([['k', put('v', 1)]]) }],
    ]),
    streams: new Set(['ORDERS', 'OLD']),
  };
  const after: State = {
    buckets: new Map([
      ['Same', { settings: { history: 5 }, keys: new Map([['k', put('v', 1)]]) }],
      [
        'Kept',
        {
          settings: { history: 2 },
          keys: new Map([
            ['same', put('v', 1)],
            ['changed', put('new', 4)],
            ['come', put('v', 5)],
          ]),
        },
      ],
      ['Come', { settings: {}, keys: new Map() }],
    ]),
    streams: new Set(['ORDERS', 'NEW']),
  };
  expect(diffStates(before, after)).toEqual({
    buckets: [
      { bucket: 'Come', before: null, after: {}, keys: [] },
      { bucket: 'Gone', before: { ttl: '1h' }, after: null, keys: [{ key: 'k', before: put('v', 1), after: null }] },
      {
        bucket: 'Kept',
        before: {},
        after: { history: 2 },
        keys: [
          { key: 'changed', before: put('old', 2), after: put('new', 4) },
          { key: 'come', before: null, after: put('v', 5) },
          { key: 'gone', before: put('v', 3), after: null },
        ],
      },
    ],
    streams: { added: ['NEW'], removed: ['OLD'] },
  });
});

it('the difference of a state and itself is empty', () => {
  fc.assert(
    fc.property(anyState, (state) => {
      expect(diffStates(state, structuredClone(state))).toEqual(emptyDelta());
      expect(isEmptyDelta(diffStates(state, state))).toBe(true);
    }),
  );
});

it('applied to the first state, the difference gives the second', () => {
  fc.assert(
    fc.property(anyState, anyState, (before, after) => {
      const delta = diffStates(before, after);
      const state = structuredClone(before);
      applyDelta(state, delta);
      expect(state).toEqual(after);
      expect(isEmptyDelta(delta)).toBe(isEmptyDelta(diffStates(after, before)));
      expect(JSON.parse(JSON.stringify(delta))).toEqual(delta);
    }),
  );
});

it('two differences together are the difference of the ends, so that what comes back vanishes', () => {
  fc.assert(
    fc.property(anyState, anyState, anyState, (one, two, three) => {
      expect(composeDeltas(diffStates(one, two), diffStates(two, three))).toEqual(diffStates(one, three));
      expect(composeDeltas(diffStates(one, two), diffStates(two, one))).toEqual(emptyDelta());
    }),
  );
});

it('changes nothing that it is given', () => {
  fc.assert(
    fc.property(anyState, anyState, anyState, (one, two, three) => {
      const [first, second] = [diffStates(one, two), diffStates(two, three)];
      const before = structuredClone([first, second]);
      composeDeltas(first, second);
      applyDelta(structuredClone(one), first);
      expect([first, second]).toEqual(before);
    }),
  );
});

it('a new state is empty, and its own', () => {
  expect(diffStates(emptyState(), emptyState())).toEqual(emptyDelta());
  expect(emptyState()).not.toBe(emptyState());
});

it('entries are equal by every revision, operation and value', () => {
  expect(entriesEqual(put('a', 1), put('a', 1))).toBe(true);
  expect(entriesEqual(null, null)).toBe(true);
  for (const other of [
    null,
    put('b', 1),
    put('a', 2),
    [...put('a', 1), ...put('a', 1)],
    [{ revision: 1, operation: 'DEL' as const, value: null }],
    [{ revision: 1, operation: 'PUT' as const, value: { base64: 'a' } }],
  ]) {
    expect(entriesEqual(put('a', 1), other)).toBe(false);
  }
});
