/** What a server holds → what a page says of it that said nothing of it before. */
import { escapeText } from '../../document/escape.ts';
import { byText } from '../../document/order.ts';
import { pointer, readPointer } from '../../document/pointer.ts';
import { SETTING_NAMES, SETTINGS } from '../../document/settings.ts';
import { valueSize } from '../../document/values.ts';
import type { Bucket, Entry, Json, Revision, SettingName, Value } from '../../types.ts';

/** Text as a page writes it where it had none. */
export type WriteText = (bucket: string, key: string, text: string) => string;

export interface Telling {
  write: WriteText;
  /** With all that is kept of each key. */
  full: boolean;
}

/** A text longer than this is told by its size. */
const LONGEST = 120;
/** More new keys than these under one first token are told by their count. */
const MOST_KEYS = 12;

export function freshBucket(name: string, { settings, keys }: Bucket, how: Telling): Json {
  const written = SETTING_NAMES.flatMap((setting) => (settings[setting] === undefined ? [] : [[setting, writeSetting(setting, settings[setting])] as const]));
  const under = freshKeys(name, keys, how);
  return Object.fromEntries([...written, ...(Object.keys(under).length === 0 ? [] : [['keys', under] as const])]);
}

/** Keys that came all at once: one by one, or where they are many their count. */
export function freshKeys(bucket: string, keys: ReadonlyMap<string, Entry>, how: Telling): { [name: string]: Json } {
  const sorted = [...keys].sort(([one], [other]) => byText(one, other));
  const groups = new Map<string, number>();
  for (const [key] of sorted) groups.set(wildcardOf(key), (groups.get(wildcardOf(key)) ?? 0) + 1);
  const written = new Map<string, Json>();
  for (const [key, entry] of sorted) {
    const wildcard = wildcardOf(key);
    if ((groups.get(wildcard) ?? 0) <= MOST_KEYS) written.set(key, freshEntry(bucket, key, entry, how));
    else written.set(wildcard, { count: sorted.filter(([one, revisions]) => wildcardOf(one) === wildcard && revisions.at(-1)?.operation === 'PUT').length });
  }
  return Object.fromEntries(written);
}

/** Paths of keys that came, to those that an edit tells of: where many came at once, their count. */
export function gatherKeys(mismatches: { kind: string; path: string; expected: Json }[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { kind, path, expected } of mismatches) {
    const [, bucket = '', , key = ''] = readPointer(path);
    const group = kind === 'key' && expected === null ? pointer('buckets', bucket, 'keys', wildcardOf(key), 'count') : path;
    groups.set(group, [...(groups.get(group) ?? []), path]);
  }
  return [...groups].flatMap(([group, paths]) => (paths.length > MOST_KEYS ? [group] : paths));
}

/** The wildcard over the keys that begin as this one does. */
function wildcardOf(key: string): string {
  const dot = key.indexOf('.');
  return dot === -1 ? '*' : `${key.slice(0, dot)}.>`;
}

/** The latest entry, in the short form where it has one; `full`: with its history, where it has one. */
export function freshEntry(bucket: string, key: string, entry: Entry, { write, full }: Telling): Json {
  const last = entry.at(-1);
  if (last === undefined) return null;
  const latest = freshRevision(last, (text) => write(bucket, key, text));
  if (!full || entry.length === 1) return latest;
  const told = (one: Revision) => longForm(one === last ? latest : freshRevision(one, (text) => escapeText(text, new Set())));
  return { ...longForm(latest), revision: last.revision, history: entry.map((one) => ({ ...told(one), revision: one.revision })) };
}

/** The short form in braces. */
export function longForm(json: Json): { [name: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : { value: json };
}

/** `write` gives text as the page has it. */
export function freshRevision({ operation, value }: Revision, write: (text: string) => string): Json {
  if (operation !== 'PUT' || value === null) return operation === 'DEL' ? { deleted: true } : { purged: true };
  if (isTold(value)) return 'text' in value ? write(value.text) : { base64: value.base64 };
  return { size: valueSize(value) };
}

function isTold(value: Value): boolean {
  return 'text' in value ? value.text.length <= LONGEST : value.base64.length <= LONGEST;
}

/** A setting in the units that people write. Text in it is literal. */
export function writeSetting(name: SettingName, value: Json): Json {
  if (SETTINGS[name].kind === 'size' && typeof value === 'number') return writeSize(value);
  return escaped(value);
}

export function writeSize(bytes: number): Json {
  const units: [number, string][] = [
    [2 ** 30, 'GB'],
    [2 ** 20, 'MB'],
    [2 ** 10, 'KB'],
  ];
  const unit = units.find(([size]) => bytes > 0 && bytes % size === 0);
  return unit === undefined ? bytes : `${bytes / unit[0]}${unit[1]}`;
}

/** Every text in a value, as a page writes it so that it is taken as it is. */
export function escaped(json: Json): Json {
  if (typeof json === 'string') return escapeText(json, new Set());
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(escaped);
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, escaped(value)]));
}
