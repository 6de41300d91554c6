/** A bucket's keys, as the page says and as they are → those that differ, and wildcards whose count does not hold. */
import { pointer } from '../document/pointer.ts';
import { matchesWildcard } from '../document/wildcard.ts';
import type { Entry, ExpectedBucket, ExpectedEntry, Json, KeyDelta } from '../types.ts';
import { compareEntry, compareWithBefore, type EntryMismatch, latest, sameJson } from './entry.ts';
import type { BucketCase } from './settings.ts';
import type { StateMismatch } from './state.ts';

export function judgeKeys(given: BucketCase): StateMismatch[] {
  const { touched, expected, said } = given;
  const deltas = new Map(touched?.keys.map((one) => [one.key, one]) ?? []);
  const keys = new Set([...(expected === said ? [] : [...restatedKeys(said, expected), ...uncountedKeys(given)]), ...deltas.keys()]);
  const counts = judgeCounts(given);
  const entries = [...keys].flatMap((key) => judgeKey(given, key, { touched: deltas.get(key), counts }) ?? []);
  return [...entries, ...counts.map(({ mismatch }) => mismatch)];
}

interface CountMismatch {
  wildcard: string;
  mismatch: StateMismatch;
}

function restatedKeys(said: ExpectedBucket | undefined, expected: ExpectedBucket): string[] {
  const all = new Set([...(said?.keys.keys() ?? []), ...expected.keys.keys()]);
  return [...all].filter((key) => !sameExpectation(said?.keys.get(key), expected.keys.get(key)));
}

/** Keys that the page had only counted, by a wildcard that it has no more: each of them must be gone, also one that the step did not touch. */
function uncountedKeys({ said, expected, actual }: BucketCase): string[] {
  const dropped = [...(said?.counts.keys() ?? [])].filter((wildcard) => !expected.counts.has(wildcard));
  if (dropped.length === 0) return [];
  return [...actual.keys.keys()].filter((key) => dropped.some((wildcard) => matchesWildcard(wildcard, key)));
}

function sameExpectation(one: ExpectedEntry | undefined, other: ExpectedEntry | undefined): boolean {
  return sameJson(one, other);
}

/** `counts` are the wildcards that are reported already: what is under them is the same thing. */
function judgeKey(given: BucketCase, key: string, { touched, counts }: { touched: KeyDelta | undefined; counts: CountMismatch[] }): StateMismatch | null {
  const { bucket, expected, actual, isKnown, captures } = given;
  const found = actual.keys.get(key) ?? null;
  const at = (mismatch: EntryMismatch | null): StateMismatch | null =>
    mismatch && {
      kind: mismatch.kind,
      path: pointer('buckets', bucket, 'keys', key, ...mismatch.path),
      expected: mismatch.expected,
      actual: mismatch.actual,
    };

  const entry = expected.keys.get(key);
  const asSaid = at(entry === undefined ? compareUnsaid(given, key, found) : compareEntry(entry, found, captures));
  if (touched === undefined || isNamed(given, key)) {
    const same = touched === undefined && asSaid !== null && isKnown(asSaid);
    return same ? null : asSaid;
  }
  // A step must leave alone what it does not name, even where the page's words still hold for it, or never did.
  const wasWrong = entry === undefined && touched.before !== null;
  if (asSaid !== null && !wasWrong && !isKnown(asSaid)) return asSaid;
  if (entry === undefined && countChanged(touched) && counts.some(({ wildcard }) => matchesWildcard(wildcard, key))) return null;
  return at(compareWithBefore(touched.before, touched.after));
}

/** A key that the page does not name singly: none may be there, unless a wildcard counts it. */
function compareUnsaid({ expected }: BucketCase, key: string, found: Entry | null): EntryMismatch | null {
  if (found === null || isCounted(expected, key)) return null;
  return compareWithBefore(null, found);
}

function isCounted(expected: ExpectedBucket, key: string): boolean {
  return [...expected.counts.keys()].some((wildcard) => matchesWildcard(wildcard, key));
}

/** Whether the step's own expectation speaks of the key; a `state` speaks of everything. */
function isNamed({ expectation, bucket }: BucketCase, key: string): boolean {
  if (expectation === null) return false;
  if (expectation.kind === 'state' || expectation.patch.buckets === null) return true;
  const patch = expectation.patch.buckets.get(bucket);
  if (patch === undefined) return false;
  if (patch === null || patch.keys === null) return true;
  return [...patch.keys.keys()].some((name) => name === key || matchesWildcard(name, key));
}

function judgeCounts({ bucket, touched, expected, said, actual, isKnown }: BucketCase): CountMismatch[] {
  return [...expected.counts].flatMap(([wildcard, wanted]): CountMismatch[] => {
    const restated = said?.counts.get(wildcard) !== wanted || restatedKeys(said, expected).some((key) => matchesWildcard(wildcard, key));
    const changed = touched?.before === null || touched?.keys.some((one) => countChanged(one) && matchesWildcard(wildcard, one.key));
    if (!restated && !changed) return [];
    const found = countKeys(actual.keys, wildcard, expected.keys);
    const mismatch = { kind: 'count' as const, path: pointer('buckets', bucket, 'keys', wildcard, 'count'), expected: wanted as Json, actual: found as Json };
    return found === wanted || (!changed && isKnown(mismatch)) ? [] : [{ wildcard, mismatch }];
  });
}

/** Keys under the wildcard whose latest entry is a PUT, without those that the page names singly. */
function countKeys(keys: Map<string, Entry>, wildcard: string, single: Map<string, unknown>): number {
  let count = 0;
  for (const [key, entry] of keys) {
    if (latest(entry).operation === 'PUT' && !single.has(key) && matchesWildcard(wildcard, key)) count += 1;
  }
  return count;
}

function countChanged({ before, after }: KeyDelta): boolean {
  const counts = (entry: Entry | null) => entry !== null && latest(entry).operation === 'PUT';
  return counts(before) !== counts(after);
}
