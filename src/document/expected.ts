/** An expected state and a merge patch on it (RFC 7386, design §2) to the expected state after it. */
import type { BucketPatch, ExpectedBucket, ExpectedState, StatePatch } from '../types.ts';

/** What a page expects that says nothing: that nothing is there. */
export const EMPTY_EXPECTED: ExpectedState = Object.freeze({ buckets: new Map(), streams: new Set<string>() });

/** `before` is not changed; what the patch does not touch is shared with it, so that identity means that nothing was said of it. */
export function applyPatch(before: ExpectedState, patch: StatePatch): ExpectedState {
  return { buckets: patchBuckets(before.buckets, patch.buckets), streams: patch.streams === undefined ? before.streams : new Set(patch.streams) };
}

function patchBuckets(before: ExpectedState['buckets'], patch: StatePatch['buckets']): ExpectedState['buckets'] {
  if (patch === null) return new Map();
  if (patch.size === 0) return before;
  const buckets = new Map(before);
  for (const [name, bucket] of patch) {
    if (bucket === null) buckets.delete(name);
    else buckets.set(name, patchBucket(buckets.get(name), bucket));
  }
  return buckets;
}

function patchBucket(before: ExpectedBucket | undefined, patch: BucketPatch): ExpectedBucket {
  if (before !== undefined && patch.settings.size === 0 && patch.keys?.size === 0) return before;
  const settings = { ...before?.settings };
  for (const [name, value] of patch.settings) {
    if (value === null) delete settings[name];
    else settings[name] = value;
  }
  if (patch.keys === null) return { settings, keys: new Map(), counts: new Map() };
  if (before !== undefined && patch.keys.size === 0) return { ...before, settings };
  const keys = new Map(before?.keys);
  const counts = new Map(before?.counts);
  for (const [key, entry] of patch.keys) {
    if (entry === null) {
      keys.delete(key);
      counts.delete(key);
    } else if ('count' in entry) counts.set(key, entry.count);
    else keys.set(key, entry);
  }
  return { settings, keys, counts };
}
