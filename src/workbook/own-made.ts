/** What JetStream tells of each request to its API, and which connections are the run's → the streams that the run made. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { ClientId } from '../kernel/protocol.ts';

/** What each request to the API is announced on, with who asked and what the answer was. */
export const ADVISORIES = '$JS.EVENT.ADVISORY.API';

/** Milliseconds in which that is announced, after it is done. */
export const ANNOUNCED = 2_000;

/** The part of such an announcement that counts here; `response` is JSON in a text. */
interface Advisory {
  client?: { server?: string; id?: number };
  subject?: string;
  response?: string;
}

interface Made {
  maker: string;
  isOurs: boolean;
  /** Null where the stream was restored: it is as old then as that of which it is a copy. */
  created: string | null;
}

/** One account's streams, as far as their making was heard of. Somebody else's are never taken for the run's: what is not known is not ours. */
export class MadeStreams {
  readonly #ours = new Set<string>();
  /** Those of them that are gone. */
  readonly #ended = new Set<string>();
  readonly #made = new Map<string, Made>();
  readonly #waiting = new Set<() => void>();
  #refusal: Error | null = null;
  #heard = false;

  /** Listens from now on. */
  constructor(connection: NatsConnection) {
    connection.subscribe(ADVISORIES, {
      callback: (error, message) => {
        if (error !== null) this.#refusal = error;
        else this.#hear(connection, message.string());
        for (const wake of this.#waiting) wake();
      },
    });
  }

  /** The names of the run's streams that stand, as far as is known. */
  names(): string[] {
    return [...this.#made].filter(([, { isOurs }]) => isOurs).map(([name]) => name);
  }

  /** Null where the run did not make it, or where that is not known. */
  ours(name: string): { created: string | null } | null {
    const made = this.#made.get(name);
    return made?.isOurs ? made : null;
  }

  /** It turned out to be somebody else's. */
  forget(name: string): void {
    this.#made.delete(name);
  }

  /** A connection of the run's, from now on; what it has made already is told late. */
  connected(client: ClientId): void {
    const maker = keyOf(client);
    this.#ours.add(maker);
    this.#ended.delete(maker);
    for (const made of this.#made.values()) made.isOurs ||= made.maker === maker;
    for (const wake of this.#waiting) wake();
  }

  /** It is gone. What it made last may be announced a moment later; then a server of the same name that has come back may have given its number to somebody else. */
  disconnected(client: ClientId): void {
    const maker = keyOf(client);
    this.#ended.add(maker);
    setTimeout(() => this.#forgetEnded(maker), ANNOUNCED).unref();
  }

  /** Our own connection was away: numbers from before mean nothing any more, nor do names whose streams nothing else tells from others. */
  missed(): void {
    for (const maker of this.#ended) this.#forgetEnded(maker);
    for (const [name, { isOurs, created }] of this.#made) if (!isOurs || created === null) this.#made.delete(name);
  }

  /** Resolves with whether our own requests are announced to us, which takes a moment. Rejects where the user may not listen. */
  async isTold(within: number): Promise<boolean> {
    await this.until(() => this.#heard || this.#refusal !== null, within);
    if (this.#refusal !== null) throw this.#refusal;
    return this.#heard;
  }

  /** Waits until it holds, asking at each news; at most so many milliseconds. */
  async until(condition: () => boolean, within: number): Promise<void> {
    const end = performance.now() + within;
    while (!condition() && performance.now() < end) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, end - performance.now());
        this.#waiting.add(wake);
      });
    }
  }

  #forgetEnded(maker: string): void {
    if (this.#ended.delete(maker)) this.#ours.delete(maker);
  }

  #hear({ info }: NatsConnection, text: string): void {
    // Most requests only read, and what they were answered stands there too.
    const isRead = !/"subject":"[^"]*\.STREAM\.(?:CREATE|RESTORE|DELETE)\./.test(text);
    if (isRead && this.#heard) return;
    const { client, subject = '', response = '' } = parsed<Advisory>(text) ?? {};
    const maker = keyOf({ server: client?.server ?? '', id: client?.id ?? -1 });
    if (info !== undefined && maker === keyOf({ server: info.server_name, id: info.client_id })) this.#heard = true;
    const [, verb, name] = /\.STREAM\.(CREATE|RESTORE|DELETE)\.([^.]+)$/.exec(subject) ?? [];
    const answer = parsed<{ error?: object; did_create?: boolean; created?: string }>(response);
    if (name === undefined || answer === null || answer.error !== undefined) return;
    if (verb === 'DELETE') this.#made.delete(name);
    // Without `did_create` it was there already.
    else if (verb === 'RESTORE') this.#made.set(name, { maker, isOurs: this.#ours.has(maker), created: null });
    else if (answer.did_create) this.#made.set(name, { maker, isOurs: this.#ours.has(maker), created: answer.created ?? null });
  }
}

/** A client's number is its server's. */
function keyOf({ server, id }: ClientId): string {
  return `${id} ${server}`;
}

function parsed<Shape>(text: string): Shape | null {
  try {
    return JSON.parse(text) as Shape;
  } catch {
    return null;
  }
}
