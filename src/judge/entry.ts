/** (what a page says of a key, what the server keeps of it) → the one thing that is not as the page says. */

import type { Captures } from '../document/matchers.ts';
import { valueMatches, valueSize } from '../document/values.ts';
import { writeEntry, writeExpectedEntry, writeExpectedRevision, writeExpectedValue, writeRevision, writeValue } from '../document/write.ts';
import type { Entry, ExpectedEntry, ExpectedRevision, ExpectedValue, Json, MismatchKind, Revision, Value } from '../types.ts';

/** A mismatch before it has a place: `path` is what comes after the key's own pointer. */
export interface EntryMismatch {
  kind: MismatchKind;
  path: string[];
  expected: Json;
  actual: Json;
}

/** The latest entry, which a key that is there always has. */
export function latest(entry: Entry): Revision {
  const last = entry.at(-1);
  if (last === undefined) throw new RangeError('an entry keeps at least one revision');
  return last;
}

/** The outermost thing that differs: the key itself, its operation, its value, its revision, its history; null where all is as expected. */
export function compareEntry(expected: ExpectedEntry, actual: Entry | null, captures: Captures): EntryMismatch | null {
  if (actual === null) return { kind: 'key', path: [], expected: writeExpectedEntry(expected), actual: null };
  const last = latest(actual);
  if (expected.operation !== last.operation) {
    return { kind: 'operation', path: [], expected: writeExpectedEntry(expected), actual: writeEntry(actual) };
  }
  if (expected.value !== null && last.value !== null && !valueMatches(expected.value, last.value, captures)) {
    return { kind: 'value', path: ['value'], expected: writeExpectedValue(expected.value), actual: writeAlike(expected.value, last.value) };
  }
  if (expected.revision !== null && expected.revision !== last.revision) {
    return { kind: 'revision', path: ['revision'], expected: expected.revision, actual: last.revision };
  }
  return expected.history === null ? null : compareHistory(expected.history, actual, captures);
}

function compareHistory(expected: ExpectedRevision[], actual: Entry, captures: Captures): EntryMismatch | null {
  if (expected.length !== actual.length) {
    return { kind: 'history', path: ['history'], expected: expected.map(writeExpectedRevision), actual: actual.map(writeRevision) };
  }
  const index = expected.findIndex((one, i) => !revisionMatches(one, actual[i], captures));
  const [one, other] = [expected[index], actual[index]];
  if (one === undefined || other === undefined) return null;
  return { kind: 'history', path: ['history', String(index)], expected: writeExpectedRevision(one), actual: writeRevision(other) };
}

function revisionMatches(expected: ExpectedRevision, actual: Revision | undefined, captures: Captures): boolean {
  if (actual === undefined || expected.operation !== actual.operation) return false;
  if (expected.revision !== null && expected.revision !== actual.revision) return false;
  return expected.value === null || (actual.value !== null && valueMatches(expected.value, actual.value, captures));
}

/** What a step left alone must still be: the first thing in which the entry is no longer as it was, null where it is. */
export function compareWithBefore(before: Entry | null, after: Entry | null): EntryMismatch | null {
  const change = { expected: writeEntry(before), actual: writeEntry(after) };
  if (before === null || after === null) return before === after ? null : { kind: 'key', path: [], ...change };
  const [was, is] = [latest(before), latest(after)];
  if (was.operation !== is.operation) return { kind: 'operation', path: [], ...change };
  if (!sameJson(was.value, is.value)) return { kind: 'value', path: ['value'], ...change };
  if (was.revision !== is.revision) return { kind: 'revision', path: ['revision'], expected: was.revision, actual: is.revision };
  if (sameJson(before, after)) return null;
  return { kind: 'history', path: ['history'], expected: before.map(writeRevision), actual: after.map(writeRevision) };
}

/** The actual value in the form that the page uses, so that the two can be compared by eye; in its own form where that cannot be. */
function writeAlike(expected: ExpectedValue, actual: Value): Json {
  if ('size' in expected) return { size: valueSize(actual) };
  if ('json' in expected && 'text' in actual) {
    try {
      return { json: JSON.parse(actual.text) };
    } catch {
      return actual.text;
    }
  }
  return writeValue(actual);
}

/** Equal as JSON; both sides are built by the same code, so the order of names is the same too. */
export function sameJson(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
