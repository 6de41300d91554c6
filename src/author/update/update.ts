/** Plans → pages that say what happened: what a run came to is put into the page, run twice more to see whether it holds, and written to the page's file. */
import type { LessonRecording, RunEvent } from '../../types.ts';
import type { Configuration } from '../../workbook/configuration.ts';
import type { LessonPlan } from '../../workbook/plan.ts';
import { runWorkbook, type WorkbookOptions, type WorkbookResult } from '../../workbook/run.ts';
import { LessonUpdate } from './lesson-update.ts';

export interface UpdateOptions extends WorkbookOptions {
  configuration: Configuration;
  /** Writes `FILE.corrected` beside the page, and leaves the page. */
  propose: boolean;
}

/** The reports are of the pages as they were; notes say what was written, and what still does not hold. Rejects as `runWorkbook` does. */
export async function updateLessons(options: UpdateOptions): Promise<WorkbookResult> {
  const updates = options.plans.map((one) => new LessonUpdate(one, options));
  const result: WorkbookResult = { lessons: [], server: null, problems: [], notes: [] };
  const lines: string[] = [];
  for (let waiting = updates; waiting.length > 0; waiting = waiting.filter(({ done }) => !done)) {
    const changed = await runRound(updates, waiting, options, result);
    for (const one of waiting) {
      // What failed before it began is tried again as long as the pages that it comes after change.
      if (one.report === null && !changed) one.settle();
      if (!one.done) continue;
      const wrong = one.problems();
      result.problems.push(...wrong);
      if (wrong.length === 0) lines.push(...one.write());
    }
  }
  result.lessons = updates.flatMap(({ report }) => report ?? []);
  if (result.notes.some((note) => note.includes('did not run'))) result.notes.push('Console fences that did not run are left as they are.');
  result.notes.push(...lines);
  return result;
}

/** Runs what is waiting, with the pages as they are now. Whether one of them has changed by what it came to. */
async function runRound(updates: LessonUpdate[], waiting: LessonUpdate[], options: UpdateOptions, result: WorkbookResult): Promise<boolean> {
  const lessons = new Map(updates.map((one) => [one.path, one.page.lesson]));
  const plans = new Map<LessonPlan, LessonUpdate>(waiting.map((one) => [one.planAnew(lessons), one]));
  const again = waiting.filter(({ report }) => report !== null);
  if (again.length > 0) options.onProgress(`running ${again.length === 1 ? again[0]?.file : `${again.length} pages`} again, with what is to be written`);
  const recordings = new Map<LessonPlan, LessonRecording>();
  const onEvent = (event: RunEvent) => waiting.find(({ file }) => file === event.file)?.event(event);
  const first = waiting === updates;
  const run = await runWorkbook({
    ...options,
    plans: [...plans.keys()],
    recordings,
    untilStill: true,
    onEvent,
    bail: first && options.bail,
    keep: first && options.keep,
  });
  result.server ??= run.server;
  for (const one of run.problems) if (!result.problems.some(({ file, message }) => file === one.file && message === one.message)) result.problems.push(one);
  for (const note of run.notes) if (!result.notes.includes(note)) result.notes.push(note);
  const changes = [...plans].map(([plan, one]) => {
    const report = run.lessons.find(({ file }) => file === one.file);
    return one.take(report ?? null, recordings.get(plan) ?? null);
  });
  return changes.includes(true);
}
