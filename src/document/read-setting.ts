/** A setting as a page writes it to its canonical form. */
import type { Json, SettingName } from '../types.ts';
import type { DocumentReader } from './document-reader.ts';
import { parseDuration } from './duration.ts';
import { type Field, fieldsOf, itemsOf, plainOf, reportUnknown, reportWrong, textOf, wholeNumberOf } from './fields.ts';
import { bucketNameProblem } from './names.ts';
import { nearMiss } from './near-miss.ts';
import { canonicalSetting, isServerMetadata, SETTINGS, type SettingKind } from './settings.ts';
import { parseSize } from './size.ts';

/** Reads a setting. Null: it is at its default, or taken away; undefined: it is wrong, and reported. */
export function readSetting(name: SettingName, field: Field, reader: DocumentReader): Json | undefined {
  if (field.value === null && reader.kind === 'change') return null;
  const { kind } = SETTINGS[name];
  const value = READERS[kind](field, reader);
  if (value === null) reportWrong(field, EXPECTED[kind], reader, advice(kind, field));
  return value === null || value === undefined ? undefined : canonicalSetting(name, value);
}

const EXPECTED: Record<SettingKind, string> = {
  text: 'text',
  history: 'a whole number above zero, or -1 for no limit',
  duration: 'a duration above zero with its unit, as in `1h30m` or `500ms`',
  storage: '`file` or `memory`',
  count: 'a whole number above zero',
  flag: '`true` or `false`',
  size: 'a size above zero, as in `1MB` or a number of bytes, or -1 for no limit',
  bucket: 'the name of a bucket',
  buckets: 'a list of names of buckets, as in `[A, B]`',
  map: 'a mapping of names to texts',
  republish: 'a mapping of `src`, `dest` and, if so, `headersOnly: true`',
  placement: 'a mapping of `cluster` and `tags`',
};

function advice(kind: SettingKind, { value }: Field): string | null {
  const text = textOf(value);
  const meant = kind === 'storage' && text !== null ? nearMiss(text, ['file', 'memory']) : null;
  if (meant !== null) return `Did you mean \`${meant}\`?`;
  return kind === 'duration' && text !== null && /^\d+$/.test(text) ? `Give the unit: \`${text}s\` for seconds, \`${text}ms\` for milliseconds.` : null;
}

/** By kind: the value as `canonicalSetting` takes it; null where it is not what is expected, undefined where what is wrong inside it is reported already. */
const READERS: Record<SettingKind, (field: Field, reader: DocumentReader) => Json | undefined> = {
  text: readText,
  history: ({ value }) => wholeNumberOf(value, 1) ?? minusOne(value),
  duration: ({ value }) => aboveZero(parseDuration(textOf(value) ?? '')),
  storage: ({ value }) => ['file', 'memory'].find((storage) => storage === textOf(value)) ?? null,
  count: ({ value }) => wholeNumberOf(value, 1),
  flag: ({ value }) => flagOf(value),
  size: ({ value }) => wholeNumberOf(value, 1) ?? minusOne(value) ?? aboveZero(parseSize(textOf(value) ?? '')),
  bucket: readBucketName,
  buckets: readNames(readBucketName),
  map: readMetadata,
  republish: readRepublish,
  placement: readPlacement,
};

function flagOf(value: Field['value']): boolean | null {
  const flag = plainOf(value);
  return typeof flag === 'boolean' ? flag : null;
}

function minusOne(value: Field['value']): number | null {
  return plainOf(value) === -1 ? -1 : null;
}

function aboveZero(number: number | null): number | null {
  return number !== null && number > 0 ? number : null;
}

function readText({ value }: Field, reader: DocumentReader): string | null {
  const text = textOf(value);
  if (text !== null && value !== null) reader.checkMatchers(text, value);
  return text;
}

function readBucketName(field: Field, reader: DocumentReader): string | null | undefined {
  const name = textOf(field.value);
  const problem = name === null ? null : bucketNameProblem(name);
  if (problem === null) return name;
  reader.report(field.value?.range?.[0] ?? field.at, problem);
  return undefined;
}

/** A list without order, so nothing stands in it twice. */
function readNames(readName: (field: Field, reader: DocumentReader) => string | null | undefined): (field: Field, reader: DocumentReader) => Json | undefined {
  return (field, reader) => {
    const items = itemsOf(field.value);
    if (items === null) return null;
    const names = new Set<string>();
    for (const [index, item] of items.entries()) {
      const each = { name: `${field.name}[${index}]`, ...item };
      const name = readName(each, reader);
      if (name === null) reportWrong(each, 'text', reader);
      else if (name !== undefined && names.has(name)) reader.report(item.at, `\`${name}\` is given twice.`);
      else if (name !== undefined) names.add(name);
    }
    return [...names];
  };
}

function readMetadata(field: Field, reader: DocumentReader): Json {
  const fields = fieldsOf(field.value, reader);
  if (fields === null) return null;
  const metadata = new Map<string, string>();
  for (const each of fields) {
    const text = readText(each, reader);
    if (text === null) reportWrong(each, 'text', reader);
    else if (isServerMetadata(each.name)) reader.report(each.at, `\`${each.name}\` is the server's own and not compared; leave it out.`);
    else metadata.set(each.name, text);
  }
  return Object.fromEntries(metadata);
}

function readRepublish(field: Field, reader: DocumentReader): Json | undefined {
  const fields = fieldsOf(field.value, reader);
  if (fields === null) return null;
  const given = new Map<string, Json>();
  for (const each of fields) {
    const value = each.name === 'headersOnly' ? flagOf(each.value) : each.name === 'src' || each.name === 'dest' ? readText(each, reader) : undefined;
    if (value === undefined) reportUnknown(each, 'in `republish`', ['src', 'dest', 'headersOnly'], reader);
    else if (value === null) reportWrong(each, each.name === 'headersOnly' ? EXPECTED.flag : 'a subject', reader);
    else given.set(each.name, value);
  }
  const missing = ['src', 'dest'].filter((name) => !fields.some((each) => each.name === name));
  for (const name of missing) reader.report(field.at, `\`republish\` has no \`${name}\`; expected ${EXPECTED.republish}.`);
  return missing.length > 0 ? undefined : Object.fromEntries(given);
}

function readPlacement(field: Field, reader: DocumentReader): Json | undefined {
  const fields = fieldsOf(field.value, reader);
  if (fields === null) return null;
  const given = new Map<string, Json>();
  for (const each of fields) {
    if (each.name !== 'cluster' && each.name !== 'tags') reportUnknown(each, 'in `placement`', ['cluster', 'tags'], reader);
    else {
      const value = each.name === 'cluster' ? readText(each, reader) : readNames(readText)(each, reader);
      if (value === null || value === undefined) reportWrong(each, each.name === 'cluster' ? 'text' : 'a list of texts', reader);
      else given.set(each.name, value);
    }
  }
  return Object.fromEntries(given);
}
