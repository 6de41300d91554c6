/** (lines of a page that no longer hold, what was printed) → the new lines: every line that still matches keeps its text, only those that differ are rewritten. */
import { escapeLine, type LineOptions } from './escape.ts';
import { type Captures, matchLine, matchLines } from './matchers.ts';
import { parseParts } from './pattern.ts';
import { rewriteLine } from './rewrite-line.ts';

/** What becomes of a fence's lines, in order: an old line stays, is rewritten or goes, a new one comes. `old` is the line's index. */
export type LineEdit = { do: 'keep'; old: number } | { do: 'rewrite'; old: number; text: string } | { do: 'remove'; old: number } | { do: 'add'; text: string };

export interface LinesOptions extends LineOptions {
  captures: Captures;
  /** How a page writes row `index` where it had nothing there; left out: as it is. */
  write?: (index: number) => string;
}

/** More comparisons than these, and all that differs is written anew. */
const MOST = 4_000_000;

/** `expected` are the lines as they are written; `rows` of `normalizeOutput`. The new lines match the rows. */
export function rewriteLines(expected: string[], rows: string[], options: LinesOptions): LineEdit[] {
  const settled = settle(expected, rows, pairUp(expected, rows, options), options);
  const edits = settled.filter((edit, index) => !(isNewGap(edit) && isNewGap(settled[index - 1])));
  if (matchLines(linesAfter(expected, edits), rows, new Map(options.captures)).matched) return edits;
  const removed = expected.map((_, old): LineEdit => ({ do: 'remove', old }));
  return [...removed, ...rows.map((row): LineEdit => ({ do: 'add', text: escapeLine(row, options) }))];
}

function isNewGap(edit: LineEdit | undefined): boolean {
  return edit?.do === 'add' && edit.text === '...';
}

/** The lines that the edits make of the old ones. */
export function linesAfter(expected: string[], edits: LineEdit[]): string[] {
  return edits.flatMap((edit) => (edit.do === 'remove' ? [] : [edit.do === 'keep' ? (expected[edit.old] ?? '') : edit.text]));
}

/** An old line and the row it is held against; no `old`: the row is new; no `row`: there is nothing that the line stands for, unless it is `...`. */
interface Pair {
  old: number | null;
  row: number | null;
}

/** Which old line goes with which row, so that as many as can be still match. Rows behind a `...` are left out: they are what it stands for. */
function pairUp(expected: string[], rows: string[], { captures }: LinesOptions): Pair[] {
  const loose = looseLines(expected, captures);
  const matches = (old: number, row: number) => matchLine(loose[old] ?? '', rows[row] ?? '', new Map(captures));
  let start = 0;
  while (start < expected.length && start < rows.length && loose[start] !== '...' && matches(start, start)) start += 1;
  let end = 0;
  const most = Math.min(expected.length, rows.length) - start;
  while (end < most && loose[expected.length - 1 - end] !== '...' && matches(expected.length - 1 - end, rows.length - 1 - end)) end += 1;
  const middle = alignMiddle(loose, rows, { start, oldEnd: expected.length - end, rowEnd: rows.length - end }, matches);
  const at = (from: number, old: number, row: number) => Array.from({ length: from }, (_, index): Pair => ({ old: old + index, row: row + index }));
  return [...at(start, 0, 0), ...middle, ...at(end, expected.length - end, rows.length - end)];
}

interface Range {
  start: number;
  oldEnd: number;
  rowEnd: number;
}

const KEPT = 1000;

