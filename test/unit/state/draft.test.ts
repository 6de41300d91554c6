/** Messages over what was known: the overlay, its count, and what is doubtful. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draft, doubtful, EMPTY_TALLY, MIXED, type Removal } from '../../../src/state/draft.ts';
import type { StoredMessage } from '../../../src/state/message.ts';
import type { Entry } from '../../../src/types.ts';

function put(sequence: number, key: string, more: Partial<StoredMessage> = {}): StoredMessage {
  return { key, prefix: '$KV.B.', revision: { revision: sequence, operation: 'PUT', value: { text: 'v' } }, rollup: null, ...more };
}

const revisions = (entry: Entry | null) => entry?.map(({ revision }) => revision) ?? null;

/** What a draft changes, as key → revisions. */
function changes(draft: Draft): Record<string, number[] | null> {
  return Object.fromEntries([...draft.changes].map(([key, entry]) => [key, revisions(entry)]));
}

/** `door` with revisions 1 and 2, `window` with 3. */
function known(): Draft {
  const draft = new Draft(new Map(), EMPTY_TALLY);
  for (const message of [put(1, 'door'), put(2, 'door'), put(3, 'window')]) draft.collect(message);
  return new Draft(draft.whole(), draft.tally);
}

describe('over door 1 2 and window 3', () => {
  const all = Number.POSITIVE_INFINITY;
  const cases: [string, Removal, StoredMessage[], Record<string, number[] | null>, number, number[]][] = [
    ['nothing', { history: all, rollups: true }, [], {}, 3, []],
    ['a new key', { history: 1, rollups: true }, [put(4, 'chair')], { chair: [4] }, 4, []],
    ['one more revision', { history: 3, rollups: true }, [put(4, 'door')], { door: [1, 2, 4] }, 4, []],
    ['a revision too many', { history: 2, rollups: true }, [put(4, 'door')], { door: [2, 4] }, 3, [2]],
    ['the only revision', { history: 1, rollups: true }, [put(4, 'window'), put(5, 'window')], { window: [5] }, 3, []],
    ['a rollup of a key', { history: 5, rollups: true }, [put(4, 'door', { rollup: 'sub' })], { door: [4] }, 2, []],
    ['a rollup that counts for nothing', { history: 5, rollups: false }, [put(4, 'door', { rollup: 'sub' })], { door: [1, 2, 4] }, 4, []],
    ['a rollup of all', { history: 5, rollups: true }, [put(4, 'chair'), put(5, 'sum', { rollup: 'all' })], { door: null, window: null, sum: [5] }, 1, []],
  ];
  it.each(cases)('%s', (_, removal, messages, expected, count, doubts) => {
    const draft = known();
    for (const message of messages) draft.append(message, removal);
    expect(changes(draft)).toEqual(expected);
    expect(draft.tally).toEqual({ count, prefix: '$KV.B.' });
    expect([...draft.trimmed].flatMap((key) => doubtful(draft, key))).toEqual(doubts);
  });
});

it('never changes an entry that it was given', () => {
  const door: Entry = [{ revision: 1, operation: 'PUT', value: { text: 'v' } }];
  const draft = new Draft(new Map([['door', door]]), { count: 1, prefix: '$KV.B.' });
  for (const sequence of [2, 3, 4]) draft.append(put(sequence, 'door'), { history: 3, rollups: true });
  expect(door.length).toBe(1);
  expect(revisions(draft.entry('door'))).toEqual([2, 3, 4]);
});

it('notices subjects of two buckets', () => {
  const draft = known();
  draft.append(put(4, 'door', { prefix: '$KV.Other.' }), { history: 5, rollups: true });
  expect(draft.tally.prefix).toBe(MIXED);
});

it('holds what a stream that only removes by itself keeps, however the messages are divided', () => {
  const message = fc.record({ key: fc.constantFrom('a', 'b', '__proto__'), rollup: fc.constantFrom(null, null, null, 'sub', 'all') });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), fc.nat(40), (given, history, cut) => {
      let kept: { key: string; sequence: number }[] = [];
      const messages = given.map(({ key, rollup }, at) => put(at + 1, key, { rollup: rollup as StoredMessage['rollup'] }));
      for (const { key, rollup, revision } of messages) {
        if (rollup !== null) kept = kept.filter((one) => rollup === 'sub' && one.key !== key);
        kept.push({ key, sequence: revision.revision });
        const same = kept.filter((one) => one.key === key);
        if (same.length > history) kept = kept.filter((one) => one !== same[0]);
      }
      const first = new Draft(new Map(), EMPTY_TALLY);
      for (const one of messages.slice(0, cut)) first.append(one, { history, rollups: true });
      const base = new Map(first.whole());
      const second = new Draft(base, first.tally);
      for (const one of messages.slice(cut)) second.append(one, { history, rollups: true });
      for (const key of ['a', 'b', '__proto__']) {
        expect(revisions(second.entry(key)) ?? []).toEqual(kept.filter((one) => one.key === key).map(({ sequence }) => sequence));
      }
      expect(second.tally.count).toBe(kept.length);
    }),
  );
});
