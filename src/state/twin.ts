/** Two servers → the second made to hold what the first holds, at the cost of what has changed since they last agreed. */
import type { NatsConnection } from '@nats-io/nats-core';
import { type Listing, listStreams, type StreamListing, sameStream } from './listing.ts';
import { removeStream, transferStream } from './transfer.ts';

export interface TwinStreams {
  /** Makes the second server hold what the first holds, and says whether anything had to be done for it. */
  bring(): Promise<boolean>;
  /** Takes both as they are for the same, what each came to by itself being as the page says; where their revisions differ, it is brought over all the same. */
  accept(): Promise<void>;
}

interface Pair {
  first: StreamListing;
  second: StreamListing;
}

/** Both connections stay the caller's, and are asked for each time: a server may have been started again. Both servers are taken to be empty at the start. */
export function createTwinStreams(first: () => NatsConnection, second: () => NatsConnection): TwinStreams {
  let agreed = new Map<string, Pair>();

  const listBoth = () => Promise.all([listStreams(first()), listStreams(second())]);
  const agree = ([one, other]: [Listing, Listing]) => {
    agreed = new Map([...one].flatMap(([name, stream]) => pairOf(name, stream, other.get(name))));
  };
  const isAgreed = (name: string, one: StreamListing, other: StreamListing | undefined) => {
    const pair = agreed.get(name);
    return pair !== undefined && other !== undefined && sameStream(pair.first, one) && sameStream(pair.second, other);
  };

  return {
    async bring() {
      const [one, other] = await listBoth();
      const superfluous = [...other.keys()].filter((name) => !one.has(name));
      const stale = [...one].filter(([name, stream]) => !isAgreed(name, stream, other.get(name))).map(([name]) => name);
      for (const name of superfluous) await removeStream(second(), name);
      for (const name of stale) await transferStream(first(), second(), name);
      const isChanged = superfluous.length + stale.length > 0;
      agree(isChanged ? await listBoth() : [one, other]);
      return isChanged;
    },
    async accept() {
      agree(await listBoth());
    },
  };
}

function pairOf(name: string, first: StreamListing, second: StreamListing | undefined): [string, Pair][] {
  // Two ways to the same lockers may have taken another number of writes, and the next step's revisions would differ.
  const isAlike = second !== undefined && first.lastSequence === second.lastSequence && first.messages === second.messages;
  return isAlike ? [[name, { first, second }]] : [];
}
