/** A value → what is shown of it on one line: text as it is, JSON without the blanks between, bytes as bytes. */
import { parseJson } from '../document/json.ts';
import { valueSize } from '../document/values.ts';
import type { Value } from '../types.ts';

export interface Content {
  kind: 'text' | 'json' | 'bytes' | 'empty';
  /** On one line, free of anything that a terminal obeys; cut off where `size` says that there is more. */
  line: string;
  /** In bytes. */
  size: number;
}

/** More than any line shows; what comes after it need not be looked at. */
const MOST_SHOWN = 2_000;
const MOST_BYTES = 64;

export function contentOf(value: Value): Content {
  const size = valueSize(value);
  if ('base64' in value) return { kind: 'bytes', line: `${size} bytes: ${hex(value.base64, size)}`, size };
  const { text } = value;
  if (text === '') return { kind: 'empty', line: '(empty)', size };
  if (/^\s*[[{]/.test(text) && isJson(text)) return { kind: 'json', line: oneLine(withoutBlanks(text)), size };
  // Blanks at the ends are seen only between quotes.
  return { kind: 'text', line: /^\s|\s$/.test(text) ? `"${oneLine(text)}"` : oneLine(text), size };
}

function hex(base64: string, size: number): string {
  const head = atob(base64.slice(0, Math.ceil(MOST_BYTES / 3) * 4)).slice(0, MOST_BYTES);
  const bytes = [...head].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'));
  return `${bytes.join(' ')}${size > head.length ? ' …' : ''}`;
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** The tokens as they are written: a number of twenty digits stays one. */
function withoutBlanks(json: string): string {
  return json
    .replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string: string | undefined) => string ?? '')
    .replace(/("(?:[^"\\]|\\.)*")|([,:])/g, (token, string) => (string === undefined ? `${token} ` : token));
}

/** Line ends and tabs become signs, other controls too; what turns the direction of writing around would turn the drawing around, and is taken out. */
export function oneLine(text: string): string {
  const shown = text.slice(0, MOST_SHOWN).replace(/[\ud800-\udbff]$/, '');
  return shown
    .replace(/\r\n?|\n/g, '↵')
    .replaceAll('\t', '→')
    .replace(/\p{Cc}/gu, (control) => {
      const code = control.charCodeAt(0);
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\u2421';
    })
    .replace(/[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g, '\ufffd')
    .toWellFormed();
}
