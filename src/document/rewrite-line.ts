/** (a line of a page that no longer holds, what is there now) → the new line: literals are what they are now, and matchers that still match stay. */
import { escapeLine, escapeText, type LineOptions } from './escape.ts';
import { type Captures, matchLine } from './matchers.ts';
import { literalLine, parseParts } from './pattern.ts';

/** A matcher reaches over so many words at most. */
const WIDEST = 40;
/** A line of more comparisons than these is written anew. */
const MOST = 100_000;

/** A word, or a matcher as it is written. */
type Old = { text: string } | { matcher: string; any: boolean };
/** A part of the new line: what it was in the old one, and where there; null, and -2, for a word that came. */
type Kept = { old: Old | null; index: number; text: string };

export interface RewriteOptions extends LineOptions {
  /** What was captured before this line. */
  captures: Captures;
}

export function rewriteLine(expected: string, actual: string, options: RewriteOptions): string {
  const written = escapeLine(actual, options);
  const line = literalLine(expected) === null ? rewriteWords(expected, actual, options) : null;
  // A line that has become a command, or `...`, cannot keep a matcher: behind a `\\` it would be none.
  return line === null || escapeLine(line.replaceAll('<', ''), options).startsWith('\\') ? written : line;
}

/** The same for a value, line by line. */
export function rewriteText(expected: string, actual: string, options: RewriteOptions): string {
  const [old, rows] = [expected.split('\n'), actual.split('\n')];
  const sameLength = old.length === rows.length;
  return rows.map((row, at) => (sameLength ? rewriteWords(old[at] ?? '', row, options) : null) ?? escapeText(row, options.names)).join('\n');
}

/** Null where no matcher stays. */
function rewriteWords(expected: string, actual: string, { captures, names }: RewriteOptions): string | null {
  const old = parseParts(expected, new Set(captures.keys())).flatMap((part): Old[] => {
    if (part.kind === 'literal') return wordsOf(part.text).map((text) => ({ text }));
    return [part.kind === 'same' ? { matcher: `<${part.name}>`, any: false } : { matcher: part.source, any: part.automaton === null }];
  });
  const words = wordsOf(actual);
  if (!old.some((one) => 'matcher' in one) || old.length * words.length > MOST) return null;
  const kept = withoutLooseEnds(align(old, words, captures), old.length);
  if (!kept.some(({ old: one }) => one !== null && 'matcher' in one)) return null;
  let line = '';
  let literal = '';
  for (const { old: one, text } of kept) {
    if (one === null || 'text' in one) literal += text;
    else {
      line += escapeText(literal, names) + one.matcher;
      literal = '';
    }
  }
  line += escapeText(literal, names);
  return matchLine(line, actual, new Map(captures)) ? line : null;
}

function wordsOf(text: string): string[] {
  return text.match(/\p{L}+|\d+|\s+|[^\p{L}\d\s]/gu) ?? [];
}

/** The way to read `words` that keeps the most of the old line. Its letters count, and a matcher as much as a long word. */
function align(old: Old[], words: string[], captures: Captures): Kept[] {
  const width = words.length + 1;
  const best = new Float64Array((old.length + 1) * width);
  // 0: the old word goes; -1: a new one came; n: the next n words are the old one's.
  const choice = new Int32Array((old.length + 1) * width);
  for (let i = old.length; i >= 0; i -= 1) {
    for (let j = words.length; j >= 0; j -= 1) {
      const at = i * width + j;
      const one = old[i];
      let [score, chosen] = [i === old.length ? 0 : (best[at + width] ?? 0), 0];
      if (j < words.length && (i === old.length || (best[at + 1] ?? 0) > score)) [score, chosen] = [best[at + 1] ?? 0, -1];
      for (const count of one === undefined ? [] : lengthsOf(one, words, j, captures)) {
        const found = (best[at + width + count] ?? 0) + weightOf(one, count);
        if (found > score) [score, chosen] = [found, count];
      }
      best[at] = score;
      choice[at] = chosen;
    }
  }
  const kept: Kept[] = [];
  for (let i = 0, j = 0; i < old.length || j < words.length; ) {
    const chosen = choice[i * width + j] ?? -1;
    if (chosen > 0) kept.push({ old: old[i] ?? null, index: i, text: words.slice(j, j + chosen).join('') });
    else if (chosen < 0) kept.push({ old: null, index: -2, text: words[j] ?? '' });
    j += Math.abs(chosen);
    if (chosen >= 0) i += 1;
  }
  return kept;
}

/** How many of the words from `j` on can be what `one` stands for. */
function lengthsOf(one: Old, words: string[], j: number, captures: Captures): number[] {
  if ('text' in one) return one.text === words[j] ? [1] : [];
  const lengths: number[] = [];
  let text = '';
  for (let count = 1; count <= WIDEST && j + count <= words.length; count += 1) {
    text += words[j + count - 1] ?? '';
    if (one.any || matchLine(one.matcher, text, new Map(captures))) lengths.push(count);
  }
  return lengths;
}

function weightOf(one: Old | undefined, count: number): number {
  if (one === undefined) return 0;
  if ('text' in one) return one.text.trim() === '' ? 0.5 : 1 + one.text.length;
  // The longest number, but the shortest `<any>`.
  return one.any ? 2 - count / 100 : 8 + count / 100;
}

/** `<any>` stays only between what it stood between, any other matcher beside something it stood beside: else it would stand for what it never stood for. */
function withoutLooseEnds(kept: Kept[], length: number): Kept[] {
  return kept.map((one, at) => {
    if (one.old === null || 'text' in one.old) return one;
    const before = (kept[at - 1]?.index ?? -1) === one.index - 1;
    const after = (kept[at + 1]?.index ?? length) === one.index + 1;
    return (one.old.any ? before && after : before || after) ? one : { old: null, index: -2, text: one.text };
  });
}
