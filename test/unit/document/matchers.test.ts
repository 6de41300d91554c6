import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Captures,
  matcherProblems,
  matchLine,
  matchLines,
  matchText,
  normalizeOutput,
  textHasMatchers,
  textProblems,
} from '../../../src/document/matchers.ts';

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

describe('text of a value', () => {
  it.each([
    ['a\nb', 'a\nb', true],
    ['a ', 'a', false],
    ['a\n', 'a', false],
    ['...', 'x', false],
    ['...', '...', true],
    ['\\x', '\\x', true],
    ['\\<any>', '<any>', true],
    ['\\<any>', '\\<any>', false],
    ['<any>', 'a\nb', false],
    ['<any>\n<any>', 'a\nb', true],
    ['<n:number>\n<n>', '7\n7', true],
    ['<n:number>\n<n>', '7\n8', false],
    ['a <any> \n', 'a b \n', true],
  ])('%j against %j: %s', (expected, actual, result) => {
    expect(matchText(expected, actual, new Map())).toBe(result);
  });

  it('has matchers or not', () => {
    expect(['<any>', 'a <x:id>', '<x>', 'a', '<flags>', '\\<any>'].map((text) => textHasMatchers(text, new Map([['x', '1']])))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('what is wrong with the matchers of a line', () => {
  it.each([
    ['a <numbr> b', 2, 'Did you mean `<number>`? Write `\\<numbr>` for the text itself.'],
    ['<Number>', 0, 'Did you mean `<number>`? Write `\\<Number>` for the text itself.'],
    ['<dtae>', 0, 'Did you mean `<date>`? Write `\\<dtae>` for the text itself.'],
    ['x <a:numbr>', 2, 'Did you mean `<a:number>`?'],
    ['<a:string>', 0, 'Write `\\<a:string>` for the text itself.'],
  ])('%s', (line, column, advice) => {
    expect(matcherProblems(line)).toEqual([{ column, message: expect.any(String), advice }]);
  });

  it.each([
    '',
    '[<flags>]',
    '<name>',
    '<an>',
    '<ids>',
    '<any> <number> <date> <duration> <size> <id>',
    '<x:any>',
    '\\<numbr>',
    '\\$ <numbr>',
    '<http://nats.io>',
    '<a:1>',
    '<numbr',
  ])('nothing: %s', (line) => {
    expect(matcherProblems(line)).toEqual([]);
  });

  it('a name that was captured is no near miss', () => {
    const captured = new Set<string>();
    expect(matcherProblems('<data:any> <data>', captured)).toEqual([]);
    expect(matcherProblems('<data>', captured)).toEqual([]);
    expect([...captured]).toEqual(['data']);
    expect(matcherProblems('<data>')).toHaveLength(1);
  });

  it('lists all, and in a value no line is literal', () => {
    expect(matcherProblems('<numbr> <dat> <x:y>').map(({ column }) => column)).toEqual([0, 8, 14]);
    expect(textProblems('\\ <numbr>')).toHaveLength(1);
  });
});
