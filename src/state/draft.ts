/** What was known of a bucket's keys and the messages that came after → what it keeps now, as an overlay until it is known to be true. */
import type { Entry } from '../types.ts';
import type { StoredMessage } from './message.ts';

/** What is known of a bucket's messages, apart from its keys. */
export interface Tally {
  /** How many messages there are. */
  count: number;
  /** What stands before the keys in the subjects; null while there are none, `mixed` where they differ. */
  prefix: string | null;
}

/** Subjects of several buckets in one stream: two of them can have the same key, so a key is no longer one subject. No prefix can be this word. */
export const MIXED = 'mixed';

export const EMPTY_TALLY: Tally = { count: 0, prefix: null };

/** What a stream removes by itself as a message is stored. */
export interface Removal {
  /** How many messages of a subject are kept; Infinity for all. */
  history: number;
  /** Whether `Nats-Rollup` removes anything. */
  rollups: boolean;
}

/**
 * Collects messages over a bucket's keys without changing them. What it holds is all that can be left: the stream keeps this, or a part of it. (Except for the
 * keys in `trimmed`: where a later value was deleted by hand, the server may have kept an earlier one in place of it.)
 */
export class Draft {
  /** The keys that differ from `base`; null: gone. Over an empty base there are no nulls. */
  readonly changes = new Map<string, Entry | null>();
  /** Keys from which earlier revisions were dropped, more than one being kept. Who has seen that the rest is still kept takes the key out. */
  readonly trimmed = new Set<string>();
  readonly #base: ReadonlyMap<string, Entry>;
  #count: number;
  #prefix: string | null;

  constructor(base: ReadonlyMap<string, Entry>, tally: Tally) {
    this.#base = base;
    this.#count = tally.count;
    this.#prefix = tally.prefix;
  }

  get count(): number {
    return this.#count;
  }

  get tally(): Tally {
    return { count: this.#count, prefix: this.#prefix };
  }

  entry(key: string): Entry | null {
    const changed = this.changes.get(key);
    return changed === undefined ? (this.#base.get(key) ?? null) : changed;
  }

  /** All keys of a draft over an empty base: its own map, not a copy, so the draft must not be added to afterwards. */
  whole(): Map<string, Entry> {
    return this.changes as Map<string, Entry>;
  }

  /** Messages that were all kept at one moment: none of them removed another. */
  collect(message: StoredMessage): void {
    if (this.#prefix !== message.prefix) this.#prefix = this.#prefix === null ? message.prefix : MIXED;
    const { key, revision } = message;
    const own = this.changes.get(key);
    // An entry of the base is shared with deltas, so it is replaced; one of this draft can grow, however long it is.
    if (own) own.push(revision);
    else this.changes.set(key, [...(this.entry(key) ?? []), revision]);
    this.#count += 1;
  }

  /** A message that came after those before it, and removed what the stream's configuration lets it remove. */
  append(message: StoredMessage, { history, rollups }: Removal): void {
    const { key, revision, rollup } = message;
    if (rollups && rollup === 'all') for (const other of this.#keys()) this.#put(other, []);
    if (rollups && rollup === 'sub') this.#put(key, []);
    this.collect(message);
    const entry = this.entry(key) ?? [revision];
    if (entry.length <= history) return;
    this.#put(key, entry.slice(-history));
    if (history > 1) this.trimmed.add(key);
  }

  #keys(): Set<string> {
    return new Set([...this.#base.keys(), ...this.changes.keys()]);
  }

  #put(key: string, entry: Entry): void {
    this.#count += entry.length - (this.entry(key)?.length ?? 0);
    if (entry.length > 0) this.changes.set(key, entry);
    else if (this.#base.has(key)) this.changes.set(key, null);
    else this.changes.delete(key);
  }
}

/** What the server must still keep of a trimmed key, for the draft to be true of it: all but its newest revision, which pushed the others out. */
export function doubtful(draft: Draft, key: string): number[] {
  return (draft.entry(key) ?? []).slice(0, -1).map(({ revision }) => revision);
}
