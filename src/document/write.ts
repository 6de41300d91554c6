/** What is there, and what a page says, to the form that the state document writes it in. */
import type { Bucket, Delta, Entry, ExpectedEntry, ExpectedRevision, ExpectedValue, Json, Operation, Revision, SettingName, State, Value } from '../types.ts';
import { jsonEquals } from './json.ts';
import { byText } from './order.ts';
import { pointer } from './pointer.ts';

/** Text as a string, anything else as `{ base64: … }`. */
export function writeValue(value: Value): Json {
  return 'text' in value ? value.text : { base64: value.base64 };
}

/** Text as a string, the others in their form: `{ json: … }`, `{ base64: … }`, `{ size: 1024 }` in bytes. */
export function writeExpectedValue(value: ExpectedValue): Json {
  return 'text' in value ? value.text : { ...value };
}

/** The latest of an entry in its short form: the text, `{ base64: … }`, `{ deleted: true }` or `{ purged: true }`; null for none. */
export function writeEntry(entry: Entry | null): Json {
  const latest = entry?.at(-1);
  return latest === undefined ? null : shortForm(latest.operation, latest.value === null ? null : writeValue(latest.value));
}

/** As an element of a history: `{ value: …, revision: 3 }`, `{ deleted: true, revision: 4 }`. */
export function writeRevision(revision: Revision): Json {
  return { ...longForm(revision.operation, revision.value === null ? null : writeValue(revision.value)), revision: revision.revision };
}

/** Likewise, without a revision where the page gives none. */
export function writeExpectedRevision(expected: ExpectedRevision): Json {
  return withRevision(longForm(expected.operation, expected.value === null ? null : writeExpectedValue(expected.value)), expected.revision);
}

/** What a page says of a key, in the short form where it gives neither revision nor history; null for none. */
export function writeExpectedEntry(expected: ExpectedEntry | null): Json {
  if (expected === null) return null;
  const value = expected.value === null ? null : writeExpectedValue(expected.value);
  if (expected.revision === null && expected.history === null) return shortForm(expected.operation, value);
  const written = withRevision(longForm(expected.operation, value), expected.revision);
  return expected.history === null ? written : { ...written, history: expected.history.map(writeExpectedRevision) };
}

export interface WriteOptions {
  /** Each entry with its revision. */
  revisions?: boolean;
  /** Each entry with all that is kept of its key, where that is more than the latest; implies `revisions`. */
  history?: boolean;
}

/** The whole document, buckets, keys and streams in order. `streams` is left out where there are none, and so is `keys`. */
export function writeState(state: State, options: WriteOptions = {}): Json {
  const buckets = fromMap(state.buckets, (bucket) => writeBucket(bucket, options));
  return state.streams.size === 0 ? { buckets } : { buckets, streams: [...state.streams].sort(byText) };
}

function writeBucket(bucket: Bucket, options: WriteOptions): Json {
  return bucket.keys.size === 0 ? { ...bucket.settings } : { ...bucket.settings, keys: fromMap(bucket.keys, (entry) => writeFully(entry, options)) };
}

function writeFully(entry: Entry, options: WriteOptions): Json {
  const latest = entry.at(-1);
  if (latest === undefined || (options.history !== true && options.revisions !== true)) return writeEntry(entry);
  const written = longForm(latest.operation, latest.value === null ? null : writeValue(latest.value));
  const history = options.history === true && entry.length > 1 ? { history: entry.map(writeRevision) } : {};
  return { ...written, revision: latest.revision, ...history };
}

/** One thing that changed, as the state document would write it before and after; null where it was not, or is no longer, there, and for a default. */
export interface ChangeRow {
  pointer: string;
  before: Json;
  after: Json;
}

/**
 * One row for each bucket, setting, key and stream that changed. A bucket that came is a row with its settings, then one for each of its keys; one that went is a
 * row by itself. Where an entry's short form is the same before and after, its revisions, or all its history, are written.
 */
export function writeDelta(delta: Delta): ChangeRow[] {
  const rows: ChangeRow[] = [];
  for (const { bucket, before, after, keys } of delta.buckets) {
    if (before === null || after === null) rows.push({ pointer: pointer('buckets', bucket), before: before && { ...before }, after: after && { ...after } });
    else rows.push(...settingRows(bucket, before, after));
    if (after === null) continue;
    for (const change of keys) rows.push({ pointer: pointer('buckets', bucket, 'keys', change.key), ...entryPair(change.before, change.after) });
  }
  for (const name of delta.streams.removed) rows.push({ pointer: pointer('streams', name), before: name, after: null });
  for (const name of delta.streams.added) rows.push({ pointer: pointer('streams', name), before: null, after: name });
  return rows;
}

function settingRows(bucket: string, before: Bucket['settings'], after: Bucket['settings']): ChangeRow[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)] as SettingName[])];
  const rows = names.map((name) => ({ pointer: pointer('buckets', bucket, name), before: before[name] ?? null, after: after[name] ?? null }));
  return rows.filter((row) => !jsonEquals(row.before, row.after));
}

function entryPair(before: Entry | null, after: Entry | null): { before: Json; after: Json } {
  const forms = [{}, { revisions: true }, { history: true }].map((options) => ({
    before: before === null ? null : writeFully(before, options),
    after: after === null ? null : writeFully(after, options),
  }));
  return forms.find((form) => !jsonEquals(form.before, form.after)) ?? { before: writeEntry(before), after: writeEntry(after) };
}

function shortForm(operation: Operation, value: Json): Json {
  return operation === 'PUT' ? value : longForm(operation, value);
}

/** A value that is not text is a mapping already: `{ base64: … }`. Null: a page that gives only a history. */
function longForm(operation: Operation, value: Json): { [name: string]: Json } {
  if (operation === 'DEL') return { deleted: true };
  if (operation === 'PURGE') return { purged: true };
  if (value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? value : { value };
}

function withRevision(written: { [name: string]: Json }, revision: number | null): { [name: string]: Json } {
  return revision === null ? written : { ...written, revision };
}

/** Names may be `__proto__`: `fromEntries` defines them as properties of their own. */
function fromMap<T>(map: ReadonlyMap<string, T>, write: (item: T) => Json): Json {
  return Object.fromEntries([...map].sort(([one], [other]) => byText(one, other)).map(([name, item]) => [name, write(item)]));
}
