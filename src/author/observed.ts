/** Two recordings of the same steps → whether anything that a check could see is different. */
import { normalizeOutput } from '../document/matchers.ts';
import { pointer } from '../document/pointer.ts';
import type { Entry, LessonRecording, StepRecording } from '../types.ts';

/** What a check could see, thing by thing. */
type Facts = Map<string, string>;

export interface Observed {
  /** What the page's own run came to. */
  facts: Facts;
  /** What was different when it was run again: times, names made up at random. */
  volatile: Set<string>;
  /** Steps whose output has not even the same number of lines each time. */
  unsteady: Set<number>;
}

/** What two runs of the same page have in common. */
export function observe(one: LessonRecording, other: LessonRecording): Observed {
  const facts = factsOf(one);
  const again = factsOf(other);
  const unsteady = new Set(one.steps.map(({ index }) => index).filter((index) => facts.get(`${index} lines`) !== again.get(`${index} lines`)));
  return { facts, volatile: new Set(differences(facts, again)), unsteady };
}

/** What may be another without being something that a check should notice: revisions; what a key held before its latest entry. */
export type Passed = 'revisions' | 'history';

/** Whether a run of the page with one thing otherwise came to something else, from the step with the index `from` on. */
export function isDifferent(
  { facts, volatile, unsteady }: Observed,
  recording: LessonRecording,
  { from, passed }: { from: number; passed: Passed[] },
): boolean {
  return differences(facts, factsOf(recording)).some((name) => {
    const index = Number(name.split(' ')[0]);
    if (index < from || volatile.has(name) || passed.some((part) => name.endsWith(` ${part}`))) return false;
    return !(unsteady.has(index) && / line/.test(name));
  });
}

function differences(one: Facts, other: Facts): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}

/** Names begin with the index of the step. */
function factsOf({ steps }: LessonRecording): Facts {
  return new Map(steps.flatMap((step) => stepFacts(step).map(([name, fact]) => [`${step.index} ${name}`, fact] as const)));
}

function stepFacts({ execution, delta }: StepRecording): [string, string][] {
  const lines = normalizeOutput(execution.output);
  const { thrown } = execution;
  const facts: [string, string][] = [['lines', String(lines.length)], ...lines.map((line, index): [string, string] => [`line ${index}`, withoutTimes(line)])];
  if (thrown !== null) facts.push(['thrown', withoutTimes(JSON.stringify([thrown.name, thrown.code, thrown.message]))]);
  for (const { bucket, before, after, keys } of delta.buckets) {
    const path = pointer('buckets', bucket);
    facts.push([path, JSON.stringify([before, after])]);
    for (const { key, before: was, after: is } of keys) {
      const name = pointer('buckets', bucket, 'keys', key);
      const both = (of: (entry: Entry | null) => unknown) => JSON.stringify([of(was), of(is)]);
      facts.push([name, both((entry) => valuesOf(entry)?.at(-1))], [`${name} history`, both(valuesOf)], [`${name} revisions`, both(revisionsOf)]);
    }
  }
  facts.push(['streams', JSON.stringify(delta.streams)]);
  return facts;
}

function valuesOf(entry: Entry | null): unknown[] | undefined {
  return entry?.map(({ operation, value }) => [operation, value]);
}

function revisionsOf(entry: Entry | null): unknown {
  return entry?.map(({ revision }) => revision);
}

/** Two runs within the same second print the same time, and yet it means nothing. */
function withoutTimes(text: string): string {
  return text
    .replace(/\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g, '<date>')
    .replace(/\b\d+(?:\.\d+)?(?:ms|µs|us|ns)\b/g, '<duration>');
}
