/** A lesson as it was and as it is → the first step from which on it must be run again. */
import type { Code, Expectation, Fence, LessonSettings, Step } from '../types.ts';
import type { LoadedLesson } from './load.ts';

/** What decides where a lesson runs and what it starts with; the others are settings of its steps. */
const WHOLE = ['server', 'after', 'private', 'config', 'cluster'] as const satisfies (keyof LessonSettings)[];

/** The index of the first step that is not word for word what it was, code, words and expectations alike; null where all are. Prose is not looked at. */
export function firstChange(before: LoadedLesson, now: LoadedLesson): number | null {
  if (WHOLE.some((name) => before.lesson.settings[name] !== now.lesson.settings[name])) return 0;
  const [old, current] = [wordsOf(before), wordsOf(now)];
  const at = current.findIndex((words, index) => words !== old[index]);
  if (at !== -1) return at;
  // Where the last steps were taken away, the last that is left is where the lesson now ends.
  return old.length > current.length ? Math.max(0, current.length - 1) : null;
}

/** Each step as one text. */
function wordsOf({ lesson, text }: LoadedLesson): string[] {
  const fence = ({ info, text: content }: Fence) => [text.slice(info.start, info.end), content];
  return lesson.steps.map((step) => JSON.stringify([step.timeout, step.fault, ...fencesOf(step).map(fence)]));
}

function fencesOf({ code, starter, expectation }: Step): Fence[] {
  return [...[starter, code].flatMap(fenceOf), ...expectationFences(expectation)];
}

function fenceOf(code: Code | null): Fence[] {
  return code === null ? [] : [code.fence];
}

function expectationFences({ output, error, state, consoles }: Expectation): Fence[] {
  return [output, error, state, ...consoles].flatMap((one) => (one === null ? [] : [one.fence]));
}
