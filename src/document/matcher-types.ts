/** The types of matchers (`<number>`, `<date>`) to what they match. */
import { type Automaton, automaton, either, maybe, oneOf, repeated, sequence } from './automaton.ts';

const digit = oneOf('0123456789');
const digits = repeated(digit);
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** 7, 1.5, 1,000 */
const amount = sequence(either(digits, sequence(digit, maybe(digit), maybe(digit), repeated(',', digit, digit, digit))), maybe('.', digits));

const positive = oneOf('123456789');
const month = either(sequence('0', positive), sequence('1', oneOf('012')));
const day = either(sequence('0', positive), sequence(oneOf('12'), digit), sequence('3', oneOf('01')));
const hours = either(sequence(oneOf('01'), digit), sequence('2', oneOf('0123')));
const minutes = sequence(oneOf('012345'), digit);
const time = sequence(hours, ':', minutes, maybe(':', either(minutes, '60'), maybe(oneOf('.,'), digits)));
const zone = either('Z', sequence(oneOf('+-'), hours, maybe(':'), minutes));

/** By name; null: any text, one character or more. */
export const MATCHER_TYPES: ReadonlyMap<string, Automaton | null> = new Map([
  ['any', null],
  ['number', automaton(sequence(maybe('-'), amount))],
  // 2026-11-23, 2026-11-23T03:06:59.5Z, 2026-11-23 03:06:59
  ['date', automaton(sequence(digit, digit, digit, digit, '-', month, '-', day, maybe(oneOf('T '), time, maybe(zone))))],
  // 1.5ms, 1h30m0s, and the years, weeks and days of the nats CLI
  ['duration', automaton(sequence(maybe('-'), repeated(digits, maybe('.', digits), either('ns', 'us', 'µs', 'μs', 'ms', oneOf('smhdwy')))))],
  // 0 B, 1.0 MiB, 1.5 KB, 10MB
  ['size', automaton(sequence(amount, maybe(' '), maybe(oneOf('kKMGTPE'), maybe('i')), 'B'))],
  ['id', automaton(repeated(oneOf(`${letters}${letters.toUpperCase()}0123456789-_`)))],
]);

export const MATCHER_NAMES: readonly string[] = [...MATCHER_TYPES.keys()];
