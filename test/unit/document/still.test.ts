/** How long nothing must move until a server can be taken to stand still. */
import { expect, test } from 'vitest';
import { diffStates, emptyState } from '../../../src/document/delta.ts';
import { pauseAfter, quietTime } from '../../../src/document/still.ts';
import type { Settings, State } from '../../../src/types.ts';

const inA = (settings: Settings, ...keys: string[]): State => ({
  buckets: new Map([['A', { settings, keys: new Map(keys.map((key) => [key, [{ operation: 'PUT', value: { text: 'x' }, revision: 1 }]])) }]]),
  streams: new Set(),
});
const after = (state: State, before = emptyState()) => quietTime(state, diffStates(before, state));

test.each<[string, State, number]>([
  ['nothing moves by itself', inA({}, 'k'), 0],
  ['what expires soon', inA({ ttl: '500ms' }, 'k'), 1500],
  ['nothing is there that could expire', inA({ ttl: '500ms' }), 0],
  ['what expires too late to be waited for', inA({ ttl: '1h' }, 'k'), 0],
  ['a key whose own time to live no entry tells', inA({ markerTtl: '1m' }, 'k'), 2000],
  ['markers that go again', inA({ markerTtl: '2s' }, 'k'), 3000],
  ['a copy that is on its way', inA({ mirror: 'B' }), 1000],
])('%s', (_, state, milliseconds) => {
  expect(after(state)).toBe(milliseconds);
});

test('a step that did nothing set nothing in motion', () => {
  const state = inA({ ttl: '500ms' }, 'k');
  expect(after(state, state)).toBe(0);
});

test.each([
  [0, 20],
  [800, 20],
  [2000, 50],
  [60_000, 100],
])('having waited %d ms for a state, the next look is after %d ms', (waited, pause) => {
  expect(pauseAfter(waited)).toBe(pause);
});
