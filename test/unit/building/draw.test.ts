/** The drawing, as a reader sees it; and that no value, however odd, breaks its walls. */
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../../src/building/columns.ts';
import { drawBuilding } from '../../../src/building/draw.ts';
import { buildingOf } from '../../../src/building/rooms.ts';
import { createColors } from '../../../src/report/colors.ts';
import type { Entry, State } from '../../../src/types.ts';
import { gone, put, stateOf } from './states.ts';

const draw = (state: State, columns: number, most: number | null = 12, colors = false) =>
  drawBuilding(buildingOf(state, most), { columns, colors: createColors(colors) });

const STATE = stateOf(
  {
    Bucket1: {},
    'Team-Awesome': {
      settings: { description: 'the best team', history: 5, ttl: '1h', compression: true, maxBytes: 2 ** 20 },
      keys: {
        'locker.12': [put("lucky rabbit's foot", 3), put('half-eaten protein bar', 4)],
        'locker.7': [put('sweaty gym socks', 1)],
        'locker.9': [gone('DEL', 5)],
        'locker.10': [gone('PURGE', 6)],
        badge: [put('{ "no": 12345678901234567890,\n  "of": "a  b" }', 7)],
        photo: [put({ base64: 'AP8Q' }, 8)],
        note: [put('', 9)],
      },
    },
  },
  ['ORDERS'],
);

test('rooms stand side by side, with their rules at the door and numbers, revisions and contents of their lockers', () => {
  expect(draw(STATE, 80).join('\n')).toBe(
    `
╔═ Bucket1 ═══════════════════════════╗  ╔═ Team-Awesome ══════════════════════╗
║                                     ║  ║ the best team                       ║
╚═ empty ═════════════════════════════╝  ║ history 5 · ttl 1h · compression    ║
                                         ║ maxBytes 1MB                        ║
                                         ║ ┌ badge ───────────────────── #7 ─┐ ║
                                         ║ │ {"no": 12345678901234567890,    │ ║
                                         ║ │ "of": "a  b"}                   │ ║
                                         ║ ├ locker.7 ────────────────── #1 ─┤ ║
                                         ║ │ sweaty gym socks                │ ║
                                         ║ ├ locker.9 ────────────────── #5 ─┤ ║
                                         ║ │╳╳╳╳╳╳╳╳╳╳╳╳ deleted ╳╳╳╳╳╳╳╳╳╳╳╳│ ║
                                         ║ ├ locker.10 ───────────────── #6 ─┤ ║
                                         ║ │╳╳╳╳╳╳╳╳╳╳╳╳ purged ╳╳╳╳╳╳╳╳╳╳╳╳╳│ ║
                                         ║ ├ locker.12 ───────────────── #4 ─┤ ║
                                         ║ │ half-eaten protein bar          │ ║
                                         ║ │ before: lucky rabbit's foot #3  │ ║
                                         ║ ├ note ────────────────────── #9 ─┤ ║
                                         ║ │ (empty)                         │ ║
                                         ║ ├ photo ───────────────────── #8 ─┤ ║
                                         ║ │ 3 bytes: 00 ff 10               │ ║
                                         ║ └─────────────────────────────────┘ ║
                                         ╚═ 5 lockers, 1 deleted, 1 purged ════╝

Streams that are no rooms: ORDERS`.slice(1),
  );
});

test('from 60 columns up rooms stand side by side, below that one under the other', () => {
  const rooms = (columns: number) => draw(STATE, columns).map((line) => line.split('╔').length - 1);
  expect(Math.max(...rooms(60))).toBe(2);
  expect(Math.max(...rooms(59))).toBe(1);
  expect(Math.max(...draw(stateOf({ A: {}, B: {}, C: {}, D: {} }), 140).map((line) => line.split('╔').length - 1))).toBe(4);
});

test('a building without rooms', () => {
  expect(draw(stateOf({}), 80)).toEqual(['The building is empty: no rooms.']);
  expect(draw(stateOf({}, ['B', 'A']), 80).at(-1)).toBe('Streams that are no rooms: A B');
});

test('of many lockers some are shown, and how many more there are', () => {
  const keys = Object.fromEntries(Array.from({ length: 135 }, (_, index) => [`k${index}`, [put('v', index + 1)]]));
  const lines = draw(stateOf({ A: { keys } }), 60).join('\n');
  expect(lines).toContain('… 123 more (--all)');
  expect(lines).toContain('╚═ 135 lockers ');
  expect(lines.match(/ k\d+ /g)).toHaveLength(12);
  expect(
    draw(stateOf({ A: { keys } }), 60, null)
      .join('\n')
      .match(/ k\d+ /g),
  ).toHaveLength(135);
});

