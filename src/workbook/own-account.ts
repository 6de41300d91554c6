/** A connection to a server of one's own → its account: that it is empty, that it is emptied, and whether it can be reached. */
import type { NatsConnection } from '@nats-io/nats-core';
import { ProblemError, problem } from '../errors.ts';
import { ask } from '../state/api.ts';
import { createObserver, type ObserverOptions } from '../state/observer.ts';
import { removeStream } from '../state/transfer.ts';
import type { Observer } from '../types.ts';
import { connectToOwn } from './own-connect.ts';
import type { Access } from './own-server.ts';

/** After so many rounds what appears again and again is left. */
const ROUNDS = 3;

/** Connects and looks. Rejects with a ProblemError where nobody lets us in, JetStream is not to be had, or the account holds anything; nothing is changed there. */
export async function openOwnAccount(access: Access, signal: AbortSignal): Promise<OwnAccount> {
  const account = new OwnAccount(await connectToOwn(access, { reconnect: true, signal }), access);
  try {
    await account.checkEmpty();
    return account;
  } catch (error) {
    await account.close();
    throw error;
  }
}

export class OwnAccount {
  readonly connection: NatsConnection;
  readonly access: Access;
  #away: { since: number } | null = null;
  /** How often it has come back. */
  #returns = 0;
  #onReturn: () => void = () => {};
  #awake = Promise.withResolvers<void>();

  constructor(connection: NatsConnection, access: Access) {
    this.connection = connection;
    this.access = access;
    this.#follow().catch(() => {});
  }

  /** Without what is secret in it. */
  get url(): string {
    return this.access.connection.url;
  }

  get version(): string {
    return this.connection.info?.version ?? '0.0.0';
  }

  /** How many servers there are, as far as the server says. */
  get servers(): number {
    const { cluster, connect_urls = [] } = this.connection.info ?? {};
    return cluster === undefined ? 1 : Math.max(1, this.access.connection.servers.length, new Set(connect_urls).size);
  }

  /** Rejects with a ProblemError where the account holds streams of any kind, or cannot be asked. */
  async checkEmpty(): Promise<void> {
    const names = await this.#reach(async () => {
      await ask(this.connection, 'INFO');
      return this.#streams();
    }).catch((error: unknown) => {
      throw new ProblemError(problem('server', `the account at ${this.url} cannot be used: ${messageOf(error)}`, ADVICE));
    });
    if (names.length === 0) return;
    const message = `the account at ${this.url} is not empty: it holds ${inWords(names)}; nothing was touched`;
    throw new ProblemError(
      problem('server', message, 'Lessons need an account without streams of any kind: give the run an account of its own, or remove them yourself.'),
    );
  }

  /** Removes all streams that are there now. Answers with one sentence where something could not be removed. */
  async empty(): Promise<string | null> {
    let left: string[] = [];
    const reasons = new Set<string>();
    try {
      for (let round = 1; round <= ROUNDS; round++) {
        left = await this.#reach(() => this.#streams());
        if (left.length === 0) return null;
        for (const name of left) await removeStream(this.connection, name).catch((error: unknown) => reasons.add(messageOf(error)));
      }
      left = await this.#reach(() => this.#streams());
      if (left.length === 0) return null;
    } catch (error) {
      reasons.add(messageOf(error));
    }
    const what = left.length === 0 ? 'what the run made' : inWords(left);
    return `${what} could not be removed from the account at ${this.url}: ${[...reasons].join(' ') || 'it came back again and again.'}`;
  }

  /** The names of all streams that are there. */
  names(): Promise<string[]> {
    return this.#reach(() => this.#streams());
  }

  /** Reads the account; a server that goes away meanwhile is waited for. Has read nothing yet. */
  observe(options: ObserverOptions): Observer {
    const { connection } = this;
    const observer = createObserver(connection, options);
    // What comes back may hold something else under the same names.
    this.#onReturn = () => observer.moveTo(connection);
    return {
      get state() {
        return observer.state;
      },
      read: () => this.#reach(() => observer.read()),
    };
  }

  /** One sentence where it went away and did not come back in time. */
  async lost(): Promise<string | null> {
    return this.#back().then(
      () => null,
      (error: unknown) => messageOf(error),
    );
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => {});
  }

  /** Asks again where the server went away while it was asked, and came back. */
  async #reach<Result>(question: () => Promise<Result>): Promise<Result> {
    await this.#back();
    const before = this.#returns;
    try {
      return await question();
    } catch (error) {
      if (this.#away === null && this.#returns === before) throw error;
      await this.#back();
      return question();
    }
  }

  /** Waits until it is there; rejects with one sentence where it does not come back in time. */
  async #back(): Promise<void> {
    if (this.#away === null) return;
    const { timeout } = this.access;
    const rest = Math.max(0, this.#away.since + timeout - performance.now());
    const timer = setTimeout(() => this.#awake.resolve(), rest);
    await this.#awake.promise;
    clearTimeout(timer);
    if (this.#away !== null) throw new Error(`The nats-server at ${this.url} went away, and did not come back within ${timeout / 1000} s.`);
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.connection.status()) {
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

  async #streams(): Promise<string[]> {
    const names: string[] = [];
    for (let offset = 0; ; offset = names.length) {
      const { total, streams } = await ask<{ total: number; streams: string[] | null }>(this.connection, 'STREAM.NAMES', { offset });
      names.push(...(streams ?? []));
      if (!streams?.length || names.length >= total) return names;
    }
  }
}

const ADVICE = 'The run needs JetStream for this account, and the permission to ask `$JS.API.>` and to hear `_INBOX.>`. Is the domain right (--js-domain)?';

/** How many names a sentence has at most. */
const MOST = 10;

/** Buckets by the name that a reader knows. */
function inWords(names: string[]): string {
  const shown = names.slice(0, MOST).map((name) => {
    if (name.startsWith('KV_')) return `the bucket ${name.slice(3)}`;
    return name.startsWith('OBJ_') ? `the object store ${name.slice(4)}` : `the stream ${name}`;
  });
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
