/** What a page says of one bucket, its settings and its keys, to a patch on it. */
import type { BucketPatch, ExpectedEntry, SettingName } from '../types.ts';
import type { DocumentReader } from './document-reader.ts';
import { type Field, fieldsOf, reportUnknown, reportWrong, wholeNumberOf } from './fields.ts';
import { keyProblem } from './names.ts';
import { pointer } from './pointer.ts';
import { readEntry } from './read-entry.ts';
import { readSetting } from './read-setting.ts';
import { SETTING_NAMES } from './settings.ts';

const KNOWN: readonly string[] = [...SETTING_NAMES, 'keys'];

/** Null: the bucket goes. What is wrong is reported and left out. */
export function readBucket(field: Field, path: string, reader: DocumentReader): BucketPatch | null {
  const patch: BucketPatch = { settings: new Map(), keys: new Map() };
  if (field.value === null && reader.kind === 'change') return null;
  const fields = fieldsOf(field.value, reader);
  if (fields === null) {
    const advice = field.value === null ? `Write \`${field.name}: {}\` for a bucket with every setting at its default and no keys.` : null;
    reportWrong(field, 'a mapping of its settings and `keys`', reader, advice);
  }
  for (const each of fields ?? []) {
    const name = SETTING_NAMES.find((setting) => setting === each.name);
    reader.remember(`${path}${pointer(each.name)}`, each.at);
    if (name !== undefined) readInto(patch.settings, name, each, reader);
    else if (each.name === 'keys') patch.keys = readKeys(each, `${path}/keys`, reader);
    else reportUnknown(each, 'in a bucket', KNOWN, reader, 'The keys of a bucket stand under its `keys:`.');
  }
  return patch;
}

function readInto(settings: BucketPatch['settings'], name: SettingName, field: Field, reader: DocumentReader): void {
  const value = readSetting(name, field, reader);
  if (value !== undefined) settings.set(name, value);
}

function readKeys(field: Field, path: string, reader: DocumentReader): BucketPatch['keys'] {
  if (field.value === null && reader.kind === 'change') return null;
  const fields = fieldsOf(field.value, reader);
  if (fields === null) reportWrong(field, 'a mapping of keys to what is in them', reader, field.value === null ? 'Write `keys: {}` for none.' : null);
  const keys: NonNullable<BucketPatch['keys']> = new Map();
  for (const each of fields ?? []) {
    const entry = readKey(each, `${path}${pointer(each.name)}`, reader);
    if (entry !== undefined) keys.set(each.name, entry);
  }
  return keys;
}

/** Null: the key, or the count of the wildcard, goes. Undefined: it is wrong, and reported. */
function readKey(field: Field, path: string, reader: DocumentReader): ExpectedEntry | { count: number } | null | undefined {
  reader.remember(path, field.at);
  const problem = keyProblem(field.name);
  if (problem !== null) reader.report(field.at, problem);
  if (field.value === null) {
    if (reader.kind === 'change') return null;
    reader.report(
      field.at,
      `\`${field.name}\` is empty; expected what is in it.`,
      'Quote it to mean the text: `""` or `"null"`. A key that is not there is not mentioned.',
    );
    return undefined;
  }
  return (/[*>]/.test(field.name) ? readCount(field, path, reader) : readEntry(field, path, reader)) ?? undefined;
}

function readCount(field: Field, path: string, reader: DocumentReader): { count: number } | null {
  const fields = fieldsOf(field.value, reader);
  const countField = fields?.find(({ name }) => name === 'count');
  for (const other of fields ?? []) if (other !== countField) reportUnknown(other, 'under a wildcard', ['count'], reader);
  if (countField === undefined) {
    if (fields === null || fields.length === 0) reportWrong(field, 'a count of the keys under the wildcard, as in `{ count: 1000 }`', reader);
    return null;
  }
  reader.remember(`${path}/count`, countField.at);
  const count = wholeNumberOf(countField.value, 0);
  if (count === null) reportWrong(countField, 'a whole number', reader);
  return count === null ? null : { count };
}
