/** A range of sequences of a stream → its messages, in the way that costs least. */
import type { NatsConnection } from '@nats-io/nats-core';
import { fetchEach, fetchWalking } from './fetch.ts';
import type { StreamListing } from './listing.ts';
import type { StoredMessage } from './message.ts';
import { pullRange } from './pull.ts';

/** Up to so many sequences are asked for one by one; a consumer costs more than that to make. */
const FEW = 64;

/**
 * What a stream still keeps from `first` to `last`, in order. Sequences that are no longer there are left out, also those that go while it reads. Throws
 * `Interrupted` where the stream goes while it reads.
 */
export async function readRange(connection: NatsConnection, stream: StreamListing, first: number, last: number): Promise<StoredMessage[]> {
  if (first > last) return [];
  const { name } = stream.config;
  if (last - first < FEW) {
    const sequences = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    return fetchEach(connection, name, sequences);
  }
  return (await pullRange(connection, stream, first, last)) ?? fetchWalking(connection, name, first, last);
}