/** The best way to pair what is between: a line kept counts most, then one rewritten into what is like it; a row behind `...` costs nothing, a new line does. */
function alignMiddle(loose: string[], rows: string[], { start, oldEnd, rowEnd }: Range, matches: (old: number, row: number) => boolean): Pair[] {
  const [height, width] = [oldEnd - start, rowEnd - start + 1];
  if (height * width > MOST) {
    const olds = Array.from({ length: height }, (_, index): Pair => ({ old: start + index, row: null }));
    return [
      ...olds.filter(({ old }) => loose[old ?? 0] !== '...'),
      ...Array.from({ length: width - 1 }, (_, index): Pair => ({ old: null, row: start + index })),
    ];
  }
  const words = { old: loose.map(wordsOf), rows: rows.map(wordsOf) };
  const best = new Float64Array((height + 1) * width);
  const choice = new Uint8Array((height + 1) * width);
  for (let i = height; i >= 0; i -= 1) {
    for (let j = width - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      const [old, row] = [start + i, start + j];
      const [hasOld, hasRow, isGap] = [i < height, j < width - 1, loose[old] === '...' && i < height];
      const ways: [number, number][] = [];
      if (hasOld && hasRow && !isGap)
        ways.push([(best[at + width + 1] ?? 0) + (matches(old, row) ? KEPT : 1 + 100 * likeness(words.old[old] ?? [], words.rows[row] ?? [])), PAIRED]);
      if (hasOld) ways.push([best[at + width] ?? 0, PASSED]);
      if (hasRow) ways.push([(best[at + 1] ?? 0) - (isGap ? 0 : 1), isGap ? COVERED : CAME]);
      for (const [score, way] of ways) {
        if (choice[at] !== 0 && score <= (best[at] ?? 0)) continue;
        best[at] = score;
        choice[at] = way;
      }
    }
  }
  return readWay(choice, { height, width, start });
}

const [PAIRED, PASSED, COVERED, CAME] = [1, 2, 3, 4];

function readWay(choice: Uint8Array, { height, width, start }: { height: number; width: number; start: number }): Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < height || j < width - 1; ) {
    const way = choice[i * width + j];
    if (way === PAIRED) pairs.push({ old: start + i, row: start + j });
    else if (way === PASSED) pairs.push({ old: start + i, row: null });
    else if (way === CAME) pairs.push({ old: null, row: start + j });
    if (way === PAIRED || way === PASSED) i += 1;
    if (way !== PASSED) j += 1;
  }
  return pairs;
}

/** With captures of the fence itself asked for as `<any>`: which they are is known only once lines and rows are paired. Blanks at the end do not count. */
function looseLines(expected: string[], captures: Captures): string[] {
  const names = new Set(captures.keys());
  return expected.map((line) => {
    const trimmed = line.trimEnd();
    const parts = parseParts(trimmed, names);
    const asked = parts.flatMap((part) => (part.kind === 'same' && !captures.has(part.name) ? [part.name] : []));
    return asked.reduce((loose, name) => loose.replaceAll(`<${name}>`, '<any>'), trimmed);
  });
}

function wordsOf(line: string): string[] {
  return line.match(/[\p{L}\d]+/gu) ?? [];
}

/** 0 for lines that share no word, up to 1. */
function likeness(one: string[], other: string[]): number {
  const all = new Set(one);
  return (2 * other.filter((word) => all.has(word)).length) / Math.max(1, one.length + other.length);
}

/** Reads the pairs from the top, with what is captured on the way. */
function settle(expected: string[], rows: string[], pairs: Pair[], options: LinesOptions): LineEdit[] {
  const captures: Captures = new Map(options.captures);
  return pairs.map(({ old, row }): LineEdit => {
    if (old === null) return { do: 'add', text: options.write?.(row ?? 0) ?? escapeLine(rows[row ?? 0] ?? '', options) };
    const line = expected[old] ?? '';
    if (row === null) return line.trimEnd() === '...' ? { do: 'keep', old } : { do: 'remove', old };
    const actual = rows[row] ?? '';
    if (matchLine(line.trimEnd(), actual, captures)) return { do: 'keep', old };
    const text = rewriteLine(line.trimEnd(), actual, { ...options, captures });
    matchLine(text, actual, captures);
    return { do: 'rewrite', old, text };
  });
}
