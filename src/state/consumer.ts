/** A stream and where to begin → a consumer that delivers its messages while somebody reads, and leaves no trace. */
import { createInbox, type Msg, type NatsConnection, nuid } from '@nats-io/nats-core';
import { ask, JetStreamError } from './api.ts';
import { Interrupted, interruption } from './fetch.ts';
import type { StreamListing } from './listing.ts';
import { type StoredMessage, storedMessage } from './message.ts';

/** Nanoseconds. */
export const SECOND = 1e9;

/** What the server adds to each message that it delivers, in the subject for its acknowledgement. */
export interface Delivery {
  sequence: number;
  /** How many more wait. */
  pending: number;
}

interface ConsumerAnswer {
  num_pending: number;
}

export class Consumer {
  /** How many messages waited when it was made. */
  readonly pending: number;
  readonly #connection: NatsConnection;
  /** `<stream>.<consumer>`, as the subjects of the API end. */
  readonly #address: string;
  #deliveries = 0;

  private constructor(connection: NatsConnection, address: string, pending: number) {
    this.#connection = connection;
    this.#address = address;
    this.pending = pending;
  }

  /**
   * Null where the server lets nobody make one (its limit is reached, the stream forbids it) and where one would change what the stream keeps. Throws
   * `Interrupted` where the stream has gone.
   */
  static async open(connection: NatsConnection, { config: { name: stream, retention } }: StreamListing, first: number): Promise<Consumer | null> {
    if (retention !== 'limits') return null;
    const name = `lockerroom_${nuid.next()}`;
    const address = `${stream}.${name}`;
    const config = {
      name,
      deliver_policy: 'by_start_sequence',
      opt_start_seq: first,
      ack_policy: 'none',
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: 10 * SECOND,
    };
    try {
      const { num_pending } = await ask<ConsumerAnswer>(connection, `CONSUMER.CREATE.${address}`, { stream_name: stream, config, action: 'create' });
      return new Consumer(connection, address, num_pending);
    } catch (error) {
      const cause = interruption(error);
      if (cause instanceof JetStreamError) return null;
      throw cause;
    }
  }

  /** Asks for messages, which come to the inbox. */
  pull(question: object, inbox: string): void {
    this.#connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${this.#address}`, JSON.stringify(question), { reply: inbox });
  }

  /** Null for a message that is the server's own word on the pull. Throws `Interrupted` where a message before it was lost, as when the connection was made anew. */
  delivery({ reply }: Msg): Delivery | null {
    if (!reply?.startsWith('$JS.ACK.')) return null;
    const tokens = reply.split('.');
    // `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<ordinal>.<time>.<pending>`, or with domain and account before the stream.
    const [sequence, ordinal, , pending] = tokens.slice(tokens.length === 9 ? 5 : 7).map(Number);
    this.#deliveries += 1;
    if (sequence === undefined || pending === undefined || ordinal !== this.#deliveries) throw new Interrupted('a message was lost');
    return { sequence, pending };
  }

  async close(): Promise<void> {
    // If this fails the server removes it soon enough: it is inactive.
    await ask(this.#connection, `CONSUMER.DELETE.${this.#address}`).catch(() => {});
  }
}

/** Null where the client refuses the headers, whose names need not be names for the server. */
export function deliveredMessage(message: Msg, sequence: number): StoredMessage | null {
  let headers: Msg['headers'];
  try {
    headers = message.headers;
  } catch {
    return null;
  }
  return storedMessage(sequence, message.subject, (name) => headers?.get(name) ?? '', message.data);
}

/** A user may be allowed no other inboxes than those of the connection's prefix, which the client keeps out of its interface. */
export function inboxFor(connection: NatsConnection & { options?: { inboxPrefix?: string } }): string {
  return createInbox(connection.options?.inboxPrefix);
}
