/** A range of sequences of a stream → its messages, in the way that costs least. */
import type { NatsConnection } from '@nats-io/nats-core';
import { fetchEach, fetchWalking } from './fetch.ts';
import type { StreamListing } from './listing.ts';
import type { StoredMessage } from './message.ts';
import { pullRange } from './pull.ts';

/** Up to so many sequences are asked for one by one; a consumer costs more than that to make. */
const FEW = 64;

/** Sequences, both included. */
export interface Range {
  first: number;
  last: number;
}

/**
 * Hands over what a stream still keeps in a range, message by message and in order, so that a million of them are never held at once. Sequences that are no longer there
 * are left out, also those that go while it reads. Throws `Interrupted` where the stream goes while it reads.
 */
export async function readRange(
  connection: NatsConnection,
  stream: StreamListing,
  { first, last }: Range,
  take: (message: StoredMessage) => void,
): Promise<void> {
  if (first > last) return;
  const { name } = stream.config;
  if (last - first < FEW) {
    const sequences = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    for (const message of await fetchEach(connection, name, sequences)) take(message);
  } else if (!(await pullRange(connection, stream, { first, last }, take))) {
    for (const message of await fetchWalking(connection, name, first, last)) take(message);
  }
}
