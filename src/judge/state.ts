/** (what the page says before and after a step, what the step changed) → mismatches: the closed world of design §2, at the cost of what was touched. */
import type { Captures } from '../document/matchers.ts';
import { pointer } from '../document/pointer.ts';
import type { BucketDelta, Delta, ExpectedState, Json, MismatchKind, Settings, State, StateExpectation } from '../types.ts';
import { judgeKeys } from './keys.ts';
import { judgeSettings } from './settings.ts';

/** A mismatch before it has a place in the page. */
export interface StateMismatch {
  kind: MismatchKind;
  path: string;
  expected: Json;
  actual: Json;
}

/** Everything that judging a state needs. `state` is what the server holds now; `delta` is how it came there from before the step. */
export interface StateCase {
  /** The step's own `state` or `change`; null for a step that must leave everything as it was. */
  expectation: StateExpectation | null;
  before: ExpectedState;
  after: ExpectedState;
  delta: Delta;
  state: State;
  captures: Captures;
  /** True for what an earlier step was already told of; see `wasKnown`. */
  isKnown: (mismatch: StateMismatch) => boolean;
}

export function judgeState(given: StateCase): StateMismatch[] {
  return [...judgeBuckets(given), ...judgeStreams(given)];
}

function judgeBuckets(given: StateCase): StateMismatch[] {
  const { before, after, delta, state } = given;
  const deltas = new Map(delta.buckets.map((one) => [one.bucket, one]));
  // Only what the step or the page touched can have become wrong; everything else was judged when it was.
  const restated = [...new Set([...before.buckets.keys(), ...after.buckets.keys()])].filter((name) => before.buckets.get(name) !== after.buckets.get(name));
  return [...new Set([...restated, ...deltas.keys()])].flatMap((bucket) => {
    const touched = deltas.get(bucket);
    const expected = after.buckets.get(bucket);
    const actual = state.buckets.get(bucket);
    if (expected === undefined || actual === undefined) return judgePresence(given, bucket, touched);
    const one = { ...given, bucket, touched, expected, actual, said: before.buckets.get(bucket) };
    return [...judgeSettings(one), ...judgeKeys(one)];
  });
}

/** A bucket of which the page or the server knows nothing. It is the outermost thing, so its keys are not listed. */
function judgePresence({ expectation, before, after, state }: StateCase, bucket: string, touched: BucketDelta | undefined): StateMismatch[] {
  const expected = after.buckets.get(bucket)?.settings ?? null;
  const actual = state.buckets.get(bucket)?.settings ?? null;
  const path = pointer('buckets', bucket);
  const cameOrWent = touched !== undefined && (touched.before === null) !== (touched.after === null);
  const restated = before.buckets.has(bucket) !== after.buckets.has(bucket);
  if (expected === null && actual === null) {
    // It was never declared, and told of; still a step that does not name it must leave it.
    return cameOrWent && !namesBucket(expectation, bucket) ? [{ kind: 'bucket', path, expected: asJson(touched.before), actual: null }] : [];
  }
  return cameOrWent || restated ? [{ kind: 'bucket', path, expected: asJson(expected), actual: asJson(actual) }] : [];
}

/** Whether the step's own expectation speaks of the bucket; a `state` speaks of everything. */
function namesBucket(expectation: StateExpectation | null, bucket: string): boolean {
  if (expectation === null) return false;
  return expectation.kind === 'state' || expectation.patch.buckets === null || expectation.patch.buckets.has(bucket);
}

function asJson(settings: Settings | null): Json {
  return settings === null ? null : { ...settings };
}

function judgeStreams({ expectation, before, after, delta, state }: StateCase): StateMismatch[] {
  const restated = [...after.streams, ...before.streams].filter((name) => after.streams.has(name) !== before.streams.has(name));
  const candidates = new Set([...restated, ...delta.streams.added, ...delta.streams.removed]);
  const side = (name: string, there: boolean) => (there ? name : null);
  const wrong = [...candidates].filter((name) => after.streams.has(name) !== state.streams.has(name));
  const namesStreams = expectation !== null && (expectation.kind === 'state' || expectation.patch.streams !== undefined);
  // As with buckets: never declared, and gone by a step that does not name it.
  const gone = delta.streams.removed.filter((name) => !namesStreams && !after.streams.has(name) && !state.streams.has(name));
  return [
    ...wrong.map((name) => ({ name, expected: side(name, after.streams.has(name)), actual: side(name, state.streams.has(name)) })),
    ...gone.map((name) => ({ name, expected: name, actual: null })),
  ].map(({ name, expected, actual }) => ({ kind: 'stream', path: pointer('streams', name), expected, actual }));
}
