/** A stream on one server → the same stream on another, by JetStream's own snapshot and restore: sequences, times, history and markers stay. */
import type { StreamConfig } from '@nats-io/jetstream';
import { createInbox, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { ANSWER_WITHIN, ask, CODE, hasNoResponders, JetStreamError } from './api.ts';

/** Bytes of one piece of a snapshot. */
const CHUNK = 128 * 1024;
/** Milliseconds. */
const HAND_AGAIN = 10;

interface Snapshot {
  config: StreamConfig;
  state: object;
  pieces: Uint8Array[];
}

/** Copies the stream; one of the same name on the target is replaced. Rejects with one sentence where either server refuses or does not answer. */
export async function transferStream(source: NatsConnection, target: NatsConnection, stream: string): Promise<void> {
  const snapshot = await takeSnapshot(source, stream);
  snapshot.config = await resumeSources(source, snapshot.config);
  await removeStream(target, stream);
  await restore(target, stream, snapshot);
}

/** Removes the stream, where it is there. */
export async function removeStream(connection: NatsConnection, stream: string): Promise<void> {
  await ask(connection, `STREAM.DELETE.${stream}`).catch((error: unknown) => {
    if (!(error instanceof JetStreamError) || error.code !== CODE.streamNotFound) throw error;
  });
}

/** The server sends piece after piece, each once the one before is acknowledged, and an empty one at the end. */
async function takeSnapshot(connection: NatsConnection, stream: string): Promise<Snapshot> {
  const inbox = createInbox();
  const pieces: Uint8Array[] = [];
  const arrived = collect(connection, inbox, (piece) => {
    pieces.push(piece.data);
    piece.respond();
  });
  const { config, state } = await ask<{ config: StreamConfig; state: object }>(connection, `STREAM.SNAPSHOT.${stream}`, {
    deliver_subject: inbox,
    no_consumers: true,
    chunk_size: CHUNK,
  }).catch((error: unknown) => {
    arrived.cancel();
    throw error;
  });
  await arrived.done;
  return { config, state, pieces };
}

/** Calls back with each message until an empty one comes; rejects where none comes for some seconds. */
function collect(connection: NatsConnection, subject: string, onPiece: (piece: Msg) => void): { done: Promise<void>; cancel: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = () => finish(new Error(`The nats-server did not go on with a snapshot within ${ANSWER_WITHIN / 1000} seconds.`));
  let timer = setTimeout(late, ANSWER_WITHIN);
  const subscription = connection.subscribe(subject, {
    callback(error, message) {
      if (error !== null) finish(error);
      else if (message.data.length === 0) finish(null);
      else {
        clearTimeout(timer);
        timer = setTimeout(late, ANSWER_WITHIN);
        onPiece(message);
      }
    },
  });
  function finish(error: Error | null): void {
    clearTimeout(timer);
    subscription.unsubscribe();
    if (error === null) resolve();
    else reject(error);
  }
  return { done: promise, cancel: () => finish(null) };
}

/** A restored stream begins to source anew (nats-server 2.15.2): it is told to begin after what it has. */
async function resumeSources(connection: NatsConnection, config: StreamConfig): Promise<StreamConfig> {
  if (!config.sources?.length) return config;
  const sources = await Promise.all(
    config.sources.map(async (one) => {
      const origin = await ask<{ state: { last_seq: number } }>(connection, `STREAM.INFO.${one.name}`).catch(() => null);
      if (origin === null) return one;
      const { opt_start_time: _time, ...rest } = one;
      return { ...rest, opt_start_seq: origin.state.last_seq + 1 };
    }),
  );
  return { ...config, sources };
}

/** In a cluster the servers learn one after the other who takes the pieces: as long as nobody does, none was taken. */
async function hand(connection: NatsConnection, subject: string, piece: Uint8Array): Promise<Msg> {
  for (const until = Date.now() + ANSWER_WITHIN; ; await new Promise((resolve) => setTimeout(resolve, HAND_AGAIN))) {
    try {
      return await connection.request(subject, piece, { timeout: ANSWER_WITHIN });
    } catch (error) {
      if (!hasNoResponders(error) || Date.now() > until) throw error;
    }
  }
}

/** What is stored may be larger than the limits allow today: they are set when it is there. */
async function restore(connection: NatsConnection, stream: string, { config, state, pieces }: Snapshot): Promise<void> {
  const roomy = { ...config, max_msg_size: -1, max_bytes: -1 };
  const isRoomy = config.max_msg_size === -1 && config.max_bytes === -1;
  const { deliver_subject } = await ask<{ deliver_subject: string }>(connection, `STREAM.RESTORE.${stream}`, { config: roomy, state });
  for (const piece of pieces) await hand(connection, deliver_subject, piece);
  const answer = await hand(connection, deliver_subject, new Uint8Array());
  const { error } = answer.json<{ error?: { description?: string } }>();
  if (error !== undefined) throw new Error(`The nats-server refused to restore ${stream}: ${error.description}.`);
  if (!isRoomy) await ask(connection, `STREAM.UPDATE.${stream}`, config);
}
