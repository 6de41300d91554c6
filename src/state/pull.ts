/** A long range of sequences of a stream → its messages, by a consumer that lives as long as the reading. */
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { ANSWER_WITHIN, noAnswer } from './api.ts';
import { Consumer, deliveredMessage, inboxFor, SECOND } from './consumer.ts';
import { fetchMessage, Interrupted } from './fetch.ts';
import type { StreamListing } from './listing.ts';
import type { StoredMessage } from './message.ts';
import type { Range } from './range.ts';

/** Messages and bytes of one pull. A server drops a client for which more than 64 MB wait. */
const BATCH = 10_000;
const BATCH_BYTES = 16 * 2 ** 20;

/** `last` is the sequence at which it ends, `take` gets each message. */
interface PullOptions {
  last: number;
  take: (message: StoredMessage) => void;
}

/**
 * Hands over all messages of the range, in order. False, and none is, where there can be no consumer. Throws `Interrupted` where stream or consumer went while
 * it read, or a message was lost on the way.
 */
export async function pullRange(
  connection: NatsConnection,
  stream: StreamListing,
  { first, last }: Range,
  take: (message: StoredMessage) => void,
): Promise<boolean> {
  const consumer = await Consumer.open(connection, stream, first);
  if (consumer === null) return false;
  try {
    await new Pull(connection, stream.config.name, consumer, { last, take }).read();
    return true;
  } finally {
    await consumer.close();
  }
}

/** One reading by a consumer: pulls batches until the range is read or the server has no more. */
class Pull {
  readonly #connection: NatsConnection;
  readonly #stream: string;
  readonly #consumer: Consumer;
  readonly #last: number;
  readonly #hand: PullOptions['take'];
  #pending: number;

  constructor(connection: NatsConnection, stream: string, consumer: Consumer, { last, take }: PullOptions) {
    this.#connection = connection;
    this.#stream = stream;
    this.#consumer = consumer;
    this.#last = last;
    this.#hand = take;
    this.#pending = consumer.pending;
  }

  async read(): Promise<void> {
    while (this.#pending > 0) {
      const before = this.#pending;
      const tooBig = await this.#batch({ batch: Math.min(this.#pending, BATCH), max_bytes: BATCH_BYTES });
      if (tooBig && this.#pending === before) await this.#batch({ batch: 1 });
    }
  }

  /** One pull; true where it ended at a message too big for it. Messages may expire while it runs, so it ends when the server says so, not only when all have come. */
  async #batch(limits: { batch: number; max_bytes?: number }): Promise<boolean> {
    const inbox = inboxFor(this.#connection);
    const subscription = this.#connection.subscribe(inbox);
    let heard = true;
    const listening = setInterval(() => {
      if (!heard) subscription.unsubscribe();
      heard = false;
    }, ANSWER_WITHIN);
    try {
      this.#consumer.pull({ ...limits, no_wait: true, expires: SECOND }, inbox);
      let left = limits.batch;
      for await (const message of subscription) {
        heard = true;
        if (!(await this.#take(message))) return this.#ended(message);
        left -= 1;
        if (this.#pending === 0 || left === 0) return false;
      }
    } finally {
      clearInterval(listening);
      subscription.unsubscribe();
    }
    if (this.#connection.isClosed()) throw new Interrupted('the connection was closed');
    throw new Error(noAnswer(`CONSUMER.MSG.NEXT.${this.#stream}`));
  }

  /** False for a message that is not the stream's. */
  async #take(message: Msg): Promise<boolean> {
    const delivery = this.#consumer.delivery(message);
    if (delivery === null) return false;
    const { sequence, pending } = delivery;
    this.#pending = sequence >= this.#last ? 0 : pending;
    if (sequence > this.#last) return true;
    const stored = deliveredMessage(message, sequence) ?? (await fetchMessage(this.#connection, this.#stream, sequence));
    if (stored !== null) this.#hand(stored);
    return true;
  }

  #ended(message: Msg): boolean {
    const { code = 0, description = '' } = message.headers ?? {};
    if (code === 409 && /maxbytes/i.test(description)) return true;
    if (code !== 404 && code !== 408) throw new Interrupted(`${code} ${description}`);
    this.#pending = 0;
    return false;
  }
}
