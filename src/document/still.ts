/** What a server holds, what a step did to it → how long nothing must move until it can be taken to stand still. */
import type { BucketDelta, Delta, Settings, State } from '../types.ts';
import { isEmptyDelta } from './delta.ts';
import { parseDuration } from './duration.ts';

/** So long is looked for what comes by itself, in milliseconds; what takes longer is for a person to write. */
export const STILL_WITHIN = 5000;

/** A server comes later than a time to live says, and a copy later than what is copied. */
const LATENESS = 1000;
/** The shortest time to live that a single key can have. */
const LEAST_OF_A_KEY = 1000;

/** Milliseconds; 0 where nothing can move by itself, or only long after. `delta` is what the step did. */
export function quietTime({ buckets }: State, delta: Delta): number {
  if (isEmptyDelta(delta)) return 0;
  const changed = new Map(delta.buckets.map((one) => [one.bucket, one]));
  const times = [...buckets].flatMap(([name, { settings, keys }]) => [
    ...(settings.mirror === undefined && settings.sources === undefined ? [] : [0]),
    ...(keys.size === 0 ? [] : expiriesOf(settings, changed.get(name))),
  ]);
  return times.length === 0 ? 0 : Math.max(...times) + LATENESS;
}

/** Whether what a step did shows in a bucket that copies from others, which comes when it comes. */
export function isCopied({ buckets }: Delta): boolean {
  return buckets.some(({ after, keys }) => keys.length > 0 && (after?.mirror !== undefined || after?.sources !== undefined));
}

function expiriesOf({ ttl, markerTtl }: Settings, changed: BucketDelta | undefined): number[] {
  const times = [ttl, markerTtl].map((one) => (typeof one === 'string' ? parseDuration(one) : null));
  // Where markers are kept, each key may have a time to live of its own, of which its entry says nothing.
  if (markerTtl !== undefined && changed !== undefined) times.push(LEAST_OF_A_KEY);
  return times.filter((one) => one !== null).filter((one) => one + LATENESS <= STILL_WITHIN);
}

/** How long to wait until the state is looked at again, having waited for so long: a fortieth of that, so that neither a look nor the moment costs much. All in milliseconds. */
export function pauseAfter(waited: number): number {
  return Math.min(100, Math.max(20, waited / 40));
}
