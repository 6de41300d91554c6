import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEquals } from '../../../src/document/json.ts';
import { jsonMatches, valueFromBytes, valueMatches, valueSize } from '../../../src/document/values.ts';
import type { ExpectedValue, Json, Value } from '../../../src/types.ts';

const bytes = (...codes: number[]): Uint8Array => Uint8Array.from(codes);
const base64Of = (all: Uint8Array): string => Buffer.from(all).toString('base64');

describe('bytes', () => {
  it.each<[Uint8Array, Value]>([
    [bytes(), { text: '' }],
    [bytes(0x68, 0x69), { text: 'hi' }],
    [bytes(0xef, 0xbb, 0xbf, 0x68), { text: '\ufeffh' }],
    [bytes(0), { text: '\0' }],
    [bytes(0xc3, 0xa4), { text: 'ä' }],
    [bytes(0xff), { base64: '/w==' }],
    [bytes(0xc3), { base64: 'ww==' }],
    [bytes(0xed, 0xa0, 0x80), { base64: '7aCA' }],
    [bytes(0xc0, 0x80), { base64: 'wIA=' }],
  ])('%j are %j', (all, value) => {
    expect(valueFromBytes(all)).toEqual(value);
    expect(valueSize(value)).toBe(all.length);
  });

  it('come out again as they went in, however many', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(1, 500), (some, times) => {
        const all = Uint8Array.from({ length: some.length * times }, (_, at) => some[at % some.length] ?? 0);
        const value = valueFromBytes(all);
        expect('text' in value ? Buffer.from(value.text) : Buffer.from(value.base64, 'base64')).toEqual(Buffer.from(all));
        expect(valueSize(value)).toBe(all.length);
        expect(valueMatches({ base64: base64Of(all) }, value, new Map())).toBe(true);
        expect(valueMatches({ size: all.length }, value, new Map())).toBe(true);
        expect(valueMatches({ size: all.length + 1 }, value, new Map())).toBe(false);
      }),
    );
  });
});

describe('a value', () => {
  it.each<[ExpectedValue, Value, boolean]>([
    [{ text: 'a' }, { text: 'a' }, true],
    [{ text: 'a' }, { text: 'a ' }, false],
    [{ text: 'at <date>' }, { text: 'at 2026-11-23' }, true],
    [{ text: '/w==' }, { base64: '/w==' }, false],
    [{ base64: 'aGk=' }, { text: 'hi' }, true],
    [{ base64: '/w==' }, { base64: '/w==' }, true],
    [{ base64: '/w==' }, { base64: '/g==' }, false],
    [{ json: { a: 1, b: [true, null] } }, { text: ' {"b":[true,null], "a":1.0}' }, true],
    [{ json: { a: 1 } }, { text: '{"a":1,"b":2}' }, false],
    [{ json: { a: 1 } }, { text: 'not json' }, false],
    [{ json: null }, { text: 'null' }, true],
    // 9007199254740993 is not a double, and its neighbour must not pass for it.
    [{ json: 9007199254740992 }, { text: '9007199254740993' }, false],
    [{ json: { ok: '<any>' } }, { text: '{"ok":true}' }, true],
    [{ json: { a: 1 } }, { base64: '/w==' }, false],
    [{ size: 2 }, { text: 'ä' }, true],
    [{ size: 1 }, { base64: '/w==' }, true],
  ])('%j of %j: %s', (expected, actual, matches) => {
    expect(valueMatches(expected, actual, new Map())).toBe(matches);
  });

  it('gives the same capture to what comes after it', () => {
    const captures = new Map<string, string>();
    expect(valueMatches({ json: { id: '<x:id>', again: '<x>' } }, { text: '{"again":"a1","id":"a1"}' }, captures)).toBe(true);
    expect(valueMatches({ text: 'id <x>' }, { text: 'id a2' }, captures)).toBe(false);
    expect(valueMatches({ text: 'id <x>' }, { text: 'id a1' }, captures)).toBe(true);
  });
});

describe('JSON', () => {
  it.each<[Json, Json, boolean]>([
    ['<number>', 7, true],
    ['<number>', '7', true],
    ['<n:number>', 7.5, true],
    ['7', 7, false],
    ['<number>', true, false],
    ['<any>', null, false],
    ['<any>', {}, false],
    [7, '7', false],
    [['<any>', 'b'], ['a', 'b'], true],
    [['a'], ['a', 'a'], false],
    [[], {}, false],
    [{ a: ['<x:any>', '<x>'] }, { a: ['q', 'q'] }, true],
    [{ a: ['<x:any>', '<x>'] }, { a: ['q', 'r'] }, false],
    [{ toString: 1 }, {}, false],
    [{}, null, false],
  ])('%j against %j: %s', (expected, actual, matches) => {
    expect(jsonMatches(expected, actual, new Map())).toBe(matches);
  });

  it('takes __proto__ for a name like any other', () => {
    const one = JSON.parse('{"__proto__":{"a":1}}') as Json;
    expect(jsonMatches(one, JSON.parse('{"__proto__":{"a":1}}') as Json, new Map())).toBe(true);
    expect(jsonMatches(one, JSON.parse('{"__proto__":{"a":2}}') as Json, new Map())).toBe(false);
    expect(jsonMatches(one, {}, new Map())).toBe(false);
    expect(jsonEquals(one, {})).toBe(false);
  });

  it('captures nothing where it does not match', () => {
    const captures = new Map<string, string>();
    expect(jsonMatches(['<x:any>', 1], ['a', 2], captures)).toBe(false);
    expect(captures.size).toBe(0);
  });

  it('is equal to its copy, whatever the order of its names', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = value as Json;
        const turned = JSON.parse(JSON.stringify(json), (_, item: unknown) =>
          typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.fromEntries(Object.entries(item).reverse()) : item,
        ) as Json;
        expect(jsonEquals(JSON.parse(JSON.stringify(json)) as Json, turned)).toBe(true);
        expect(jsonEquals([json], [json, json])).toBe(false);
      }),
    );
  });
});
