import { describe, expect, it } from 'vitest';
import { applyPatch, EMPTY_EXPECTED } from '../../../src/document/expected.ts';
import { readStateDocument } from '../../../src/document/read.ts';
import type { ExpectedState, StatePatch } from '../../../src/types.ts';
import { fenceOf } from './fence.ts';

function read(kind: 'state' | 'change', text: string): StatePatch {
  const { patch, problems } = readStateDocument(kind, fenceOf(text), 'lesson.md');
  expect(problems).toEqual([]);
  return patch;
}

const stateOf = (text: string): ExpectedState => applyPatch(EMPTY_EXPECTED, read('state', text));

const BEFORE = `
buckets:
  Bucket1: { history: 5, ttl: 1h, metadata: { a: 1, b: 2 }, keys: { k: v, l: { value: w, revision: 2 }, "crowd.>": { count: 3 } } }
  Bucket2: {}
streams: [ORDERS]
`;

describe('a change on what was expected before', () => {
  it.each([
    ['nothing', '{}', BEFORE],
    ['a key comes, another is replaced whole', 'buckets: { Bucket1: { keys: { m: x, l: z } } }', BEFORE.replace('l: { value: w, revision: 2 }', 'l: z, m: x')],
    ['a key goes', 'buckets: { Bucket1: { keys: { k: null } } }', BEFORE.replace('k: v, ', '')],
    ['a count changes', 'buckets: { Bucket1: { keys: { "crowd.>": { count: 4 } } } }', BEFORE.replace('count: 3', 'count: 4')],
    ['a count goes', 'buckets: { Bucket1: { keys: { "crowd.>": } } }', BEFORE.replace(', "crowd.>": { count: 3 }', '')],
    ['all keys go', 'buckets: { Bucket1: { keys: null } }', BEFORE.replace(/, keys: .*/, ' }')],
    [
      'a setting changes, another goes back to its default',
      'buckets: { Bucket1: { history: 9, ttl: null } }',
      BEFORE.replace('history: 5, ttl: 1h', 'history: 9'),
    ],
    ['a setting is given at its default', 'buckets: { Bucket1: { history: 1 } }', BEFORE.replace('history: 5, ', '')],
    ['a setting that is a map is replaced whole', 'buckets: { Bucket1: { metadata: { c: 3 } } }', BEFORE.replace('{ a: 1, b: 2 }', '{ c: 3 }')],
    ['a bucket comes', 'buckets: { Bucket3: { compression: true } }', BEFORE.replace('  Bucket2', '  Bucket3: { compression: true }\n  Bucket2')],
    ['a bucket goes', 'buckets: { Bucket2: null }', BEFORE.replace('  Bucket2: {}\n', '')],
    ['a bucket that is there is named without more', 'buckets: { Bucket1: {} }', BEFORE],
    ['what is not there goes', 'buckets: { Bucket9: null, Bucket1: { mirror: null, keys: { z: null } } }', BEFORE],
    ['all buckets go', 'buckets: null', 'streams: [ORDERS]'],
    ['other streams', 'streams: [A, B]', BEFORE.replace('ORDERS', 'A, B')],
    ['all streams go', 'streams: null', BEFORE.replace(/streams.*/, '')],
  ])('%s', (_, change, after) => {
    const before = stateOf(BEFORE);
    const copy = structuredClone(before);
    expect(applyPatch(before, read('change', change))).toEqual(stateOf(after));
    expect(before).toEqual(copy);
  });

  it('shares what it does not touch', () => {
    const before = stateOf(BEFORE);
    const after = applyPatch(before, read('change', 'buckets: { Bucket1: { keys: { k: x } } }'));
    expect(after.buckets.get('Bucket2')).toBe(before.buckets.get('Bucket2'));
    expect(after.buckets.get('Bucket1')?.keys.get('l')).toBe(before.buckets.get('Bucket1')?.keys.get('l'));
    expect(after.streams).toBe(before.streams);
    expect(applyPatch(before, read('change', 'streams: [A]')).buckets).toBe(before.buckets);
    expect(applyPatch(before, read('change', 'buckets: { Bucket2: { history: 3 } }')).buckets.get('Bucket2')?.keys).toBe(before.buckets.get('Bucket2')?.keys);
  });
});

it('a page that says nothing expects nothing', () => {
  expect(EMPTY_EXPECTED).toEqual({ buckets: new Map(), streams: new Set() });
});
