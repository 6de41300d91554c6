/** Bytes → text → places. */
import { describe, expect, test } from 'vitest';
import { decodePage, Page } from '../../../src/lesson/page.ts';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));

describe('decodePage', () => {
  test.each([
    ['nothing', bytes(), ''],
    ['text of several alphabets', bytes('# Ключ 鍵 🔑\n'), '# Ключ 鍵 🔑\n'],
    ['a BOM, which stays', bytes('\uFEFF# A'), '\uFEFF# A'],
    ['a replacement character that is in the file', bytes('a\uFFFDb'), 'a\uFFFDb'],
  ])('reads %s', (_, input, text) => {
    expect(decodePage(input, 'a.md')).toEqual({ text });
  });

  test.each([
    ['a lone continuation byte', bytes('ab\ncd', [0x80], 'e'), 2, 3],
    ['a character cut off by another', bytes('ab\r\n鍵', [0xe9, 0x8d], 'x'), 2, 2],
    ['a character cut off by the end', bytes('ab\ncd🔑', [0xf0, 0x9f]), 2, 5],
    ['Latin-1', bytes('caf', [0xe9], ' au lait'), 1, 4],
    ['UTF-16', bytes([0xff, 0xfe, 0x23, 0x00]), 1, 1],
    ['a surrogate', bytes('x', [0xed, 0xa0, 0x80]), 1, 2],
    ['an overlong slash', bytes('x\ry', [0xc0, 0xaf]), 2, 2],
  ])('refuses %s where it begins', (_, input, line, column) => {
    expect(decodePage(input, 'a.md')).toEqual({ problem: expect.objectContaining({ code: 'unreadable', file: 'a.md', line, column }) });
  });
});

describe('Page', () => {
  test.each([
    ['', 1],
    ['a', 1],
    ['a\n', 1],
    ['a\n\n', 2],
    ['a\r\nb\rc\n', 3],
    ['\n', 1],
  ])('%j has %i line(s)', (text, lastLine) => {
    expect(new Page(text).lastLine).toBe(lastLine);
  });

  test.each([
    [0, 1, 1],
    [1, 1, 2],
    [2, 1, 3],
    [3, 2, 1],
    [5, 3, 1],
    [6, 3, 2],
    [7, 4, 1],
  ])('offset %i of "a␍␊b␍c␊" rows is %i:%i', (offset, line, column) => {
    expect(new Page('a\r\nb\rc\n').placeAt(offset)).toEqual({ line, column });
  });
});
