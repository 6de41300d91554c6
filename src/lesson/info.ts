/** The info string of a fence → its language, words and `name=value` attributes, each with its offset. */
import MarkdownIt from 'markdown-it';

/** A word (`value` is null) or an attribute. Escapes and entities are resolved. */
export interface InfoItem {
  name: string;
  value: string | null;
  /** Where it begins in the info string. */
  offset: number;
  /** The value's quotation mark has no counterpart; the value is then all that follows. */
  unclosed: boolean;
}

export interface Info {
  /** In lower case; empty where there is none. */
  language: string;
  items: InfoItem[];
}

const { unescapeAll } = new MarkdownIt('zero').utils;

/** Reads an info string as it is written. Groups in `{…}` and `[…]` are passed over. */
export function readInfo(raw: string): Info {
  const groups = groupsOf(raw);
  let at = skipBlanks(raw, 0);
  const languageStart = at;
  // A group in the language's place (`{.text}`) stands for the language.
  at = groups.get(at) ?? skipWord(raw, at, false);
  const language = unescapeAll(raw.slice(languageStart, at)).toLowerCase();

  const items: InfoItem[] = [];
  for (at = skipBlanks(raw, at); at < raw.length; at = skipBlanks(raw, at)) {
    const group = groups.get(at);
    if (group !== undefined) {
      at = group;
      continue;
    }
    const offset = at;
    // An opening bracket that nothing closes is part of a word.
    at = skipWord(raw, '{['.includes(raw.charAt(at)) ? at + 1 : at, true);
    const name = unescapeAll(raw.slice(offset, at));
    if (raw[at] !== '=') {
      items.push({ name, value: null, offset, unclosed: false });
      continue;
    }
    const value = readValue(raw, at + 1);
    items.push({ name, value: unescapeAll(value.raw), offset, unclosed: value.unclosed });
    at = value.end;
  }
  return { language, items };
}

function readValue(raw: string, start: number): { raw: string; end: number; unclosed: boolean } {
  const quote = raw.charAt(start);
  let at = start;
  if (quote !== '"' && quote !== "'") {
    while (at < raw.length && !isBlank(raw.charAt(at))) at = skipCharacter(raw, at);
    return { raw: raw.slice(start, at), end: at, unclosed: false };
  }
  at += 1;
  while (at < raw.length && raw[at] !== quote) at = skipCharacter(raw, at);
  return { raw: raw.slice(start + 1, at), end: Math.min(at + 1, raw.length), unclosed: at >= raw.length };
}

/** The end of a word: before a blank, a group or, in an attribute, the `=`. */
function skipWord(raw: string, start: number, attribute: boolean): number {
  let at = start;
  while (at < raw.length && !isBlank(raw.charAt(at)) && !'{['.includes(raw.charAt(at)) && !(attribute && raw[at] === '=')) at = skipCharacter(raw, at);
  return at;
}

/** Where each group begins → where it ends. Groups nest; a bracket without its counterpart makes none. */
function groupsOf(raw: string): Map<number, number> {
  const groups = new Map<number, number>();
  const open: { [closing: string]: number[] } = { '}': [], ']': [] };
  for (let at = 0; at < raw.length; at = skipCharacter(raw, at)) {
    const character = raw.charAt(at);
    if (character === '{') open['}']?.push(at);
    else if (character === '[') open[']']?.push(at);
    else if (character === '}' || character === ']') {
      const start = open[character]?.pop();
      if (start !== undefined) groups.set(start, at + 1);
    }
  }
  return groups;
}

/** A backslash and the punctuation it escapes count as one character. */
function skipCharacter(raw: string, at: number): number {
  return Math.min(raw.length, at + (raw[at] === '\\' && /[!-/:-@[-`{-~]/.test(raw.charAt(at + 1)) ? 2 : 1));
}

function skipBlanks(raw: string, start: number): number {
  let at = start;
  while (at < raw.length && isBlank(raw.charAt(at))) at += 1;
  return at;
}

function isBlank(character: string): boolean {
  return /\s/.test(character);
}
