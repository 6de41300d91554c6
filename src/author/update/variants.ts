/** What two runs of the same step printed → lines that hold for both, for text that a page did not have: what differs is a matcher. */
import { diffArrays } from 'diff';
import { escapeLine, escapeText, type LineOptions } from '../../document/escape.ts';
import { matchLine, matchText } from '../../document/matchers.ts';

export interface VariantOptions extends LineOptions {
  /** From the beginning of the runs to their end, in milliseconds since 1970: a time in between is that of the run, also where both runs fell into the same second. */
  during: { from: number; to: number };
  /** It is a line of a value, where nothing but `<` is special. */
  value?: boolean;
}

/** A line for each row: `...` where another run has none like it, and one more where only another has lines. `others` are what other runs printed. */
export function writeRows(rows: string[], others: string[][], options: VariantOptions): { lines: string[]; of: (row: number) => string } {
  const twins: (string | null)[][] = rows.map(() => []);
  const gaps = new Set<number>();
  for (const other of others) {
    const pairs = pairRows(rows, other);
    for (const [row, list] of twins.entries()) list.push(pairs.twins[row] ?? null);
    for (const gap of pairs.gaps) gaps.add(gap);
  }
  const of = (row: number) => {
    const all = (twins[row] ?? []).filter((twin) => twin !== null);
    return all.length < others.length ? '...' : (writeRow(rows[row] ?? '', all, options) ?? '...');
  };
  const lines = [...rows.keys(), rows.length].flatMap((row) => [...(gaps.has(row) ? ['...'] : []), ...(row < rows.length ? [of(row)] : [])]);
  return { lines: lines.filter((line, index) => line !== '...' || lines[index - 1] !== '...'), of };
}

/** Which line of the other run goes with each row, null where none does; and before which rows only the other one has lines. */
function pairRows(rows: string[], other: string[]): { twins: (string | null)[]; gaps: number[] } {
  if (rows.length === other.length) return { twins: [...other], gaps: [] };
  const twins: (string | null)[] = [];
  const gaps: number[] = [];
  let twin = 0;
  for (const { count, added, removed } of diffArrays(rows, other, { comparator: (one, two) => shapeOf(one) === shapeOf(two) })) {
    if (added) gaps.push(twins.length);
    else for (let index = 0; index < count; index += 1) twins.push(removed ? null : (other[twin + index] ?? null));
    if (!removed) twin += count;
  }
  return { twins, gaps };
}

/** A line without what may differ. */
function shapeOf(line: string): string {
  return (line.match(TOKEN) ?? []).map((token) => (/\d/.test(token) ? '0' : token)).join('');
}

const TOKEN =
  /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\d\d:\d\d:\d\d(?:\.\d+)?|(?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|[smhdwy]))+(?![\p{L}\d])|\d[\d,.]* ?(?:[kKMGTPE]i?)?B(?![\p{L}\d])|-?\d+(?:[.,]\d+)*(?![\w-])|[\w-]+|\s+|[^\w\s]/gu;

/** Of the narrowest matcher first; each as a page writes it. */
const MATCHERS = ['<date>', '<number>:<number>:<number>', '<duration>', '<size>', '<number>', '<id>'];

/** One line that holds for the row and its twins of other runs; null where nothing can be said of it. */
export function writeRow(row: string, twins: string[], options: VariantOptions): string | null {
  const all = [row, ...twins];
  const lines = (twins.length === 0 ? [row] : twins).map((twin) => lineFor(row, twin, options));
  return [...lines, '<any>'].find((line) => !isSpecial(line, options) && all.every((text) => holds(line, text, options))) ?? null;
}

function lineFor(row: string, twin: string, options: VariantOptions): string {
  const parts = partsOf(row, twin, options);
  if (parts.some(({ matcher }) => matcher !== null)) return parts.map(({ text, matcher }) => matcher ?? escapeText(text, options.names)).join('');
  return options.value ? escapeText(row, options.names) : escapeLine(row, options);
}

function holds(line: string, text: string, { value }: VariantOptions): boolean {
  return value ? matchText(line, text, new Map()) : matchLine(line, text, new Map());
}

/** A line with matchers that would be read as something else; behind a `\\` they would be none. */
function isSpecial(line: string, options: VariantOptions): boolean {
  if (options.value || !/<[\w:]+>/.test(line) || line.startsWith('\\')) return false;
  return escapeLine(line.replaceAll('<', ''), options).startsWith('\\');
}

interface Part {
  text: string;
  matcher: string | null;
}

function partsOf(row: string, twin: string, options: VariantOptions): Part[] {
  const [tokens, others] = [row.match(TOKEN) ?? [], twin.match(TOKEN) ?? []];
  const typed = tokens.map((token, index) => matcherFor(token, others[index] ?? '', options));
  if (tokens.length === others.length && typed.every((one) => one !== undefined))
    return withPadding(tokens.map((text, index) => ({ text, matcher: typed[index] ?? null })));
  const parts: Part[] = [];
  let gone = '';
  let came = '';
  const flush = () => {
    if (gone !== '' || came !== '') parts.push({ text: gone, matcher: matcherFor(gone, came, options) ?? (gone === '' || came === '' ? '' : '<any>') });
    gone = '';
    came = '';
  };
  for (const { value, added, removed } of diffArrays(tokens, others)) {
    if (added) came += value.join('');
    else if (removed) gone += value.join('');
    else {
      flush();
      for (const text of value) parts.push({ text, matcher: isNow(text, options) ? '<date>' : null });
    }
  }
  flush();
  return parts;
}

/** Null: it is the same each time; undefined: no matcher fits both. */
function matcherFor(one: string, other: string, options: VariantOptions): string | null | undefined {
  if (one === other) return isNow(one, options) ? '<date>' : null;
  return MATCHERS.find((matcher) => [one, other].every((text) => matchLine(matcher, text, new Map())));
}

/** A date of the time of the run, which the next run will not print. */
function isNow(token: string, { during }: VariantOptions): boolean {
  if (!/^\d{4}-\d\d-\d\d/.test(token) || !matchLine('<date>', token, new Map())) return false;
  const text = token.replace(' ', 'T').replace(',', '.');
  const isDay = text.length === 10;
  const time = Date.parse(isDay || /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(10)) ? text : `${text}Z`);
  const slack = isDay ? 86_400_000 : 1000;
  return time >= during.from - slack && time <= during.to + slack;
}

/** In a column what differs in length differs in the blanks beside it too. */
function withPadding(parts: Part[]): Part[] {
  return parts.map((part, index) => {
    const isPadding = part.matcher === null && /^ {2,}$/.test(part.text);
    if (part.matcher !== null && part.matcher !== '<date>') {
      const isPadded = [parts[index - 1], parts[index + 1]].some((side) => side?.matcher === null && / {2,}/.test(side.text) && side.text.trim() === '');
      return isPadded && index > 0 && index < parts.length - 1 ? { ...part, matcher: '<any>' } : part;
    }
    const beside = [parts[index - 1], parts[index + 1]].some((side) => side !== undefined && side.matcher !== null && side.matcher !== '<date>');
    return isPadding && beside && index > 0 && index < parts.length - 1 ? { ...part, text: ' ' } : part;
  });
}
