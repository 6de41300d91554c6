/** A connection to a server of one's own that goes away and comes back → questions that are asked again, or one sentence where it does not come back. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { Access } from './own-server.ts';

export class Reach {
  readonly #connection: NatsConnection;
  readonly #access: Access;
  readonly #onReturn: () => void;
  #away: { since: number } | null = null;
  /** How often it has come back. */
  #returns = 0;
  #awake = Promise.withResolvers<void>();

  /** `onReturn` is called each time that it has come back, before anything is asked again. */
  constructor(connection: NatsConnection, access: Access, onReturn: () => void) {
    this.#connection = connection;
    this.#access = access;
    this.#onReturn = onReturn;
    this.#follow().catch(() => {});
  }

  /** Asks again where the server went away while it was asked, and came back. */
  async ask<Result>(question: () => Promise<Result>): Promise<Result> {
    await this.back();
    const before = this.#returns;
    try {
      return await question();
    } catch (error) {
      if (this.#away === null && this.#returns === before) throw error;
      await this.back();
      return question();
    }
  }

  /** Waits until it is there; rejects with one sentence where it does not come back in time. */
  async back(): Promise<void> {
    if (this.#away === null) return;
    const { timeout, connection } = this.#access;
    const rest = Math.max(0, this.#away.since + timeout - performance.now());
    const timer = setTimeout(() => this.#awake.resolve(), rest);
    await this.#awake.promise;
    clearTimeout(timer);
    if (this.#away !== null) throw new Error(`The nats-server at ${connection.url} went away, and did not come back within ${timeout / 1000} s.`);
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect') {
        this.#away ??= { since: performance.now() };
        this.#awake = Promise.withResolvers();
      } else if (type === 'reconnect') {
        this.#away = null;
        this.#returns++;
        this.#onReturn();
        this.#awake.resolve();
      }
    }
  }
}
