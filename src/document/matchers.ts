/** Text of a page that may hold matchers (design §2) against text that was printed or stored. */
import stripAnsi from 'strip-ansi';
import { literalLine, type MatcherProblem, markLive, type Pattern, parseParts, partProblems } from './pattern.ts';
import { Search } from './search.ts';

export type { MatcherProblem } from './pattern.ts';

/** What `<name:type>` captured, by name. */
export type Captures = Map<string, string>;

/** `expectedIndex`: the first expected line that does not hold (with `...` the furthest that was reached); `expected.length` where more was printed. */
export type LinesMatch = { matched: true } | { matched: false; expectedIndex: number };

/**
 * What is wrong with the matchers of a line of output, error or console text: near misses (`<numbr>`), unknown types (`<name:numbr>`). Anything else in `<…>` is
 * literal. `captured` are the names captured earlier in the step's fences; those that the line captures are added.
 */
export function matcherProblems(line: string, captured: Set<string> = new Set()): MatcherProblem[] {
  return literalLine(line) === null ? partProblems(line, captured) : [];
}

/** Likewise for a value of a state document, where no line is taken literally. `column` is 0-based in the whole text. */
export function textProblems(text: string, captured: Set<string> = new Set()): MatcherProblem[] {
  return partProblems(text, captured);
}

/** Whether one line of text is as expected; `...` is no wildcard here. What is captured is added to `captures`, only where the line matches. */
export function matchLine(expected: string, actual: string, captures: Captures): boolean {
  return search([linePattern(expected, new Set(captures.keys()))], [actual], captures).matched;
}

/**
 * Whether printed lines (of `normalizeOutput`) are as expected. Blanks at the end of an expected line and blank lines at the end do not count. Captures are
 * consistent: where a name is asked for again, every way to match what captured it is tried. A search that grows out of all bounds, which takes a page or an
 * output made for it, ends as no match.
 */
export function matchLines(expected: string[], actual: string[], captures: Captures): LinesMatch {
  const lines = trimmedLines(expected);
  const names = new Set(captures.keys());
  const patterns = lines.map((line): Pattern => (line === '...' ? 'gap' : linePattern(line, names)));
  const result = search(patterns, actual, captures);
  return result.matched ? { matched: true } : { matched: false, expectedIndex: result.furthest === lines.length ? expected.length : result.furthest };
}

/**
 * Whether a value is as expected: line by line, each exactly but for its matchers, which do not reach over the end of a line. Blanks and blank lines count, `...`
 * is no wildcard, and a `\` at the beginning of a line is a `\`; only `\<` is special, as everywhere.
 */
export function matchText(expected: string, actual: string, captures: Captures): boolean {
  if (!expected.includes('<')) return expected === actual;
  const names = new Set(captures.keys());
  const patterns = expected.split('\n').map((line) => parseParts(line, names));
  return search(patterns, actual.split('\n'), captures).matched;
}

/** Whether a value has matchers, given what was captured before. */
export function textHasMatchers(text: string, captures: Captures): boolean {
  return parseParts(text, new Set(captures.keys())).some((part) => part.kind !== 'literal');
}

/** What was printed, as lines: terminal escapes are gone, CRLF is LF, and there are no blanks at the end of a line and no blank lines at the end. */
export function normalizeOutput(text: string): string[] {
  return trimmedLines(stripAnsi(text).split('\n'));
}

/** Likewise what a command printed, or is said to print: the CLI's differences have no-break blanks in every other second, so that nobody relies on them. */
export function normalizeConsole(text: string): string[] {
  return normalizeOutput(plainBlanks(text));
}

/** With no-break blanks as what they look like. */
export function plainBlanks(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}

function linePattern(line: string, names: Set<string>): Pattern {
  const literal = literalLine(line);
  if (literal === null) return parseParts(line, names);
  return literal === '' ? [] : [{ kind: 'literal', text: literal }];
}

function search(patterns: Pattern[], rows: string[], captures: Captures): { matched: boolean; furthest: number } {
  markLive(patterns);
  const { found, furthest } = new Search(patterns, rows, captures).run();
  for (const [name, text] of found ?? []) captures.set(name, text);
  return { matched: found !== null, furthest };
}

function trimmedLines(lines: string[]): string[] {
  const trimmed = lines.map(withoutBlanksAtEnd);
  const last = trimmed.findLastIndex((line) => line !== '');
  return trimmed.slice(0, last + 1);
}

/** A regular expression would take the square of the length on a long line of blanks. */
function withoutBlanksAtEnd(line: string): string {
  let end = line.length;
  while (end > 0 && ' \t\r'.includes(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end);
}