test('a value takes two lines, and says how large it is where that is not enough', () => {
  const keys = { long: [put('half-eaten protein bar, and what was left of the cake', 1)], longer: [put('x'.repeat(5000), 2)] };
  expect(draw(stateOf({ A: { keys } }), 40)).toEqual([
    '╔═ A ══════════════════════════════════╗',
    '║ ┌ long ─────────────────────── #1 ─┐ ║',
    '║ │ half-eaten protein bar, and what │ ║',
    '║ │ was left of the cake             │ ║',
    '║ ├ longer ───────────────────── #2 ─┤ ║',
    `║ │ ${'x'.repeat(32)} │ ║`,
    `║ │ ${'x'.repeat(18)}… (5000 bytes) │ ║`,
    '║ └──────────────────────────────────┘ ║',
    '╚═ 2 lockers ══════════════════════════╝',
  ]);
});

test('as many lockers as a server can hold', () => {
  const keys = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, [put('v', index + 1)]]));
  expect(draw(stateOf({ A: { keys } }), 60, null)).toHaveLength(200_003);
});

test('colours only paint: without them the same drawing is left', () => {
  const painted = draw(STATE, 80, 12, true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is what is looked for.
  expect(painted.map((line) => line.replace(/\x1b\[\d+m/g, '').trimEnd())).toEqual(draw(STATE, 80));
  expect(painted.join('\n')).toContain('\x1b[9mlocker.9\x1b[29m');
});

describe('walls stay straight', () => {
  /** Of each line the columns at which a room's wall stands. */
  const walls = (lines: string[]) => lines.map((line) => [...line.matchAll(/[║╗╝╔╚]/g)].map(({ index }) => columnsOf(line.slice(0, index))));

  test('whatever is in the lockers, and however wide the terminal is', () => {
    const any = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('漢字', '👩‍👩‍👧‍👦', '\u202eevil', '\x1b[2J\x9b2J', 'a\tb\r\nc', '┃', '́'),
    );
    const text = any.map((one) => one.replace(/[║╔╗╚╝]/g, '|'));
    const entry = fc.oneof(
      text.map((value): Entry => [put(value, 1)]),
      fc.base64String({ minLength: 4 }).map((base64): Entry => [put({ base64 }, 2)]),
      fc.constant<Entry>([gone('DEL', 123456789)]),
    );
    const bucket = fc.record({ settings: fc.record({ description: text, history: fc.nat() }), keys: fc.dictionary(text, entry, { maxKeys: 5 }) });
    const state = fc.dictionary(fc.oneof(fc.stringMatching(/^[-\w]{1,60}$/)), bucket, { maxKeys: 4 });
    fc.assert(
      fc.property(state, fc.integer({ min: 26, max: 200 }), (buckets, columns) => {
        const lines = draw(stateOf(buckets), columns);
        for (const line of lines) {
          expect(columnsOf(line)).toBeLessThanOrEqual(columns);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
        }
        // Where a room has a wall in one line, it has one in all of its lines.
        const columnsOfWalls = new Set(walls(lines).flat());
        expect(columnsOfWalls.size).toBeLessThanOrEqual(2 * Math.max(1, Object.keys(buckets).length));
      }),
      { numRuns: 200 },
    );
  });

  test('on a terminal too, with letters that take two columns', async () => {
    const keys = { 'ロッカー.7': [put('汗臭い靴下、とても長い値なので切られてしまいます', 1)], 'locker.8': [put('socks', 2)] };
    const terminal = new xterm.Terminal({ cols: 60, rows: 12, allowProposedApi: true });
    await new Promise<void>((resolve) => terminal.write(draw(stateOf({ チーム: { keys }, B: {} }), 60).join('\r\n'), resolve));
    const { active } = terminal.buffer;
    const cell = (row: number, column: number) => active.getLine(row)?.getCell(column)?.getChars();
    const right = Array.from({ length: 8 }, (_, row) => cell(row, 59));
    expect(right).toEqual(['╗', '║', '║', '║', '║', '║', '║', '╝']);
    terminal.dispose();
  });
});
