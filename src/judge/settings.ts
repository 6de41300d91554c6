/** A bucket's settings, as the page says and as they are → those that differ. */

import { pointer } from '../document/pointer.ts';
import { SETTING_NAMES } from '../document/settings.ts';
import { jsonMatches } from '../document/values.ts';
import type { Bucket, BucketDelta, ExpectedBucket, SettingName } from '../types.ts';
import { sameJson } from './entry.ts';
import type { StateCase, StateMismatch } from './state.ts';

/** A bucket that both the page and the server know. */
export interface BucketCase extends StateCase {
  bucket: string;
  /** What the step changed of it. */
  touched: BucketDelta | undefined;
  expected: ExpectedBucket;
  actual: Bucket;
  /** What the page said of it before this step. */
  said: ExpectedBucket | undefined;
}

export function judgeSettings(given: BucketCase): StateMismatch[] {
  return SETTING_NAMES.flatMap((name) => judgeSetting(given, name) ?? []);
}

function judgeSetting({ bucket, touched, expected, actual, said, expectation, captures }: BucketCase, name: SettingName): StateMismatch | null {
  const [wanted, found] = [expected.settings[name] ?? null, actual.settings[name] ?? null];
  const was = touched?.before?.[name] ?? null;
  // A bucket that has just come has all its settings from this step.
  const changed = touched !== undefined && (touched.before === null || !sameJson(was, found));
  const restated = said === undefined || !sameJson(said.settings[name], expected.settings[name]);
  if (!changed && !restated) return null;
  const mismatch: StateMismatch = { kind: 'setting', path: pointer('buckets', bucket, name), expected: wanted, actual: found };
  if (!jsonMatches(wanted, found, captures)) return mismatch;
  const left = changed && touched.before !== null && !isNamed(expectation, bucket, name);
  // `<any>` still matches, but a step that does not mention the setting must not change it.
  return left && jsonMatches(wanted, was, new Map(captures)) ? { ...mismatch, expected: was } : null;
}

/** Whether the step's own expectation speaks of the setting; a `state` speaks of everything. */
function isNamed(expectation: StateCase['expectation'], bucket: string, name: SettingName): boolean {
  if (expectation === null) return false;
  if (expectation.kind === 'state' || expectation.patch.buckets === null) return true;
  return expectation.patch.buckets.get(bucket)?.settings.has(name) ?? false;
}
