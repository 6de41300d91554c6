import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDuration, parseDuration, parseTimeLimit } from '../../../src/document/duration.ts';

it.each([
  ['500ms', 500],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['1h0m0s', 3_600_000],
  ['2d', 172_800_000],
  ['1w', 604_800_000],
  ['1ms500us', 1.5],
  ['1.5ms', 1.5],
  ['500µs', 0.5],
  ['500μs', 0.5],
  ['7ns', 0.000007],
  ['0s', 0],
])('reads %s as %d ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

it.each(['', '5', '-5s', '+5s', '5 s', ' 5s', '5s ', '5S', '1.s', '.5s', '1,5s', 's', '5x', '1h30', '1e3s', '293y', '300000000h', `${'9'.repeat(400)}s`])(
  'does not read %j',
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

it.each([
  [5_400_000, '1h30m'],
  [86_400_000, '24h'],
  [90_000, '1m30s'],
  [3_600_000, '1h'],
  [1500, '1.5s'],
  [3_601_001.5, '1h1.0015s'],
  [500, '500ms'],
  [1.5, '1.5ms'],
  [0.5, '500us'],
  [0.0205, '20.5us'],
  [0.000007, '7ns'],
  [0, '0s'],
  [0.9999999, '1ms'],
])('writes %d ms as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it('reads back what it wrote, to the nanosecond', () => {
  const nanoseconds = fc.tuple(fc.nat({ max: 9_223_372_036_000 }), fc.nat({ max: 999_999 }));
  fc.assert(
    fc.property(nanoseconds, ([whole, rest]) => {
      const text = formatDuration(whole + rest / 1e6);
      expect(formatDuration(parseDuration(text) ?? -1)).toBe(text);
    }),
  );
});

it('a time limit is above zero, and no longer than a timer can wait', () => {
  expect(['500ms', '0s', 'soon', '60d'].map(parseTimeLimit)).toEqual([500, null, null, 2 ** 31 - 1]);
});
