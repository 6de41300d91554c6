/** What JetStream announces of each request to its API, and what the page's process tells → the streams that the run made. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { ClientId, OwnEvent } from '../kernel/protocol.ts';

/** What each request to the API is announced on, with who asked and what the answer was. */
const ADVISORIES = '$JS.EVENT.ADVISORY.API';

/** Milliseconds in which that is announced, after it is done. */
export const ANNOUNCED = 2_000;

/** The part of such an announcement that counts here; `response` is JSON in a text. */
interface Advisory {
  timestamp?: string;
  client?: { server?: string; id?: number; kind?: string };
  subject?: string;
  response?: string;
}

/** A stream is told from all others by its name and the time of its making, as the server writes it. */
export interface StreamId {
  name: string;
  created: string;
}

interface Made extends StreamId {
  /** Empty where the announcement names none. */
  maker: string;
  isOurs: boolean;
}

/** One account's streams, as far as their making was heard of. Somebody else's are never taken for the run's: what is not known is not ours. */
export class MadeStreams {
  readonly #ours = new Set<string>();
  /** Those of them that are gone. */
  readonly #ended = new Set<string>();
  readonly #made = new Map<string, Made>();
  /** A restored stream is as old as that of which it is a copy, so its name and its maker must do. */
  readonly #restored = new Map<string, string>();
  /** The run's that were not removed yet, the latest of each name. */
  readonly #standing = new Map<string, Made>();
  readonly #waiting = new Set<() => void>();

  /** Listens from now on. Where the user may not, or nothing is announced, what the page's process tells must do. */
  constructor(connection: NatsConnection) {
    connection.subscribe(ADVISORIES, {
      callback: (error, message) => {
        if (error === null) this.#hear(message.string());
      },
    });
  }

  /** Takes what the page's process tells. */
  told(event: OwnEvent): void {
    switch (event.kind) {
      case 'connected':
        this.#connected(event.client);
        break;
      case 'disconnected':
        this.#disconnected(event.client);
        break;
      case 'made':
        this.#add({ name: event.stream, created: event.created, maker: '', isOurs: true });
        break;
      case 'removed':
        this.removed(event.stream);
    }
    this.#wake();
  }

  /** The names of the run's streams that stand, as far as is known without asking. */
  names(): string[] {
    return [...new Set([...this.#standing.keys(), ...[...this.#restored.keys()].filter((name) => this.#isRestored(name))])];
  }

  isOurs({ name, created }: StreamId): boolean {
    return this.#made.get(`${name} ${created}`)?.isOurs === true || this.#isRestored(name);
  }

  removed(name: string): void {
    this.#standing.delete(name);
    this.#restored.delete(name);
  }

  /** Our own connection was away: numbers from before mean nothing any more, nor do names whose streams nothing else tells from others. */
  missed(): void {
    for (const maker of this.#ended) this.#forgetEnded(maker);
    for (const [key, { isOurs }] of this.#made) if (!isOurs) this.#made.delete(key);
    this.#restored.clear();
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

  /** A connection of the run's, from now on; what it has made already is told late. */
  #connected(client: ClientId): void {
    const maker = keyOf(client);
    this.#ours.add(maker);
    this.#ended.delete(maker);
    for (const made of this.#made.values()) if (made.maker === maker) this.#add({ ...made, isOurs: true });
  }

  /** It is gone. What it made last may be announced a moment later; then a server of the same name that has come back may have given its number to somebody else. */
  #disconnected(client: ClientId): void {
    const maker = keyOf(client);
    this.#ended.add(maker);
    setTimeout(() => this.#forgetEnded(maker), ANNOUNCED).unref();
  }

  #forgetEnded(maker: string): void {
    if (this.#ended.delete(maker)) this.#ours.delete(maker);
  }

  #isRestored(name: string): boolean {
    return this.#ours.has(this.#restored.get(name) ?? '');
  }

  #add(made: Made): void {
    const key = `${made.name} ${made.created}`;
    const before = this.#made.get(key);
    const isOurs = made.isOurs || before?.isOurs === true;
    // What is heard a second time, the other way, may be removed by now.
    if (isOurs && before?.isOurs !== true) this.#standing.set(made.name, made);
    this.#made.set(key, { ...made, isOurs });
  }

  #hear(text: string): void {
    // Most requests only read, and what they were answered stands there too.
    if (!/"subject":"[^"]*\.STREAM\.(?:CREATE|RESTORE|DELETE)\./.test(text)) return;
    const { client, timestamp = '', subject = '', response = '' } = parsed<Advisory>(text) ?? {};
    const [, verb, name] = /\.STREAM\.(CREATE|RESTORE|DELETE)\.([^.]+)$/.exec(subject) ?? [];
    const answer = parsed<{ error?: object; did_create?: boolean; created?: string }>(response);
    if (name === undefined || answer === null || answer.error !== undefined) return;
    const { server = '', id = -1, kind } = client ?? {};
    // Behind a leaf node all are one client, whose number is another server's.
    const maker = kind === 'Client' ? keyOf({ server, id }) : '';
    if (verb === 'RESTORE') this.#restored.set(name, maker);
    else if (verb === 'DELETE') {
      this.#restored.delete(name);
      // One of the same name that was made since stands.
      if (Date.parse(timestamp) >= Date.parse(this.#standing.get(name)?.created ?? '')) this.#standing.delete(name);
    }
    // Without `did_create` it was there already.
    else if (answer.did_create && answer.created !== undefined) this.#add({ name, created: answer.created, maker, isOurs: this.#ours.has(maker) });
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
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
