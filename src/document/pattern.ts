/** Lines that may hold matchers to patterns, which `search.ts` looks for. */
import type { Automaton } from './automaton.ts';
import { MATCHER_NAMES, MATCHER_TYPES } from './matcher-types.ts';
import { nearMiss } from './near-miss.ts';

export interface Matcher {
  kind: 'matcher';
  /** As it is written. */
  source: string;
  /** Null: any text, one character or more. */
  automaton: Automaton | null;
  /** What it captures; null: nothing. */
  name: string | null;
  /** Whether a later part of the same search asks for what it captures. */
  live: boolean;
}

/** Text as it is, a matcher, or what `name` captured before. */
export type Part = { kind: 'literal'; text: string } | Matcher | { kind: 'same'; name: string };

/** A line in its parts; `gap` is the line `...`. */
export type Pattern = Part[] | 'gap';

/** `<word>` or `<name:type>`; `\<` is a literal `<`. */
export const MATCHER = /\\<|<([A-Za-z_][\w-]*)(?::([A-Za-z][\w-]*))?>/g;

/** The parts of a text, which adds the names that it captures to `names`. */
export function parseParts(text: string, names: Set<string>): Part[] {
  const parts: Part[] = [];
  let literal = '';
  let from = 0;
  for (const match of text.matchAll(MATCHER)) {
    literal += text.slice(from, match.index);
    from = match.index + match[0].length;
    const part = match[1] === undefined ? null : matcherPart(match[0], match[1], match[2], names);
    if (part === null) literal += match[1] === undefined ? '<' : match[0];
    else {
      if (literal !== '') parts.push({ kind: 'literal', text: literal });
      literal = '';
      parts.push(part);
    }
  }
  literal += text.slice(from);
  if (literal !== '') parts.push({ kind: 'literal', text: literal });
  return parts;
}

function matcherPart(source: string, word: string, type: string | undefined, names: Set<string>): Part | null {
  if (names.has(word)) return { kind: 'same', name: word };
  const automaton = MATCHER_TYPES.get(type ?? word);
  if (automaton === undefined) return null;
  if (type !== undefined) names.add(word);
  return { kind: 'matcher', source, automaton, name: type === undefined ? null : word, live: false };
}

/** A line that begins with `\` is taken literally, unless it is `\<` that it begins with. */
export function literalLine(line: string): string | null {
  return line.startsWith('\\') && !line.startsWith('\\<') ? line.slice(1) : null;
}

/** Marks the matchers whose capture is asked for again later in the same patterns. */
export function markLive(patterns: Pattern[]): void {
  const wanted = new Set<string>();
  for (const pattern of patterns.toReversed()) {
    if (pattern === 'gap') continue;
    for (const part of pattern.toReversed()) {
      if (part.kind === 'same') wanted.add(part.name);
      else if (part.kind === 'matcher') part.live = part.name !== null && wanted.has(part.name);
    }
  }
}

export interface MatcherProblem {
  /** 0-based, in the text. */
  column: number;
  message: string;
  advice: string | null;
}

/** Near misses of matchers, and unknown types. Names that the text captures are added to `names`. */
export function partProblems(text: string, names: Set<string>): MatcherProblem[] {
  const problems: MatcherProblem[] = [];
  for (const match of text.matchAll(MATCHER)) {
    const [written, word, type] = match;
    if (word === undefined || names.has(word)) continue;
    const meant = nearMiss(type ?? word, MATCHER_NAMES);
    if (type !== undefined && MATCHER_TYPES.has(type)) names.add(word);
    else if (type !== undefined) {
      const message = `\`${type}\` is no type of matcher; expected one of ${MATCHER_NAMES.join(', ')}.`;
      problems.push({ column: match.index, message, advice: meant === null ? literalAdvice(written) : `Did you mean \`<${word}:${meant}>\`?` });
    } else if (meant !== null) {
      const message = `\`${written}\` is no matcher, but nearly one.`;
      problems.push({ column: match.index, message, advice: `Did you mean \`<${meant}>\`? ${literalAdvice(written)}` });
    }
  }
  return problems;
}

function literalAdvice(written: string): string {
  return `Write \`\\${written}\` for the text itself.`;
}
