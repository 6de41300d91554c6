/** A real server, read again and again → the state that it holds and what changed since the last reading. */
import type { NatsConnection } from '@nats-io/nats-core';
import { diffStates, emptyState } from '../document/delta.ts';
import type { Delta, Entry, Observer, State } from '../types.ts';
import { bucketOf, Lister, type Listing, type StreamListing, sameStream } from './listing.ts';
import { tellProgress } from './progress.ts';
import { type Known, Reading } from './reading.ts';
import { settingsOf } from './settings.ts';
import { stoodStill } from './still.ts';

/** After so many rounds of a server that does not come to rest, the last reading is taken as it is. */
const ROUNDS = 20;
/** Or after so many milliseconds, where a round of a large bucket takes long. */
const PATIENCE = 10_000;
/** So many of them ask that the whole account stood still; then it is enough that each bucket was as it is read at one moment. */
const STILL_ROUNDS = 10;
/** Buckets that are read at the same time. */
const SIDE_BY_SIDE = 16;

export interface MovableObserver extends Observer {
  /** The server has been started again: what it holds is read afresh through another connection, and the difference is what the next `read` says. */
  moveTo(connection: NatsConnection): void;
}

/**
 * Observes the account of a connection, which stays the caller's to close. It knows nothing until the first `read`. `read` rejects, with an error of one
 * sentence, where the server does not answer within 5 seconds, the connection is closed or JetStream is off; the state is then as it was, and it may be asked
 * again. Readings that are asked for at the same time follow each other. A bucket that was replaced from a backup of another server wants a new observer.
 * `onProgress` is told how far the reading of a large bucket is, where that takes longer than a second.
 */
export function createObserver(connection: NatsConnection, { onProgress }: ObserverOptions = {}): MovableObserver {
  return new ServerObserver(connection, onProgress ?? (() => {}));
}

export interface ObserverOptions {
  onProgress?: (text: string) => void;
}

/** The round of a reading that is taken. */
interface Round {
  listing: Listing;
  readings: ReadonlyMap<string, Reading>;
  /** The buckets whose content is certain. */
  proven: ReadonlySet<string>;
}

/** The parts of two states in which they can differ. */
interface Change {
  before: State;
  after: State;
}

