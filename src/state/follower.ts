/** A stream that is written to without pause → its messages as they come, also those that newer ones remove a moment later. */
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import { Consumer, deliveredMessage, inboxFor, SECOND } from './consumer.ts';
import type { StreamListing } from './listing.ts';
import type { StoredMessage } from './message.ts';

/** More than the rounds of one reading bring. */
const BATCH = 1_000_000;
/** Milliseconds that a message has to come once a list has counted it; then it was removed before it could. */
const GRACE = 50;

export class Follower {
  readonly #consumer: Consumer;
  readonly #subscription: Subscription;
  #waiting: StoredMessage[] = [];
  #reached = 0;
  #cut = false;
  #wake = () => {};

  private constructor(connection: NatsConnection, consumer: Consumer) {
    const inbox = inboxFor(connection);
    this.#consumer = consumer;
    this.#subscription = connection.subscribe(inbox, { callback: (_, message) => this.#take(message) });
    consumer.pull({ batch: BATCH, expires: 60 * SECOND }, inbox);
  }

  /** Follows a stream from a sequence on; null where there can be no consumer. Throws `Interrupted` where the stream has gone. */
  static async open(connection: NatsConnection, stream: StreamListing, first: number): Promise<Follower | null> {
    const consumer = await Consumer.open(connection, stream, first);
    return consumer && new Follower(connection, consumer);
  }

  /** What has come up to a sequence and was not given out before, in order; null where it was cut off from the stream. */
  async until(last: number): Promise<StoredMessage[] | null> {
    if (this.#reached < last && !this.#cut) await this.#patience(last);
    if (this.#cut) return null;
    const messages = this.#waiting.filter((message) => message.revision.revision <= last);
    this.#waiting = this.#waiting.slice(messages.length);
    return messages;
  }

  #patience(last: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GRACE);
      this.#wake = () => {
        if (this.#reached < last && !this.#cut) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #take(message: Msg): void {
    try {
      const delivery = this.#consumer.delivery(message);
      if (delivery === null) this.#cut = true;
      else {
        const stored = deliveredMessage(message, delivery.sequence);
        if (stored !== null) this.#waiting.push(stored);
        this.#reached = delivery.sequence;
      }
    } catch {
      this.#cut = true;
    }
    this.#wake();
  }

  async close(): Promise<void> {
    this.#subscription.unsubscribe();
    await this.#consumer.close();
  }
}
