import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutputReader } from '../../../src/kernel/output.ts';

const MARK = '\0token 1\n';

/** `|` stands where the mark was, `!` where the limit was passed. */
function read(chunks: Uint8Array[], limit = 1000, mark = MARK): string {
  let told = '';
  const reader = new OutputReader(limit, {
    onText: (text) => {
      told += text;
    },
    onMark: () => {
      told += '|';
    },
    onLimit: () => {
      told += '!';
    },
  });
  reader.expect(mark);
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.flush();
  return told;
}

const chunksOf = (...texts: string[]) => texts.map((text) => Buffer.from(text));

describe('what was printed until the mark', () => {
  test.each([
    ['in one chunk', [`one\n${MARK}two`], 'one\n|two'],
    ['the mark in two chunks', ['one\n\0tok', 'en 1\ntwo'], 'one\n|two'],
    ['without a line end before it', [`one${MARK}`], 'one|'],
    ['what only begins like it', ['a\0token ', '2\nb', `\0\0${MARK}`], 'a\0token 2\nb\0\0|'],
    ['only the first is it', [`a${MARK}b${MARK}`], `a|b${MARK}`],
    ['none', ['a\0token'], 'a\0token'],
    ['nothing', [], ''],
  ])('%s', (_title, texts, expected) => {
    expect(read(chunksOf(...texts))).toBe(expected);
  });

  test('however it is cut into chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('é', '😀', '\0', 't', 'token', '\n', '\0token', '1') });
    fc.assert(
      fc.property(text, text, fc.array(fc.nat(60)), (before, after, cuts) => {
        const bytes = Buffer.from(before + MARK + after);
        const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((one, other) => one - other), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        const found = (before + MARK).indexOf(MARK);
        expect(read(chunks)).toBe(`${before.slice(0, found)}|${(before + MARK + after).slice(found + MARK.length)}`);
      }),
    );
  });

  test('half a character before the mark is not completed behind it', () => {
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
    expect(read([Buffer.concat([first, Buffer.from(MARK), second])])).toBe('\uFFFD|\uFFFD');
  });
});

describe('the limit', () => {
  test.each([
    ['within', ['x'.repeat(10)], 'x'.repeat(10)],
    ['passed in one chunk', ['x'.repeat(11)], `${'x'.repeat(10)}!`],
    ['passed in a later chunk', ['x'.repeat(8), 'yyy', 'zzz'], `${'x'.repeat(8)}yy!`],
    ['within a character, which goes', ['x'.repeat(9), 'é'], `${'x'.repeat(9)}!`],
  ])('%s', (_title, texts, expected) => {
    expect(read(chunksOf(...texts), 10)).toBe(expected);
  });
});
