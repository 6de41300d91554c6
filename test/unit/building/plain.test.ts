/** The same building in sentences. */
import { expect, test } from 'vitest';
import { describeBuilding } from '../../../src/building/plain.ts';
import { buildingOf, sizeText } from '../../../src/building/rooms.ts';
import type { State } from '../../../src/types.ts';
import { gone, put, stateOf } from './states.ts';

const describe = (state: State, most: number | null = 12) => describeBuilding(buildingOf(state, most));

test('all that the drawing shows, from top to bottom', () => {
  const state = stateOf(
    {
      Bucket1: {},
      Team: {
        settings: {
          description: 'the best',
          storage: 'memory',
          sources: ['A', 'B'],
          metadata: { k: 'v' },
          republish: { src: '>', dest: 'copy.>', headersOnly: true },
        },
        keys: {
          'locker.7': [put('old', 1), put('socks\nshoes', 2)],
          'locker.10': [gone('DEL', 3)],
          'locker.9': [gone('PURGE', 4)],
          long: [put('x'.repeat(300), 5)],
          padded: [put(' y', 6)],
        },
      },
    },
    ['ORDERS', 'EVENTS'],
  );
  expect(describe(state)).toEqual([
    'Room Bucket1: empty.',
    'Room Team: 3 lockers, 1 deleted, 1 purged.',
    '  Description: the best',
    '  Rules: storage memory; sources A, B; metadata k v; republish src >, dest copy.>, headersOnly.',
    '  Locker locker.7, revision 2: socks↵shoes',
    '    Before, revision 1: old',
    '  Locker locker.9, revision 4: purged',
    '  Locker locker.10, revision 3: deleted',
    `  Locker long, revision 5: ${'x'.repeat(199)}… (300 bytes)`,
    '  Locker padded, revision 6: " y"',
    'Streams that are no rooms: EVENTS, ORDERS.',
  ]);
});

test('what is left out is counted', () => {
  const keys = { a: [put('1', 1)], b: [put('2', 2)], c: [put('3', 3)] };
  expect(describe(stateOf({ A: { keys } }), 1)).toEqual(['Room A: 3 lockers.', '  Locker a, revision 1: 1', '  And 2 more; --all shows them.']);
});

test('nothing at all', () => {
  expect(describe(stateOf({}))).toEqual(['The building is empty: no rooms.']);
  expect(describe(stateOf({}, ['X']))).toEqual(['No rooms.', 'Streams that are no rooms: X.']);
});

test.each([
  [1, '1B'],
  [1000, '1000B'],
  [1024, '1KB'],
  [1536, '1536B'],
  [2 ** 20, '1MB'],
  [3 * 2 ** 30, '3GB'],
  [-1, '-1B'],
])('%d bytes are written %s, as the state document takes it', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
