/** Two states to their difference, and differences applied to a state or put together. */
import type { Bucket, BucketDelta, Delta, Entry, KeyDelta, Settings, State } from '../types.ts';
import { jsonEquals } from './json.ts';
import { byText } from './order.ts';

/** A server that holds nothing. */
export function emptyState(): State {
  return { buckets: new Map(), streams: new Set() };
}

export function emptyDelta(): Delta {
  return { buckets: [], streams: { added: [], removed: [] } };
}

export function isEmptyDelta(delta: Delta): boolean {
  return delta.buckets.length === 0 && delta.streams.added.length === 0 && delta.streams.removed.length === 0;
}

/** Whether two entries (null: none) hold the same revisions. */
export function entriesEqual(one: Entry | null, other: Entry | null): boolean {
  if (one === other) return true;
  if (one === null || other === null || one.length !== other.length) return false;
  return one.every((revision, at) => {
    const twin = other[at];
    if (twin === undefined || revision.revision !== twin.revision || revision.operation !== twin.operation) return false;
    return jsonEquals(revision.value, twin.value);
  });
}

/** What became of `before` that it is `after`. Sorted by name, so equal differences are equal JSON. */
export function diffStates(before: State, after: State): Delta {
  const buckets: BucketDelta[] = [];
  for (const [name, bucket] of before.buckets) buckets.push(diffBuckets(name, bucket, after.buckets.get(name) ?? null));
  for (const [name, bucket] of after.buckets) if (!before.buckets.has(name)) buckets.push(diffBuckets(name, null, bucket));
  return {
    buckets: sortedChanges(buckets),
    streams: {
      added: [...after.streams].filter((name) => !before.streams.has(name)).sort(byText),
      removed: [...before.streams].filter((name) => !after.streams.has(name)).sort(byText),
    },
  };
}

function diffBuckets(bucket: string, before: Bucket | null, after: Bucket | null): BucketDelta {
  const keys: KeyDelta[] = [];
  if (before !== after) {
    for (const [key, entry] of before?.keys ?? []) {
      const now = after?.keys.get(key) ?? null;
      if (!entriesEqual(entry, now)) keys.push({ key, before: entry, after: now });
    }
    for (const [key, entry] of after?.keys ?? []) if (before?.keys.has(key) !== true) keys.push({ key, before: null, after: entry });
  }
  return { bucket, before: before?.settings ?? null, after: after?.settings ?? null, keys };
}

/** Only what differs, in order. */
function sortedChanges(buckets: BucketDelta[]): BucketDelta[] {
  const changed = buckets.filter((delta) => delta.keys.length > 0 || !settingsEqual(delta.before, delta.after));
  for (const delta of changed) delta.keys.sort((one, other) => byText(one.key, other.key));
  return changed.sort((one, other) => byText(one.bucket, other.bucket));
}

function settingsEqual(one: Settings | null, other: Settings | null): boolean {
  if (one === other || one === null || other === null) return one === other;
  return jsonEquals(one, other);
}

/** Changes `state` in place. The delta must be one that began at it. Entries and settings are shared with the delta, not copied. */
export function applyDelta(state: State, delta: Delta): void {
  for (const { bucket: name, after, keys } of delta.buckets) {
    if (after === null) {
      state.buckets.delete(name);
      continue;
    }
    const bucket = state.buckets.get(name) ?? { settings: after, keys: new Map<string, Entry>() };
    bucket.settings = after;
    state.buckets.set(name, bucket);
    for (const change of keys) {
      if (change.after === null) bucket.keys.delete(change.key);
      else bucket.keys.set(change.key, change.after);
    }
  }
  for (const name of delta.streams.removed) state.streams.delete(name);
  for (const name of delta.streams.added) state.streams.add(name);
}

/** One delta for two that follow each other. What comes back to where it was is not in it. */
export function composeDeltas(first: Delta, second: Delta): Delta {
  // A step that filled a bucket has a million keys in its delta, and most steps are read once.
  if (isEmptyDelta(first)) return second;
  if (isEmptyDelta(second)) return first;
  const buckets = new Map(first.buckets.map((delta) => [delta.bucket, { ...delta, keys: [...delta.keys] }]));
  for (const delta of second.buckets) {
    const earlier = buckets.get(delta.bucket);
    buckets.set(delta.bucket, { ...delta, before: earlier === undefined ? delta.before : earlier.before, keys: composeKeys(earlier?.keys ?? [], delta.keys) });
  }
  const { added, removed } = first.streams;
  const gone = new Set(second.streams.removed);
  const come = new Set(second.streams.added);
  return {
    buckets: sortedChanges([...buckets.values()]),
    streams: {
      added: [...added.filter((name) => !gone.has(name)), ...[...come].filter((name) => !removed.includes(name))].sort(byText),
      removed: [...removed.filter((name) => !come.has(name)), ...[...gone].filter((name) => !added.includes(name))].sort(byText),
    },
  };
}

function composeKeys(first: KeyDelta[], second: KeyDelta[]): KeyDelta[] {
  const keys = new Map(first.map((change) => [change.key, change]));
  for (const change of second) {
    const earlier = keys.get(change.key);
    keys.set(change.key, earlier === undefined ? change : { ...change, before: earlier.before });
  }
  return [...keys.values()].filter((change) => !entriesEqual(change.before, change.after));
}
