/** Text → text of so many columns of a terminal, where a character may take none, one or two. */
import stringWidth from 'string-width';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** At most so many columns; `…` at the end says that there was more. */
export function cut(text: string, columns: number): string {
  if (isNarrow(text) ? text.length <= columns : columnsOf(text) <= columns) return text;
  return columns <= 0 ? '' : `${head(text, columns - 1)}…`;
}

/** Exactly so many columns, filled up with blanks. */
export function fill(text: string, columns: number): string {
  const shown = cut(text, columns);
  return shown + ' '.repeat(Math.max(0, columns - columnsOf(shown)));
}

/** Words over as many lines as they need; a word that is longer than a line is cut. */
export function wrap(words: string[], separator: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? null : `${lines.at(-1)}${separator}${word}`;
    if (longer !== null && columnsOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(cut(word, columns));
  }
  return lines;
}

/** Text over two lines: as much as fits on the first, to the last blank where there is one in its second half, and what is left. */
export function broken(text: string, columns: number): [string, string] {
  const first = head(text, columns);
  const blank = text.charAt(first.length) === ' ' ? first.length : first.lastIndexOf(' ');
  if (blank < first.length / 2) return [first, text.slice(first.length)];
  return [text.slice(0, blank), text.slice(blank + 1)];
}

/** As many whole characters as fit. */
function head(text: string, columns: number): string {
  let shown = '';
  let taken = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    taken += columnsOf(segment);
    if (taken > columns) return shown;
    shown += segment;
  }
  return shown;
}

function isNarrow(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
