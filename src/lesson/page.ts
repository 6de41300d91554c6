/** The bytes of a page → its text; an offset into the text → line and column. */
import { pageProblem } from '../errors.ts';
import type { Place, Problem } from '../types.ts';

const BOM = '\uFEFF';

/** A page's text with its line table. Lines end with LF, CRLF or a lone CR, as CommonMark has it. */
export class Page {
  readonly text: string;
  /** Where each line begins and ends (its line ending left out). The empty line after a final line ending counts as one here. */
  readonly lines: { start: number; end: number }[];

  constructor(text: string) {
    this.text = text;
    this.lines = [];
    let start = 0;
    for (const ending of text.matchAll(/\r\n?|\n/g)) {
      this.lines.push({ start, end: ending.index });
      start = ending.index + ending[0].length;
    }
    this.lines.push({ start, end: text.length });
  }

  /** The number of the last line; the empty line after a final line ending is none. */
  get lastLine(): number {
    const last = this.lines.at(-1);
    return this.lines.length > 1 && last?.start === this.text.length ? this.lines.length - 1 : this.lines.length;
  }

  /** The text of line `index` (from 0) without its line ending, and without the BOM that the first line may begin with. */
  line(index: number): string {
    const { start, end } = this.lines[index] ?? { start: this.text.length, end: this.text.length };
    return this.text.slice(index === 0 && this.text.startsWith(BOM) ? 1 : start, end);
  }

  /** The place of an offset, which may be the end of the text. */
  placeAt(offset: number): Place {
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lines[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.lines[low]?.start ?? 0) + 1 };
  }
}

/** Decodes UTF-8. A BOM stays in the text, so that offsets are true to the file. Bytes that are not UTF-8 are a problem at the first bad one. */
export function decodePage(bytes: Uint8Array, file: string): { text: string } | { problem: Problem } {
  const whole = decode(bytes, false);
  if (whole !== null) return { text: whole };
  // What may still become valid does not fail, so the longest such prefix, less its unfinished character, ends at the first bad byte.
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (decode(bytes.subarray(0, middle), true) !== null) low = middle;
    else high = middle - 1;
  }
  const page = new Page(decode(bytes.subarray(0, low), true) ?? '');
  const place = page.placeAt(page.text.length);
  return { problem: pageProblem('unreadable', file, place, 'the file is not UTF-8: here is a byte that no UTF-8 text has', 'Save the file as UTF-8.') };
}

function decode(bytes: Uint8Array, stream: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream });
  } catch {
    return null;
  }
}
