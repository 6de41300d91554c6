/** JSON as the state document has it → its YAML source, in the style of design §3. */
import type { Json } from '../types.ts';

/** On one line, or the lines of a block without their indentation. */
export type Source = string | string[];

/** What an entry is made of: written on one line, where it fits. */
const ENTRY_NAMES: readonly string[] = ['value', 'json', 'base64', 'size', 'deleted', 'purged', 'count', 'revision'];
const WIDEST = 110;

/** `flow`: inside of braces or brackets. `typed`: inside of `json:`, where `42` and `true` are no strings. */
export function writeYaml(json: Json, flow: boolean, typed = false): Source {
  const inline = flowOf(json, typed);
  if (typeof json !== 'object' || json === null) return writeScalar(json, flow, typed);
  if (flow || isEmpty(json)) return inline;
  const fits = inline.length <= WIDEST;
  if (Array.isArray(json)) {
    if (fits && json.every((item) => typeof item !== 'object')) return inline;
    return json.flatMap((item) => {
      const source = writeYaml(item, false, typed);
      const [first = '', ...rest] = typeof source === 'string' ? [source] : source;
      return [`- ${first}`, ...indented(rest)];
    });
  }
  const names = Object.keys(json);
  const isEntry = names.every((name) => ENTRY_NAMES.includes(name)) && Object.values(json).every((item) => typeof item !== 'object' || item === null);
  if (fits && isEntry) return inline;
  return names.flatMap((name) => pairLines(name, writeYaml(json[name] ?? null, false, typed || name === 'json')));
}

/** `name: value`, or the name with its block below. */
export function pairLines(name: string, source: Source): string[] {
  return typeof source === 'string' ? [`${writeName(name)}: ${source}`] : [`${writeName(name)}:`, ...indented(source)];
}

export function writeName(name: string): string {
  return /^-?[A-Za-z0-9_/=][\w./=-]*$/.test(name) ? name : JSON.stringify(name);
}

function indented(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function isEmpty(json: object): boolean {
  return Object.keys(json).length === 0;
}

function flowOf(json: Json, typed: boolean): string {
  if (typeof json !== 'object' || json === null) return writeScalar(json, true, typed);
  if (Array.isArray(json)) return `[${json.map((item) => flowOf(item, typed)).join(', ')}]`;
  const pairs = Object.entries(json).map(([name, value]) => `${writeName(name)}: ${flowOf(value, typed || name === 'json')}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function writeScalar(json: Exclude<Json, object> | null, flow: boolean, typed: boolean): string {
  if (typeof json !== 'string') return String(json);
  return typed && isOther(json) ? JSON.stringify(json) : writeText(json, flow);
}

/** Text as it is where that is read as it is, else in double quotes. Numbers and the like need none: a state document takes them by their source. */
export function writeText(text: string, flow: boolean): string {
  return isPlain(text, flow) ? text : JSON.stringify(text);
}

/** Plain text that YAML's core schema takes for something else. */
export function isOther(text: string): boolean {
  return /^(?:true|false|null|~|[-+]?(?:\.?\d.*|0[xo].*|\.(?:inf|nan)))$/i.test(text);
}

function isPlain(text: string, flow: boolean): boolean {
  if (text === '' || text !== text.trim() || /^(?:null|~|---|\.\.\.)/i.test(text)) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what plain text must not have.
  if (/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|: |:$| #/.test(text)) return false;
  if (/^[?:,[\]{}#&*!|>'"%@`]|^-(?:\s|$)/.test(text)) return false;
  return !flow || !/[,[\]{}:]/.test(text);
}
