/** A `state` or `change` expectation → the same with one thing demanded otherwise; never less. */
import { pointer } from '../document/pointer.ts';
import { SETTINGS } from '../document/settings.ts';
import { writeExpectedEntry } from '../document/write.ts';
import type { BucketPatch, ExpectedEntry, ExpectedRevision, ExpectedValue, Json, SettingName, StateExpectation, StatePatch } from '../types.ts';
import { becomes, type Mutation, quoted } from './mutant.ts';

/** What no server of a lesson has. */
const NAME = 'mutant-of-a-page';

const ANYTHING: ExpectedEntry = { operation: 'PUT', value: { text: NAME }, revision: null, history: null };

interface Change {
  path: string;
  mutation: string;
  patch: StatePatch;
}

export function mutateState(said: StateExpectation): (Mutation & { changed: StateExpectation })[] {
  const { patch, places, fence } = said;
  return [...bucketChanges(patch), ...streamChanges(patch)].map(({ path, mutation, patch: changed }) => {
    const { line, column } = placeOf(path, places) ?? fence;
    return { place: { line, column }, mutation, changed: { ...said, patch: changed } };
  });
}

/** Of the very entry, else of what it is part of. */
function placeOf(path: string, places: StateExpectation['places']): { line: number; column: number } | null {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = places.get(at);
    if (place !== undefined) return place;
  }
  return null;
}

function bucketChanges(patch: StatePatch): Change[] {
  const { buckets } = patch;
  const withBucket = (name: string, bucket: BucketPatch | null): StatePatch => ({ ...patch, buckets: new Map(buckets).set(name, bucket) });
  if (buckets === null || buckets.size === 0) {
    return patch.streams !== undefined && buckets !== null
      ? []
      : [{ path: '/buckets', mutation: 'a bucket more is demanded', patch: withBucket(NAME, NOTHING_SAID) }];
  }
  return [...buckets].flatMap(([name, bucket]): Change[] => {
    const path = pointer('buckets', name);
    if (bucket === null) return [{ path, mutation: `the bucket ${quoted(name)} is to be there`, patch: withBucket(name, NOTHING_SAID) }];
    const settings = [...bucket.settings].map(([setting, value]): Change => {
      const other = otherSetting(setting, value);
      const changed = { ...bucket, settings: new Map(bucket.settings).set(setting, other) };
      return { path: pointer('buckets', name, setting), mutation: changeOf(setting, value, other), patch: withBucket(name, changed) };
    });
    const keys = keyChanges(bucket).map(({ key, part, mutation, keys }): Change => {
      return { path: pointer('buckets', name, 'keys', ...(key === null ? [] : [key, ...part])), mutation, patch: withBucket(name, { ...bucket, keys }) };
    });
    const changes = [...settings, ...keys];
    return changes.length > 0 ? changes : [{ path, mutation: `the bucket ${quoted(name)} is to be gone`, patch: withBucket(name, null) }];
  });
}

const NOTHING_SAID: BucketPatch = { settings: new Map(), keys: new Map() };

interface KeyChange {
  /** Null: all of them. */
  key: string | null;
  part: string[];
  mutation: string;
  keys: NonNullable<BucketPatch['keys']>;
}

function keyChanges({ keys }: BucketPatch): KeyChange[] {
  if (keys === null) return [{ key: null, part: [], mutation: 'a key is to be left', keys: new Map([[NAME, ANYTHING]]) }];
  return [...keys].flatMap(([key, entry]) => {
    const change = (part: string[], mutation: string, changed: ExpectedEntry | { count: number }) => ({
      key,
      part,
      mutation: `of ${quoted(key)} ${mutation}`,
      keys: new Map(keys).set(key, changed),
    });
    if (entry === null) return [change([], 'a value is to be left', ANYTHING)];
    if ('count' in entry) return [change(['count'], changeOf('count', entry.count, entry.count + 1), { count: entry.count + 1 })];
    return entryChanges(entry).map(({ part, mutation, changed }) => change(part, mutation, changed));
  });
}

function entryChanges(entry: ExpectedEntry): { part: string[]; mutation: string; changed: ExpectedEntry }[] {
  const { revision, history } = entry;
  const changes = history !== null && entry.value === null ? [] : [latestChange(entry)];
  if (revision !== null) {
    changes.push({ part: ['revision'], mutation: changeOf('revision', revision, revision + 1), changed: { ...entry, revision: revision + 1 } });
  }
  for (const [index, one] of (history ?? []).entries()) {
    const { changed, mutation } = latestChange({ ...one, history: null });
    const other: ExpectedRevision = { operation: changed.operation, value: changed.value, revision: one.revision };
    changes.push({
      part: ['history', String(index)],
      mutation: `revision ${index + 1} of the history: ${mutation}`,
      changed: { ...entry, history: (history ?? []).with(index, other) },
    });
  }
  return changes;
}

/** Another value, or the other marker. */
function latestChange(entry: ExpectedEntry): { part: string[]; mutation: string; changed: ExpectedEntry } {
  const { value, operation } = entry;
  const changed: ExpectedEntry =
    value === null ? { ...entry, operation: operation === 'DEL' ? 'PURGE' : 'DEL', history: null } : { ...entry, value: otherValue(value) };
  const write = (one: ExpectedEntry) => text(writeExpectedEntry({ ...one, revision: null, history: null }));
  return { part: value === null ? [] : ['value'], mutation: becomes(write(entry), write(changed)), changed };
}

function otherValue(value: ExpectedValue): ExpectedValue {
  if ('text' in value) return { text: `${value.text}~` };
  if ('size' in value) return { size: value.size + 1 };
  if ('json' in value) return { json: otherJson(value.json) };
  return { base64: value.base64 === 'AA==' ? 'AQ==' : 'AA==' };
}

function otherJson(value: Json): Json {
  if (typeof value === 'string') return `${value}~`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return [...value, '~'];
  return value === null ? 0 : { ...value, '~': '~' };
}

/** In canonical form; null, the default, becomes something. */
function otherSetting(name: SettingName, value: Json): Json {
  const { kind } = SETTINGS[name];
  if (kind === 'flag') return value === true ? null : true;
  if (kind === 'storage') return value === 'memory' ? null : 'memory';
  if (kind === 'duration') return value === '17m' ? '18m' : '17m';
  return value === null ? 17 : otherJson(value);
}

function streamChanges(patch: StatePatch): Change[] {
  const { streams } = patch;
  if (streams === undefined) return [];
  if (streams.length === 0) return [{ path: '/streams', mutation: 'a stream is demanded', patch: { ...patch, streams: [NAME] } }];
  return streams.map((name, index) => ({
    path: pointer('streams', name),
    mutation: becomes(name, `${name}~`),
    patch: { ...patch, streams: streams.with(index, `${name}~`) },
  }));
}

function changeOf(name: string, one: Json, other: Json): string {
  return `${name} ${becomes(text(one), text(other))}`;
}

function text(value: Json): string {
  if (value === null) return 'the default';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
