/** A connection to a server of one's own → its account: that it is empty, that it is emptied, and whether it can be reached. */
import type { NatsConnection } from '@nats-io/nats-core';
import { ProblemError, problem } from '../errors.ts';
import { ask, CODE, JetStreamError } from '../state/api.ts';
import { createObserver, type ObserverOptions } from '../state/observer.ts';
import { removeStream } from '../state/transfer.ts';
import type { Observer } from '../types.ts';
import { connectToOwn } from './own-connect.ts';
import { ANNOUNCED, MadeStreams, type StreamId } from './own-made.ts';
import { Reach } from './own-reach.ts';
import type { Access } from './own-server.ts';
import { checkUsable, type StreamNeed } from './own-usable.ts';
import { inWords, messageOf } from './own-words.ts';

/** After so many rounds what appears again and again is left. */
const ROUNDS = 3;

/** Milliseconds for the figures of an account to say that it is empty, and between two looks at them. */
const FIGURES = 3_000;
const LOOK_EVERY = 20;

/** Connects and looks. Rejects with a ProblemError where nobody lets us in, lessons cannot run there, or the account holds anything; nothing is changed there. */
export async function openOwnAccount(access: Access, need: StreamNeed, signal: AbortSignal): Promise<OwnAccount> {
  const account = new OwnAccount(await connectToOwn(access, { reconnect: true, signal }), access);
  try {
    await account.checkUsable(need);
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
  /** What the run made; is told what the page does. */
  readonly made: MadeStreams;
  readonly #reach: Reach;
  #onReturn: () => void = () => {};

  constructor(connection: NatsConnection, access: Access) {
    this.connection = connection;
    this.access = access;
    this.made = new MadeStreams(connection);
    this.#reach = new Reach(connection, access, () => {
      this.made.missed();
      this.#onReturn();
    });
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

  /** Rejects with a ProblemError where lessons of that need cannot run there. */
  checkUsable(need: StreamNeed): Promise<void> {
    return checkUsable(this.connection, { url: this.url, domain: this.access.connection.domain, need });
  }

  /** Rejects with a ProblemError where the account holds streams of any kind, or cannot be asked. */
  async checkEmpty(): Promise<void> {
    const names = await this.#reach
      .ask(() => this.#streams())
      .catch((error: unknown) => {
        throw new ProblemError(problem('server', `the account at ${this.url} cannot be used: ${messageOf(error)}`));
      });
    if (names.length === 0) return;
    const message = `the account at ${this.url} is not empty: it holds ${inWords(names)}; nothing was touched`;
    throw new ProblemError(
      problem('server', message, 'Lessons need an account without streams of any kind: give the run an account of its own, or remove them yourself.'),
    );
  }

  /** Removes what the run made, and nothing else. Answers with a sentence for what is left. */
  async empty(): Promise<string | null> {
    let left: StreamId[] = [];
    const reasons = new Set<string>();
    const isOurs = (one: StreamId) => this.made.isOurs(one);
    try {
      for (let round = 0; ; round++) {
        left = await this.#reach.ask(() => this.#standingNow());
        // Who made it is announced beside the making, and may come a moment later.
        await this.made.until(() => left.every(isOurs), ANNOUNCED);
        const ours = left.filter(isOurs);
        if (ours.length === 0 && left.length > 0) return this.#foreign(left.map(({ name }) => name));
        if (ours.length === 0) {
          // All that was made is gone, whatever the figures say.
          await this.#reach.ask(() => this.#figuresGone()).catch(() => {});
          return null;
        }
        if (round === ROUNDS) break;
        for (const { name } of ours) {
          await removeStream(this.connection, name).then(
            () => this.made.removed(name),
            (error: unknown) => reasons.add(this.#said(error)),
          );
        }
      }
    } catch (error) {
      left = this.made.names().map((name) => ({ name, created: '' }));
      reasons.add(messageOf(error));
    }
    const what = left.length === 0 ? 'what the run made' : inWords(left.map(({ name }) => name));
    return `${what} could not be removed from the account at ${this.url}: ${[...reasons].join(' ') || 'it came back again and again.'}`;
  }

  /** In a cluster the account's figures come after its streams, and lessons read them. */
  async #figuresGone(): Promise<void> {
    for (const end = performance.now() + FIGURES; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))) {
      const { storage, memory } = await ask<{ storage: number; memory: number }>(this.connection, 'INFO');
      if (storage + memory === 0) return;
    }
  }

  async #standingNow(): Promise<StreamId[]> {
    const all = await Promise.all(
      (await this.#streams()).map(async (name) => {
        const info = await ask<{ created: string }>(this.connection, `STREAM.INFO.${name}`).catch((error: unknown) => {
          if (error instanceof JetStreamError && error.code === CODE.streamNotFound) return null;
          throw error;
        });
        return info === null ? [] : [{ name, created: info.created }];
      }),
    );
    return all.flat();
  }

  /** What JetStream refuses is one stream's; anything else is the server's, and no other is tried. */
  #said(error: unknown): string {
    if (!(error instanceof JetStreamError)) throw error;
    return messageOf(error);
  }

  #foreign(names: string[]): string {
    return `${inWords(names)} in the account at ${this.url} ${names.length === 1 ? 'is' : 'are'} not known to be made by the run, and ${names.length === 1 ? 'was' : 'were'} left there`;
  }

  /** What the run has made and not removed yet, as far as is known without asking; null: nothing. */
  get standing(): string | null {
    const names = this.made.names();
    return names.length === 0 ? null : `${inWords(names)} may still be in the account at ${this.url}`;
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
      read: () => this.#reach.ask(() => observer.read()),
    };
  }

  /** One sentence where it went away and did not come back in time. */
  async lost(): Promise<string | null> {
    return this.#reach.back().then(
      () => null,
      (error: unknown) => messageOf(error),
    );
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => {});
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
