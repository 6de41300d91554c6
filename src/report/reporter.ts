/** What every reporter is: it gets the events of a run as they come, and its summary at the end. */
import type { LessonReport, Problem, RunEvent } from '../types.ts';

/** All that a run came to, plain JSON. */
export interface RunSummary {
  /** The version of this package. */
  version: string;
  exitCode: number;
  /** Null where no server was started. */
  server: { version: string; source: string } | null;
  /** Milliseconds. */
  duration: number;
  lessons: LessonReport[];
  problems: Problem[];
  /** Said once at the end, such as how to reach a server that was kept. */
  notes: string[];
}

export interface Reporter {
  event(event: RunEvent): void;
  /** Something that takes its time, such as an installation; the text says how far it is. */
  progress(text: string): void;
  end(summary: RunSummary): void;
}

/** Where a reporter writes: a stream of the process, or a file. */
export interface Sink {
  write(text: string): void;
  /** Columns of a terminal that can be drawn on; null for a file or a pipe. */
  columns: number | null;
  /** Of such a terminal; null or left out for a file or a pipe. */
  rows?: number | null;
  /** Whoever read it has gone, such as `head`: known after something was written. */
  gone?: boolean;
  colors: boolean;
}

export interface Totals {
  lessons: number;
  steps: number;
  passed: number;
  failed: number;
  errored: number;
  skipped: number;
  twins: number;
}

/** Counts what is listed. */
export function totalsOf(lessons: LessonReport[]): Totals {
  const steps = lessons.flatMap((lesson) => lesson.steps);
  const count = (status: string) => steps.filter((step) => step.status === status).length;
  return {
    lessons: lessons.length,
    steps: steps.length,
    passed: count('passed'),
    failed: count('failed'),
    errored: count('errored'),
    skipped: count('skipped'),
    twins: steps.reduce((sum, step) => sum + step.twins, 0),
  };
}
