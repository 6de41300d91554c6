/** A list, and what is different in it → whether all streams were as they are listed at one moment. */
import type { NatsConnection } from '@nats-io/nats-core';
import { ask, CODE, JetStreamError } from './api.ts';
import { type Lister, type Listing, type StreamListing, sameContents, sameListing, streamListing } from './listing.ts';

/** From so many streams on a second list costs more than to ask for what changed, and for the account's own figures. */
const MANY = 32;
/** Streams that are asked for one by one. */
const FEW = 8;

interface AccountFigures {
  streams: number;
  storage: number;
  memory: number;
}

/**
 * Each stream is listed as its turn comes: a second list that is equal shows that all stood still meanwhile. Where there are many, it is enough that the buckets that
 * changed since the last reading hold what they are listed with, and the account holds as many streams and bytes as the list does; the others were as they had
 * been. (Something of the same size that is written beside all this, and waited for by nobody, shows in the next list.)
 */
export async function stoodStill(connection: NatsConnection, lister: Lister, listing: Listing, changed: ReadonlyMap<string, StreamListing>): Promise<boolean> {
  if (listing.size >= MANY && changed.size <= FEW) {
    const [account, ...same] = await Promise.all([ask<AccountFigures>(connection, 'INFO'), ...[...changed.values()].map((one) => isAsListed(connection, one))]);
    if (same.includes(false)) return false;
    if (addsUp(account, listing)) return true;
  }
  return sameListing(listing, await lister.list(connection));
}

async function isAsListed(connection: NatsConnection, stream: StreamListing): Promise<boolean> {
  try {
    return sameContents(stream, streamListing(await ask(connection, `STREAM.INFO.${stream.config.name}`)));
  } catch (error) {
    if (error instanceof JetStreamError && error.code === CODE.streamNotFound) return false;
    throw error;
  }
}

/** Not where replicas count more than once, or a stream that is no bucket was written to since. */
function addsUp({ streams, storage, memory }: AccountFigures, listing: Listing): boolean {
  let bytes = 0;
  for (const stream of listing.values()) bytes += stream.bytes;
  return streams === listing.size && storage + memory === bytes;
}
