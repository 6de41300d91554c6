/** One bucket, from what was known of it to what it holds at a given list: reads no more than what is new, and says whether the result is proven. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { Entry } from '../types.ts';
import { Draft, doubtful, EMPTY_TALLY, MIXED, type Removal, type Tally } from './draft.ts';
import { fetchEach, Interrupted } from './fetch.ts';
import { Follower } from './follower.ts';
import { type StreamListing, sameContents } from './listing.ts';
import type { StoredMessage } from './message.ts';
import { readRange } from './range.ts';

/** What is known for certain of a bucket that was read. `keys` is the live state's own map. */
export interface Known {
  stream: StreamListing;
  tally: Tally;
  keys: Map<string, Entry>;
}

/** After so many rounds the new messages are followed instead of asked for. */
const ROUNDS_ASKED = 3;
/** So many revisions are looked at again in one round; where there are more it is as well to read everything. */
const MANY = 512;

const NOTHING: ReadonlyMap<string, Entry> = new Map();

/**
 * Brings a draft up to one list after another, until it is proven at one of them. A stream's messages up to a sequence can only become fewer, so a draft that
 * leaves nothing out holds what is kept, or more; where the list counts as many messages, it holds exactly what is kept.
 */
export class Reading {
  /** Whether the draft stands over what was known; else it is all there is. */
  overlay: boolean;
  draft: Draft;
  /** The list up to which the draft goes; null: nothing is in it. */
  #reached: StreamListing | null;
  readonly #connection: NatsConnection;
  readonly #progress: ((done: number, of: number) => void) | undefined;
  #rounds = 0;
  #follower: Follower | null = null;

  /** `progress` is told how many of how many messages were read. */
  constructor(connection: NatsConnection, known: Known | null, progress?: (done: number, of: number) => void) {
    this.#connection = connection;
    this.overlay = known !== null;
    this.draft = new Draft(known?.keys ?? NOTHING, known?.tally ?? EMPTY_TALLY);
    this.#reached = known?.stream ?? null;
    this.#progress = progress;
  }

  /** Whether the bucket was no longer there when it was read. */
  get gone(): boolean {
    return this.#reached === null;
  }

  /** Reads up to where the stream stood at `stream`. True where the draft is then proven to be what it held at that time; if not, ask again with a newer list. */
  async reach(stream: StreamListing): Promise<boolean> {
    this.#rounds += 1;
    try {
      if (this.#reached === null || !this.#continues(this.#reached, stream)) return await this.#readWhole(stream);
      const grown = this.#reached.lastSequence < stream.lastSequence;
      const complete = !grown || (await this.#readNew(this.#reached, stream));
      this.#reached = stream;
      const kept = await this.#stillKept(stream);
      if (!complete) return false;
      if (this.draft.tally.count !== stream.messages) return await this.#readWhole(stream);
      if (kept) return true;
      // What is gone was deleted, unless the stream grew on: then newer messages can have pushed it out since.
      return grown ? false : await this.#readWhole(stream);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      this.#restart();
      return false;
    }
  }

  /** Ends what the reading keeps open on the server. Safe to call twice, and to go on after. */
  async close(): Promise<void> {
    const follower = this.#follower;
    this.#follower = null;
    await follower?.close();
  }

  /** Whether what is kept now is what was kept then, what came since, and nothing else. */
  #continues(reached: StreamListing, stream: StreamListing): boolean {
    if (reached.created !== stream.created || this.draft.tally.prefix === MIXED) return false;
    if (reached.lastSequence >= stream.lastSequence) return sameContents(reached, stream);
    const [then, now] = [removal(reached), removal(stream)];
    return then.history === now.history && then.rollups === now.rollups;
  }

  /** Whether all new messages were still there to be read. One that was not may be there at the time of the list, or have gone before. */
  async #readNew(reached: StreamListing, stream: StreamListing): Promise<boolean> {
    const first = Math.max(reached.lastSequence + 1, stream.firstSequence);
    const rule = removal(stream);
    let found = 0;
    const take = (message: StoredMessage) => {
      this.draft.append(message, rule);
      if (message.revision.revision >= first) found += 1;
      this.#progress?.(found, stream.lastSequence - first + 1);
    };
    const followed = await this.#followed(reached, stream);
    if (followed === null) await readRange(this.#connection, stream, { first, last: stream.lastSequence }, take);
    else for (const message of followed) take(message);
    return found === Math.max(stream.lastSequence - first + 1, 0) && this.draft.tally.prefix !== MIXED;
  }

  /** Where round after round new messages were gone before they could be read, they are read as they come. */
  async #followed(reached: StreamListing, stream: StreamListing): Promise<StoredMessage[] | null> {
    if (this.#rounds <= ROUNDS_ASKED) return null;
    this.#follower ??= await Follower.open(this.#connection, stream, reached.lastSequence + 1);
    return (await this.#follower?.until(stream.lastSequence)) ?? null;
  }

  /** Whatever can be read was there at the time of the list, so that as many messages are the same messages. */
  async #readWhole(stream: StreamListing): Promise<boolean> {
    this.#restart();
    const { firstSequence: first, lastSequence: last, messages } = stream;
    await readRange(this.#connection, stream, { first, last }, (message) => {
      this.draft.collect(message);
      this.#progress?.(this.draft.count, messages);
    });
    this.#reached = stream;
    return this.draft.tally.count === stream.messages;
  }

  /**
   * A key that lost earlier revisions to newer ones kept as many as it may, but which ones only the server knows: one of the newer can have been deleted by
   * hand in between. True where all that should be kept is still there; what was seen once need not be looked at again.
   */
  async #stillKept(stream: StreamListing): Promise<boolean> {
    const doubts: { key: string; revisions: number[] }[] = [];
    let count = 0;
    for (const key of this.draft.trimmed) {
      const revisions = doubtful(this.draft, key);
      count += revisions.length;
      if (count > MANY) break;
      doubts.push({ key, revisions });
    }
    const check = async ({ key, revisions }: (typeof doubts)[number]) => {
      const kept = await fetchEach(this.#connection, stream.config.name, revisions);
      if (kept.length === revisions.length) this.draft.trimmed.delete(key);
    };
    await Promise.all(doubts.map(check));
    return this.draft.trimmed.size === 0;
  }

  #restart(): void {
    this.overlay = false;
    this.draft = new Draft(NOTHING, EMPTY_TALLY);
    this.#reached = null;
    void this.close();
  }
}

function removal({ config }: StreamListing): Removal {
  const history = config.max_msgs_per_subject;
  return { history: history > 0 ? history : Number.POSITIVE_INFINITY, rollups: config.allow_rollup_hdrs && !config.deny_purge };
}
