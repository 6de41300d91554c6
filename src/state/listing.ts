/** `STREAM.LIST` → what each stream of the account is and how far it has come: the fingerprints by which change is noticed. */
import type { StreamConfig, StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { type Answer, askText, isLeaderless, understood, untilLed } from './api.ts';
import { parseStream, splitList } from './list-text.ts';

/** One stream at one moment. Everything but the configuration is the fingerprint of its contents. */
export interface StreamListing {
  config: StreamConfig;
  /** The configuration as JSON text, to be compared. */
  configText: string;
  created: string;
  messages: number;
  bytes: number;
  /** More than `lastSequence` where there are no messages. */
  firstSequence: number;
  lastSequence: number;
  lastTime: string;
  /** How many it has. */
  consumers: number;
}

export type Listing = ReadonlyMap<string, StreamListing>;

interface ListAnswer {
  total: number;
  /** In a cluster: streams whose leader did not answer. */
  missing?: string[] | null;
}

interface ListedStream {
  text: string;
  stream: StreamListing;
}

/** Lists the streams of an account again and again. Of hundreds that are listed after each step few have changed: what is listed word for word as the last time is not read again. */
export class Lister {
  #last: ReadonlyMap<string, ListedStream> = new Map();

  /** All streams by name, page by page. Not atomic: each stream is as it was when its turn came. What has not changed is the very object of the last list. */
  list(connection: NatsConnection): Promise<Listing> {
    return untilLed(connection, 'STREAM.LIST', () => this.#list(connection));
  }

  /** Null where a cluster cannot tell of all of them just now. */
  async #list(connection: NatsConnection): Promise<Listing | null> {
    const listing = new Map<string, StreamListing>();
    const listed = new Map<string, ListedStream>();
    for (let offset = 0; ; ) {
      const { head, streams } = splitList(await askText(connection, 'STREAM.LIST', { offset }));
      const answer = JSON.parse(head) as ListAnswer & Answer;
      if (isLeaderless(answer)) return null;
      const { total, missing } = understood<ListAnswer>('STREAM.LIST', answer);
      if (missing?.length) return null;
      for (const { name, text } of streams) {
        const last = this.#last.get(name);
        const stream = last?.text === text ? last.stream : streamListing(parseStream(text));
        listed.set(name, { text, stream });
        listing.set(stream.config.name, stream);
      }
      offset += streams.length;
      if (streams.length > 0 && offset < total) continue;
      this.#last = listed;
      return listing;
    }
  }
}

/** All streams of the account by name. */
export function listStreams(connection: NatsConnection): Promise<Listing> {
  return new Lister().list(connection);
}

export function streamListing({ config, created, state }: StreamInfo): StreamListing {
  return {
    config,
    configText: JSON.stringify(config),
    created,
    messages: state.messages,
    bytes: state.bytes,
    // A stream that is new says 0 and 0.
    firstSequence: state.messages === 0 ? state.last_seq + 1 : state.first_seq,
    lastSequence: state.last_seq,
    lastTime: state.last_ts,
    consumers: state.consumer_count,
  };
}

const BUCKET = /^KV_([-\w]+)$/;

/** The bucket whose stream has this name; null where the stream is no bucket. */
export function bucketOf(stream: string): string | null {
  return BUCKET.exec(stream)?.[1] ?? null;
}

/** Whether the same messages are kept: at one last sequence they can only become fewer; size and time tell a stream restored from a backup from the one it replaced. */
export function sameContents(one: StreamListing, other: StreamListing): boolean {
  return (
    one.created === other.created &&
    one.lastSequence === other.lastSequence &&
    one.messages === other.messages &&
    one.firstSequence === other.firstSequence &&
    one.bytes === other.bytes &&
    one.lastTime === other.lastTime
  );
}

/** Whether nothing at all has changed. */
export function sameStream(one: StreamListing, other: StreamListing): boolean {
  return one === other || (sameContents(one, other) && one.configText === other.configText);
}

export function sameListing(one: Listing, other: Listing): boolean {
  if (one.size !== other.size) return false;
  for (const [name, stream] of one) {
    const twin = other.get(name);
    // What a stream that is no bucket holds is not part of the state.
    if (twin === undefined || (bucketOf(name) !== null && !sameStream(stream, twin))) return false;
  }
  return true;
}
