import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchLine, matchLines, normalizeOutput } from '../../../src/document/matchers.ts';

const matches = (expected: string, actual: string): boolean => matchLine(expected, actual, new Map());

describe('lines', () => {
  it.each([
    [[], []],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      ['a  ', 'b', '', ''],
      ['a', 'b'],
    ],
    [['...'], []],
    [['...'], ['a', 'b']],
    [['a', '...'], ['a']],
    [
      ['...', 'b'],
      ['b', 'a', 'b'],
    ],
    [
      ['a', '...', '...', 'b'],
      ['a', 'x', 'b'],
    ],
    [
      ['...', 'a', 'b', '...'],
      ['a', 'a', 'b', 'c'],
    ],
    [['\\...'], ['...']],
    [['<any>'], ['a']],
    [
      ['a', '', 'b'],
      ['a', '', 'b'],
    ],
  ])('%j matches %j', (expected, actual) => {
    expect(matchLines(expected, actual, new Map())).toEqual({ matched: true });
  });

  it.each([
    [['a', 'b', 'c'], ['a', 'x', 'c'], 1],
    [['a', 'b'], ['a'], 1],
    [['a'], ['a', 'b'], 1],
    [['a', '', ''], ['a', 'b'], 3],
    [[], ['a'], 0],
    [['a'], [], 0],
    [['...', 'b'], ['a'], 1],
    [['a', '...', 'b', 'c'], ['a', 'b', 'd', 'e'], 3],
    [['...', 'b'], ['b', 'x'], 2],
    [['x', '...'], ['y'], 0],
    [['<x:number>', 'a', '<x>'], ['1', 'a', '2'], 2],
  ])('%j against %j differs at %d', (expected, actual, expectedIndex) => {
    expect(matchLines(expected, actual, new Map())).toEqual({ matched: false, expectedIndex });
  });

  it('agree with a plain search for every small page of ... and two letters', () => {
    const line = fc.constantFrom('...', 'a', 'b');
    const plain = (expected: string[], actual: string[]): boolean => {
      const [first, ...rest] = expected;
      if (first === undefined) return actual.length === 0;
      if (first === '...') return plain(rest, actual) || (actual.length > 0 && plain(expected, actual.slice(1)));
      return actual[0] === first && plain(rest, actual.slice(1));
    };
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(fc.constantFrom('a', 'b'), { maxLength: 6 }), (expected, actual) => {
        expect(matchLines(expected, actual, new Map()).matched).toBe(plain(expected, actual));
      }),
    );
  });

  it('agree with a regular expression, captures and all', () => {
    const part = fc.constantFrom('a', 'b', '1', '<any>', '<number>', '<x:any>', '<y:id>', '<x>', '<y>');
    const regular: Record<string, string> = {
      '<any>': '.+',
      '<number>': '-?\\d+',
      '<x:any>': '(?<x>.+)',
      '<y:id>': '(?<y>[\\w-]+)',
      '<x>': '\\k<x>',
      '<y>': '\\k<y>',
    };
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.string({ unit: fc.constantFrom('a', 'b', '1'), maxLength: 8 }), (parts, actual) => {
        // A name is captured once, and asked for only behind that.
        const known = new Set<string>();
        const sound = parts.filter((each) => {
          const name = /^<([xy])/.exec(each)?.[1];
          if (name === undefined) return true;
          const wanted = each.length === 3 ? known.has(name) : !known.has(name);
          if (wanted) known.add(name);
          return wanted;
        });
        const pattern = new RegExp(`^${sound.map((each) => regular[each] ?? each).join('')}$`);
        expect(matches(sound.join(''), actual)).toBe(pattern.test(actual));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostile text', () => {
  const long = 'a'.repeat(1 << 20);
  it.each([
    ['<any> on a long line', ['<any><any><any>x'], [long]],
    ['<id> on a long line', ['<any><id><id><id>!'], [long]],
    ['digits', ['<number><number>x'], ['1'.repeat(1 << 20)]],
    ['captures of a long line', ['<x:any><y:any><x><y>!'], [long]],
    ['captures over many lines', ['...', '<x:any>', '...', '<x> end'], Array.from({ length: 50_000 }, (_, index) => `line ${index}`)],
    [
      'many ...',
      Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? '...' : `<any> ${index}x`)),
      Array.from({ length: 50_000 }, (_, index) => `line ${index}`),
    ],
  ])('does not hold it up: %s', (_, expected, actual) => {
    expect(matchLines(expected, actual, new Map()).matched).toBe(false);
  });

  it.each([' '.repeat(1 << 20), '\x1b]'.repeat(1 << 19), `\x1b[${'1;'.repeat(1 << 18)}m`, '\r\n'.repeat(1 << 19)])('is normalized in one go', (text) => {
    expect(normalizeOutput(`${text}x`).at(-1)).toMatch(/x$/);
  });
});

it.each([
  ['', []],
  ['a\n', ['a']],
  ['a\r\nb  \t\r\n\n \n', ['a', 'b']],
  ['\n\na', ['', '', 'a']],
  ['  a', ['  a']],
  ['\x1b[31mred\x1b[0m \x1b]8;;https://nats.io\x07link\x1b]8;;\x07\n', ['red link']],
  ['\x1b[2J\x1b[Hx\x1b[K\n', ['x']],
])('output %j is the lines %j', (text, lines) => {
  expect(normalizeOutput(text)).toEqual(lines);
});
