/** Judging and reporting: mismatches, reports, problems and events (design §4). */
import type { Place } from './page.ts';
import type { Delta, Json } from './state.ts';

export type MismatchKind =
  | 'output'
  | 'error'
  | 'bucket'
  | 'key'
  | 'stream'
  | 'setting'
  | 'value'
  | 'operation'
  | 'revision'
  | 'history'
  | 'count'
  | 'console'
  | 'exit'
  | 'exercise';

export interface Mismatch {
  kind: MismatchKind;
  /** A JSON Pointer into the state document; null for what is printed or thrown. */
  path: string | null;
  place: Place;
  /** As the state document would write it; null: absent or, of a setting, the default. */
  expected: Json;
  actual: Json;
  by: 'step' | 'twin';
}

export type Status = 'passed' | 'failed' | 'errored' | 'skipped';

export interface StepReport {
  line: number;
  title: string;
  status: Status;
  /** Why it was skipped or could not be judged. */
  reason: string | null;
  /** Milliseconds. */
  duration: number;
  output: string;
  mismatches: Mismatch[];
  error: ({ name: string; message: string } & Place) | null;
  /** What the step itself changed; empty for a step that did not run. */
  delta: Delta;
  /** Console fences that ran. */
  twins: number;
}

export interface LessonReport {
  file: string;
  title: string;
  status: Status;
  /** Why it was skipped as a whole. */
  reason: string | null;
  /** It was skipped because the lesson that it comes after did not pass. */
  afterFailed: boolean;
  /** Milliseconds. */
  duration: number;
  steps: StepReport[];
}

/** Something that gives exit code 2 (usage, an invalid lesson) or 3 (the environment). */
export interface Problem {
  code: string;
  file: string | null;
  line: number | null;
  column: number | null;
  message: string;
  /** What to do next; null where the message says it. */
  advice: string | null;
}

/**
 * What a run tells while it goes on; plain JSON. A step is finished a second time where something that it left running fails later. Events
 * of lessons that run side by side are interleaved, and carry their lesson's file.
 */
export type RunEvent =
  | { type: 'lesson-started'; file: string; title: string; steps: { line: number; title: string }[] }
  | { type: 'step-started'; file: string; line: number; title: string }
  | { type: 'step-output'; file: string; line: number; text: string }
  | { type: 'step-finished'; file: string; step: StepReport }
  | { type: 'lesson-finished'; file: string; report: LessonReport };
