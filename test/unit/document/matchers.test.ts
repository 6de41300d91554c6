import { describe, expect, it } from 'vitest';
import { type Captures, matchLine, matchLines } from '../../../src/document/matchers.ts';

const matches = (expected: string, actual: string): boolean => matchLine(expected, actual, new Map());

describe('a line', () => {
  it.each([
    ['plain text', 'plain text'],
    ['', ''],
    ['<any>', 'x'],
    ['a<any>c', 'abc'],
    ['<any>b', 'abab'],
    ['[<flags>]', '[<flags>]'],
    ['<', '<'],
    ['<any', '<any'],
    ['<http://x>', '<http://x>'],
    ['\\<any>', '<any>'],
    ['a \\<number> b', 'a <number> b'],
    ['\\...', '...'],
    ['\\$ nats <any>', '$ nats <any>'],
    ['\\\\<any>', '\\<any>'],
    ['\\', ''],
    ['a\\b', 'a\\b'],
    ['<number><any>', '12x'],
    ['<id>-<id>', 'a-b-c'],
    ['<any><any>', 'ab'],
    ['rev <number>.', 'rev 7.'],
    ['<size>, <duration>', '1.0 MiB, 1h30m0s'],
    ['<a:any> <a>', 'x x'],
    ['<a:id>=<a:id>', 'b=b'],
    ['<a:any><b:any><a>', 'xyzx'],
    ['<date:date> <date>', '2026-11-23 2026-11-23'],
  ])('%j matches %j', (expected, actual) => {
    expect(matches(expected, actual)).toBe(true);
  });

  it.each([
    ['plain', 'Plain'],
    ['<any>', ''],
    ['a<any>c', 'ac'],
    ['<any><any>', 'a'],
    ['<any>', 'a\nb'.slice(0, 0)],
    ['<number>', '7 '],
    ['x<number>', '7'],
    ['\\<any>', 'x'],
    ['<a:any> <a>', 'x y'],
    ['<a>', 'x'],
    ['<flags>', 'x'],
    ['...', 'anything'],
  ])('%j does not match %j', (expected, actual) => {
    expect(matches(expected, actual)).toBe(false);
  });
});

describe('the types', () => {
  it.each([
    [
      'number',
      ['7', '-1.5', '1,000', '1,234,567.25', '0', '12345', '007'],
      ['', '-', '1.', '.5', '1,00', '1,0000', '1000,000', '1 000', 'x', '1e3', '--1', '+1'],
    ],
    [
      'date',
      [
        '2026-11-23',
        '2026-11-23T03:06:59Z',
        '2026-11-23T03:06:59.123456789Z',
        '2026-11-23T03:06:59+02:00',
        '2026-11-23T03:06:59-0230',
        '2026-11-23T03:06:59',
        '2026-11-23T03:06Z',
        '2026-11-23 03:06:59',
        '2026-11-23 03:06:59.5',
        '2016-12-31T23:59:60Z',
      ],
      [
        '2026-13-23',
        '2026-00-01',
        '2026-11-32',
        '2026-11-00',
        '2026-11-23T24:00:00',
        '2026-11-23T03:60:00',
        '26-11-23',
        '2026-11-23T',
        '2026-11-23  03:06:59',
        '03:06:59',
        '20261123',
      ],
    ],
    ['duration', ['1.5ms', '1h30m0s', '500µs', '500us', '7ns', '-2s', '1d2h', '1y0d0h0m0s', '2w'], ['', '1', 'ms', '1.ms', '1 s', '1h30', 'never']],
    ['size', ['0 B', '1.0 MiB', '64 B', '1.5 KB', '10MB', '1,024 B', '3 GiB', '1kB'], ['', '7', 'B', '1 M', '1  B', '1 XB', '1 iB']],
    ['id', ['a', 'A1-b_2', '-', '0'], ['', 'a b', 'a.b', 'ä', 'a/b']],
    ['any', ['x', ' ', '<any>', '…'], ['']],
  ])('<%s>', (type, right, wrong) => {
    expect(right.filter((text) => !matches(`<${type}>`, text))).toEqual([]);
    expect(wrong.filter((text) => matches(`<${type}>`, text))).toEqual([]);
    expect(right.filter((text) => !matches(`a <x:${type}> b`, `a ${text} b`))).toEqual([]);
  });
});

describe('captures', () => {
  it('are as long as their type allows, and of <any> as short as possible', () => {
    const captures: Captures = new Map();
    expect(matchLine('<n:number><rest:any>', '123 four five', captures)).toBe(true);
    expect(matchLine('<first:any> <others:any>', 'a b c', captures)).toBe(true);
    expect([...captures]).toEqual([
      ['rest', ' four five'],
      ['n', '123'],
      ['others', 'b c'],
      ['first', 'a'],
    ]);
  });

  it('hold in later lines and fences, by the name alone or with a type', () => {
    const captures: Captures = new Map();
    expect(matchLine('id <x:id>', 'id abc', captures)).toBe(true);
    expect(matchLine('again <x>', 'again abc', captures)).toBe(true);
    expect(matchLine('again <x:any>', 'again abc', captures)).toBe(true);
    expect(matchLine('again <x>', 'again abd', captures)).toBe(false);
    expect(matchLine('again <x:any>', 'again abd', captures)).toBe(false);
  });

  it('are added only where all matches', () => {
    const captures: Captures = new Map();
    expect(matchLine('<x:id> <number>', 'abc def', captures)).toBe(false);
    expect(matchLines(['<x:id>', 'b'], ['a', 'c'], captures).matched).toBe(false);
    expect(captures.size).toBe(0);
  });

  it.each([
    ['within a line', ['<a:any>-<b:any>-<a>'], ['x-y-z-x-y'], { a: 'x-y', b: 'z' }],
    ['over lines', ['<a:any>,<b:any>', 'second <b>'], ['1,2,3', 'second 3'], { a: '1,2', b: '3' }],
    ['over ...', ['...', 'id <x:number>', '...', 'end <x>'], ['id 1', 'id 2', 'id 3', 'end 2'], { x: '2' }],
    ['in pairs', ['...', '<a:id> <b:id>', '...', '<b> <a>'], ['x y', 'p q', 'q p'], { a: 'p', b: 'q' }],
  ])('are found by trying every way: %s', (_, expected, actual, found) => {
    const captures: Captures = new Map();
    expect(matchLines(expected, actual, captures)).toEqual({ matched: true });
    expect(Object.fromEntries(captures)).toEqual(found);
  });

  it('may be called __proto__', () => {
    const captures: Captures = new Map();
    expect(matchLine('<__proto__:id> <constructor>', 'a <constructor>', captures)).toBe(true);
    expect(matchLine('<__proto__>', 'a', captures)).toBe(true);
  });
});
