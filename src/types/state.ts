/** What a server holds, what changed of it, and what a page says that it holds (design §3). */
import type { Fence, Place } from './page.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type SettingName =
  | 'description'
  | 'history'
  | 'ttl'
  | 'markerTtl'
  | 'storage'
  | 'replicas'
  | 'compression'
  | 'maxBytes'
  | 'maxValueSize'
  | 'mirror'
  | 'sources'
  | 'metadata'
  | 'republish'
  | 'placement';

/**
 * The settings of a bucket that are not at their default, in the state document's canonical form: durations as `1h30m`, sizes in bytes as numbers, flags as true.
 */
export type Settings = Partial<Record<SettingName, Json>>;

/** What is inside a locker: valid UTF-8 as text, anything else as base64. */
export type Value = { text: string } | { base64: string };

export type Operation = 'PUT' | 'DEL' | 'PURGE';

/** One kept message of a key. A marker (DEL, PURGE) has no value. */
export interface Revision {
  revision: number;
  operation: Operation;
  value: Value | null;
}

/** All that a bucket keeps of a key, oldest first, never empty; the last one is the latest entry. */
export type Entry = Revision[];

export interface Bucket {
  settings: Settings;
  keys: Map<string, Entry>;
}

/** What a server holds. Keys and names may be any text (`__proto__` too), hence maps. */
export interface State {
  buckets: Map<string, Bucket>;
  /** Streams that are no buckets. */
  streams: Set<string>;
}

export interface KeyDelta {
  key: string;
  before: Entry | null;
  after: Entry | null;
}

/** `before` or `after` is null where the bucket was not, or is no longer, there; a bucket that came or went lists all its keys. */
export interface BucketDelta {
  bucket: string;
  before: Settings | null;
  after: Settings | null;
  keys: KeyDelta[];
}

/** The difference of two states, plain JSON. Only what differs is in it. */
export interface Delta {
  buckets: BucketDelta[];
  streams: { added: string[]; removed: string[] };
}

/** A value as a page gives it. The strings in `text` and `json` may hold matchers (design §2). */
export type ExpectedValue = { text: string } | { json: Json } | { base64: string } | { size: number };

export interface ExpectedRevision {
  operation: Operation;
  /** Null for a marker. */
  value: ExpectedValue | null;
  /** Null where the page does not say. */
  revision: number | null;
}

/** What a page says of a key. `value` is null for a marker, and where only `history` is given. */
export interface ExpectedEntry extends ExpectedRevision {
  history: ExpectedRevision[] | null;
}

export interface ExpectedBucket {
  settings: Settings;
  keys: Map<string, ExpectedEntry>;
  /** NATS wildcard → how many keys under it, not named singly, have a PUT as their latest entry. */
  counts: Map<string, number>;
}

/** What a page says that a server holds: everything, by the closed world. */
export interface ExpectedState {
  buckets: Map<string, ExpectedBucket>;
  streams: Set<string>;
}

/** A merge patch on an expected state; null takes a thing away. What is left out stays. */
export interface StatePatch {
  /** Null: all buckets go. */
  buckets: Map<string, BucketPatch | null> | null;
  /** Undefined: as before. */
  streams: string[] | undefined;
}

export interface BucketPatch {
  /** Null: back to the default. */
  settings: Map<SettingName, Json | null>;
  /** Keys, and wildcards with their count. Null: all keys go. */
  keys: Map<string, ExpectedEntry | { count: number } | null> | null;
}

/** A `state` or `change` fence, read. A `state` is a patch on the empty state. */
export interface StateExpectation {
  kind: 'state' | 'change';
  fence: Fence;
  patch: StatePatch;
  /** JSON Pointer into the document, in the form a mismatch's path has → where that entry stands in the page. */
  places: Map<string, Place>;
  /** Milliseconds; null: it must hold as soon as the step has ended. */
  within: number | null;
}
