/** The bytes of a locker to a value, and a value against what the page says of it. */
import type { ExpectedValue, Json, Value } from '../types.ts';
import { jsonEquals, parseJson } from './json.ts';
import type { Captures } from './matchers.ts';
import { matchText, textHasMatchers } from './matchers.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Valid UTF-8 as text (a BOM stays in it), anything else as base64: either way the same bytes come out again. */
export function valueFromBytes(bytes: Uint8Array): Value {
  try {
    return { text: UTF8.decode(bytes) };
  } catch {
    return { base64: base64OfBytes(bytes) };
  }
}

function base64OfBytes(bytes: Uint8Array): string {
  const chunks: string[] = [];
  // In pieces: a function takes some ten thousand arguments, a value may have millions of bytes. 3 divides the size, so that the pieces join without padding.
  for (let at = 0; at < bytes.length; at += 6144) chunks.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 6144))));
  return chunks.join('');
}

/** The bytes of a value. */
export function valueSize(value: Value): number {
  if ('text' in value) return new TextEncoder().encode(value.text).length;
  const padding = value.base64.endsWith('==') ? 2 : value.base64.endsWith('=') ? 1 : 0;
  return (value.base64.length / 4) * 3 - padding;
}

/**
 * Whether a value is what the page says: its text exactly, but for matchers (see `matchText`); its JSON, by `jsonMatches`; the same bytes; as many bytes. What is
 * captured is added to `captures`, only where the value matches.
 */
export function valueMatches(expected: ExpectedValue, actual: Value, captures: Captures): boolean {
  if ('text' in expected) return 'text' in actual && matchText(expected.text, actual.text, captures);
  if ('size' in expected) return expected.size === valueSize(actual);
  if ('base64' in expected) return expected.base64 === ('base64' in actual ? actual.base64 : base64OfBytes(new TextEncoder().encode(actual.text)));
  if (!('text' in actual)) return false;
  try {
    return jsonMatches(expected.json, parseJson(actual.text), captures);
  } catch {
    return false;
  }
}

/**
 * Deep equality where the order of names does not count, and a string of the page may hold matchers; one that does may also match the text of a number or a boolean. What is
 * captured is added to `captures`, only where all matches.
 */
export function jsonMatches(expected: Json, actual: Json, captures: Captures): boolean {
  const found: Captures = new Map(captures);
  if (!leavesMatch(expected, actual, found)) return false;
  for (const [name, text] of found) captures.set(name, text);
  return true;
}

function leavesMatch(expected: Json, actual: Json, captures: Captures): boolean {
  if (typeof expected === 'string') {
    if (typeof actual === 'string') return matchText(expected, actual, captures);
    return typeof actual !== 'object' && textHasMatchers(expected, captures) && matchText(expected, String(actual), captures);
  }
  if (typeof expected !== 'object' || typeof actual !== 'object' || expected === null || actual === null) return jsonEquals(expected, actual);
  if (Array.isArray(expected) || Array.isArray(actual)) {
    if (!Array.isArray(expected) || !Array.isArray(actual) || expected.length !== actual.length) return false;
    return expected.every((item, at) => leavesMatch(item, actual[at] ?? null, captures));
  }
  const names = Object.keys(expected);
  if (names.length !== Object.keys(actual).length) return false;
  return names.every((name) => Object.hasOwn(actual, name) && leavesMatch(expected[name] ?? null, actual[name] ?? null, captures));
}
