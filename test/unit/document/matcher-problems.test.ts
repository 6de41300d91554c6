import { describe, expect, it } from 'vitest';
import { matcherProblems, matchText, textHasMatchers, textProblems } from '../../../src/document/matchers.ts';

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
