/** Text that was printed or stored → how a page writes it, so that it means just that (design §2). */
import { MATCHER_NAMES, MATCHER_TYPES } from './matcher-types.ts';
import { nearMiss } from './near-miss.ts';
import { MATCHER } from './pattern.ts';

/** What no line of a Markdown page can hold: a page's lines end at a CR, and half a character is none in UTF-8. */
const UNWRITABLE = /[\r\0]+|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** `names` are those that the step's matchers capture: `<rev>` is no text where `rev` is one of them. */
export function escapeText(text: string, names: ReadonlySet<string>): string {
  const marked = new Set<number>();
  for (const { index } of text.matchAll(/\\</g)) marked.add(index + 1);
  for (const match of text.matchAll(new RegExp(MATCHER.source.replace('\\\\<|', ''), 'g'))) {
    const [, word = '', type] = match;
    const isRead = type !== undefined || names.has(word) || MATCHER_TYPES.has(word) || nearMiss(word, MATCHER_NAMES) !== null;
    if (isRead) marked.add(match.index);
  }
  return [...marked].sort((one, other) => other - one).reduce((escaped, at) => `${escaped.slice(0, at)}\\${escaped.slice(at)}`, text);
}

export interface LineOptions {
  names: ReadonlySet<string>;
  /** In a `console` fence commands and exit codes have a meaning too. */
  console: boolean;
}

/** A line of output, error or console text. What cannot stand in a page at all is `<any>`. */
export function escapeLine(line: string, { names, console }: LineOptions): string {
  const parts = line.split(UNWRITABLE);
  if (parts.length > 1) return parts.map((part) => escapeText(part, names)).join('<any>');
  const isSpecial = line === '...' || line.startsWith('\\') || isFenceMark(line) || (console && isCommandLine(line));
  // Behind a `\` the whole line is taken literally.
  return isSpecial ? `\\${line}` : escapeText(line, names);
}

/** A line that would end the fence. */
function isFenceMark(line: string): boolean {
  return /^ {0,3}(`{3,}|~{3,})\s*$/.test(line);
}

function isCommandLine(line: string): boolean {
  return line.startsWith('$ ') || /^>( |$)/.test(line) || /^\[\d{1,3}\]\s*$/.test(line);
}
