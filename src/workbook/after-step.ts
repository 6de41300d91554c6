/** A lesson, run up to a step → the site on which it ran, with what the server holds then. */
import { ProblemError, problem } from '../errors.ts';
import { runLesson } from '../run.ts';
import { openRunFolder, type RunFolder } from '../server/run-folder.ts';
import type { LessonReport, RunEvent } from '../types.ts';
import { serverNeeds } from './config.ts';
import { kernelNeeds } from './kernel-needs.ts';
import type { LessonPlan } from './plan.ts';
import { findPrograms } from './programs.ts';
import { reasonToSkip } from './reason-to-skip.ts';
import { type LocalSite, openLocalSite } from './site.ts';

export interface AfterStepOptions {
  onProgress: (text: string) => void;
  onEvent: (event: RunEvent) => void;
  /** The folder of this run, as soon as there is one: for a clean-up that cannot wait. */
  onFolder: (folder: RunFolder) => void;
  signal: AbortSignal;
}

export interface AfterStep {
  site: LocalSite;
  /** Of the steps up to there, all of them judged. */
  report: LessonReport;
  server: { version: string };
  close(): Promise<void>;
}

/** `last` is the index of the step. Rejects with a ProblemError where the lesson cannot be run here, and with the signal's reason. */
export async function openAfterStep(one: LessonPlan, last: number, { onProgress, onEvent, onFolder, signal }: AfterStepOptions): Promise<AfterStep> {
  const { version, path } = (await findPrograms([one], 'off', { onProgress, signal })).server;
  const reason = reasonToSkip(one, version);
  if (reason !== null) throw skipped(one, reason);
  const folder = await openRunFolder();
  onFolder(folder);
  let site: LocalSite | null = null;
  const close = async () => {
    await site?.close();
    await folder.close();
  };
  try {
    site = await openLocalSite({
      binary: { path, version },
      twin: NO_TWIN,
      folder,
      ...serverNeeds(one.loaded),
      lessonFile: one.loaded.path,
      needs: kernelNeeds(one.loaded),
    });
    // Judged up to the step, so that it is said where what is drawn is not what the page says.
    const running = runLesson({ ...one.plan, listed: ({ step }) => step.index <= last, bail: false }, site, { signal });
    for (;;) {
      const next = await running.next();
      if (!next.done) onEvent(next.value);
      else if (next.value.reason !== null) throw skipped(one, next.value.reason);
      else return { site, report: next.value, server: { version }, close };
    }
  } catch (error) {
    await close();
    throw error;
  }
}

const NO_TWIN = 'only its code is run for a drawing';

function skipped({ plan }: LessonPlan, reason: string): ProblemError {
  return new ProblemError(problem('server', `the lesson cannot be run: it ${reason}`, null, plan.lesson.file));
}