class ServerObserver implements MovableObserver {
  readonly state: State = emptyState();
  #connection: NatsConnection;
  readonly #known = new Map<string, Known>();
  readonly #lister = new Lister();
  readonly #onProgress: (text: string) => void;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: NatsConnection, onProgress: (text: string) => void) {
    this.#connection = connection;
    this.#onProgress = onProgress;
  }

  moveTo(connection: NatsConnection): void {
    this.#connection = connection;
    this.#known.clear();
  }

  read(): Promise<Delta> {
    const reading = this.#last.then(() => this.#read());
    this.#last = reading.catch(() => {});
    return reading;
  }

  async #read(): Promise<Delta> {
    const readings = new Map<string, Reading>();
    try {
      return this.#take(await this.#settle(readings));
    } finally {
      await Promise.all([...readings.values()].map((reading) => reading.close()));
    }
  }

  /** Lists and reads, round by round, until what was read is what was there at one moment. */
  async #settle(readings: Map<string, Reading>): Promise<Round> {
    const end = Date.now() + PATIENCE;
    for (let round = 1; ; round++) {
      const listing = await this.#lister.list(this.#connection);
      const changed = this.#changed(listing, readings);
      const confirm = round <= STILL_ROUNDS && listing.size > 1 && this.#differs(listing, changed);
      const [proven, still] = await Promise.all([
        readBuckets(readings, changed),
        confirm ? stoodStill(this.#connection, this.#lister, listing, changed) : true,
      ]);
      if (round === ROUNDS || Date.now() > end || (still && proven.size === changed.size)) return { listing, readings, proven };
    }
  }

  /** The buckets of the list that are not known as they are listed, with a reading for each. */
  #changed(listing: Listing, readings: Map<string, Reading>): Map<string, StreamListing> {
    const changed = new Map<string, StreamListing>();
    for (const [name, stream] of listing) {
      const bucket = bucketOf(name);
      if (bucket === null) continue;
      const known = this.#known.get(bucket) ?? null;
      if (known !== null && sameStream(known.stream, stream) && !readings.has(bucket)) continue;
      changed.set(bucket, stream);
      if (!readings.has(bucket)) readings.set(bucket, new Reading(this.#connection, known, tellProgress(bucket, this.#onProgress)));
    }
    return changed;
  }

  /** Whether the list says anything that the state does not. */
  #differs(listing: Listing, changed: ReadonlyMap<string, StreamListing>): boolean {
    if (changed.size > 0 || listing.size !== this.state.buckets.size + this.state.streams.size) return true;
    return [...listing.keys()].some((name) => bucketOf(name) === null && !this.state.streams.has(name));
  }

  /** Makes a round the state. Looks only at what is listed as changed, and at the keys that did. */
  #take({ listing, readings, proven }: Round): Delta {
    const before = emptyState();
    const after = emptyState();
    for (const [bucket, old] of this.state.buckets) {
      if (listing.has(`KV_${bucket}`) && !readings.get(bucket)?.gone) continue;
      before.buckets.set(bucket, old);
      this.state.buckets.delete(bucket);
      this.#known.delete(bucket);
    }
    for (const [bucket, reading] of readings) {
      const stream = listing.get(`KV_${bucket}`);
      if (stream === undefined || reading.gone) continue;
      this.#takeBucket(bucket, { reading, stream }, { before, after });
      if (!proven.has(bucket)) this.#known.delete(bucket);
    }
    this.#takeStreams(listing, { before, after });
    return diffStates(before, after);
  }

  #takeBucket(bucket: string, { reading, stream }: { reading: Reading; stream: StreamListing }, { before, after }: Change): void {
    const { draft, overlay } = reading;
    const old = this.state.buckets.get(bucket);
    const settings = settingsOf(stream.config);
    const keys = (overlay ? old?.keys : undefined) ?? draft.whole();
    const touched = [...(overlay ? draft.changes.keys() : [])];
    if (old !== undefined) before.buckets.set(bucket, { settings: old.settings, keys: overlay ? only(keys, touched) : old.keys });
    if (overlay) merge(keys, draft.changes);
    after.buckets.set(bucket, { settings, keys: overlay ? only(keys, touched) : keys });
    this.state.buckets.set(bucket, { settings, keys });
    this.#known.set(bucket, { stream, tally: draft.tally, keys });
  }

  #takeStreams(listing: Listing, { before, after }: Change): void {
    for (const name of this.state.streams) if (!listing.has(name)) before.streams.add(name);
    for (const name of listing.keys()) if (bucketOf(name) === null && !this.state.streams.has(name)) after.streams.add(name);
    for (const name of before.streams) this.state.streams.delete(name);
    for (const name of after.streams) this.state.streams.add(name);
  }
}

/** Reads the buckets that changed, some at a time, and says which of them are proven to be as listed. */
async function readBuckets(readings: ReadonlyMap<string, Reading>, changed: ReadonlyMap<string, StreamListing>): Promise<Set<string>> {
  const proven = new Set<string>();
  const queue = changed.entries();
  const work = async () => {
    for (const [bucket, stream] of queue) if (await readings.get(bucket)?.reach(stream)) proven.add(bucket);
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, changed.size) }, work));
  return proven;
}

function merge(keys: Map<string, Entry>, changes: ReadonlyMap<string, Entry | null>): void {
  for (const [key, entry] of changes) {
    if (entry === null) keys.delete(key);
    else keys.set(key, entry);
  }
}

function only(keys: ReadonlyMap<string, Entry>, names: Iterable<string>): Map<string, Entry> {
  const some = new Map<string, Entry>();
  for (const name of names) {
    const entry = keys.get(name);
    if (entry !== undefined) some.set(name, entry);
  }
  return some;
}
