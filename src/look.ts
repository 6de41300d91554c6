/** Readings of a server, one after the other → what a step changed, until the state is as the page says, or stands still. */
import { composeDeltas, emptyDelta, isEmptyDelta } from './document/delta.ts';
import { pauseAfter, quietTime, STILL_WITHIN } from './document/still.ts';
import type { Delta, State } from './types.ts';

/** What changed since the last reading; null: the server is gone. */
export type Read = () => Promise<Delta | null>;

/** Looks again until it is reached or the time, in milliseconds, is up; at least once. */
export async function lookUntilReached(read: Read, within: number, isReached: (delta: Delta) => boolean): Promise<Delta> {
  const since = performance.now();
  let delta = emptyDelta();
  for (;;) {
    const more = await read();
    if (more === null) return delta;
    delta = composeDeltas(delta, more);
    const waited = performance.now() - since;
    if (waited >= within || isReached(delta)) return delta;
    await new Promise((resolve) => setTimeout(resolve, pauseAfter(waited)));
  }
}

/** Goes on looking until nothing has moved for as long as something could be on its way. `moved`: something did. */
export async function lookUntilStill(read: Read, observer: { state: State }, delta: Delta): Promise<{ delta: Delta; moved: boolean }> {
  const until = performance.now() + STILL_WITHIN;
  let all = delta;
  let moved = false;
  for (let last = performance.now(); performance.now() < Math.min(until, last + quietTime(observer.state, all)); ) {
    await new Promise((resolve) => setTimeout(resolve, pauseAfter(0)));
    const more = await read();
    if (more === null) break;
    if (isEmptyDelta(more)) continue;
    all = composeDeltas(all, more);
    moved = true;
    last = performance.now();
  }
  return { delta: all, moved };
}
