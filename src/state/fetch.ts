/** A range of sequences of a stream → the messages that it still keeps there, by single requests. */
import type { NatsConnection } from '@nats-io/nats-core';
import { ask, CODE, JetStreamError } from './api.ts';
import { bytesFromBase64, parseHeaders, type StoredMessage, storedMessage } from './message.ts';

interface GetAnswer {
  message: { seq: number; subject: string; hdrs?: string; data?: string };
}

const NO_HEADERS = () => '';

/** The stream is no longer there, or what read it was cut off: whatever was read is worth nothing. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/** One message by its sequence; null where it is not, or no longer, kept. Throws `Interrupted` where the stream has gone. */
export function fetchMessage(connection: NatsConnection, stream: string, sequence: number): Promise<StoredMessage | null> {
  return getMessage(connection, stream, { seq: sequence });
}

/** The first message at a sequence or after it; null where there is none. Throws `Interrupted` where the stream has gone. */
export function fetchNext(connection: NatsConnection, stream: string, sequence: number): Promise<StoredMessage | null> {
  return getMessage(connection, stream, { seq: sequence, next_by_subj: '>' });
}

async function getMessage(connection: NatsConnection, stream: string, question: object): Promise<StoredMessage | null> {
  try {
    const { message } = await ask<GetAnswer>(connection, `STREAM.MSG.GET.${stream}`, question);
    const header = message.hdrs === undefined ? NO_HEADERS : parseHeaders(bytesFromBase64(message.hdrs));
    return storedMessage(message.seq, message.subject, header, bytesFromBase64(message.data ?? ''));
  } catch (error) {
    if (error instanceof JetStreamError && error.code === CODE.messageNotFound) return null;
    throw interruption(error);
  }
}

/** A stream that has gone is no error: the next list says so. */
export function interruption(error: unknown): unknown {
  return error instanceof JetStreamError && error.code === CODE.streamNotFound ? new Interrupted(error.message) : error;
}

/** All of a short range, side by side. */
export async function fetchEach(connection: NatsConnection, stream: string, sequences: readonly number[]): Promise<StoredMessage[]> {
  const messages = await Promise.all(sequences.map((sequence) => fetchMessage(connection, stream, sequence)));
  return messages.filter((message) => message !== null);
}

const WALKERS = 16;

/** All of a long range with nothing but single requests: slow, and always possible. In order of the sequence. */
export async function fetchWalking(connection: NatsConnection, stream: string, first: number, last: number): Promise<StoredMessage[]> {
  const length = Math.ceil((last - first + 1) / WALKERS);
  const parts = Array.from({ length: WALKERS }, (_, part) => first + part * length).filter((start) => start <= last);
  const walks = await Promise.all(parts.map((start) => walk(connection, stream, start, Math.min(start + length - 1, last))));
  return walks.flat();
}

async function walk(connection: NatsConnection, stream: string, first: number, last: number): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = [];
  for (let sequence = first; sequence <= last; ) {
    const message = await fetchNext(connection, stream, sequence);
    if (message === null || message.revision.revision > last) break;
    messages.push(message);
    sequence = message.revision.revision + 1;
  }
  return messages;
}
