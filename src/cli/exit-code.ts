/** What a run came to → its exit code (design §4): the highest of 1, 2 and 3 that applies. */
import { EXIT, exitCodeOf } from '../errors.ts';
import type { LessonReport, Problem } from '../types.ts';

export function exitCode(lessons: LessonReport[], problems: Problem[], options: { failOnSkip: boolean }): number {
  const skipped = lessons.some((lesson) => lesson.status === 'skipped' || lesson.steps.some((step) => step.status === 'skipped'));
  const failed = lessons.some(({ status, afterFailed }) => status === 'failed' || status === 'errored' || afterFailed);
  return Math.max(failed || (skipped && options.failOnSkip) ? EXIT.failed : EXIT.passed, ...problems.map(exitCodeOf));
}
