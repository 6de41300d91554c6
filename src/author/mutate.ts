/** Plans → what a check notices of each thing on their pages made otherwise. */
import { ProblemError } from '../errors.ts';
import { openRunFolder, type RunFolder } from '../server/run-folder.ts';
import type { LessonRecording, LessonReport, Problem } from '../types.ts';
import type { LessonPlan } from '../workbook/plan.ts';
import { findPrograms, type TwinMode } from '../workbook/programs.ts';
import { runWorkbook } from '../workbook/run.ts';
import { Mutator, type Subject, type Survivor } from './mutator.ts';

export interface MutateOptions {
  plans: LessonPlan[];
  /** How many mutants run side by side. */
  jobs: number;
  twin: TwinMode;
  signal: AbortSignal;
  /** How far it is. */
  onProgress: (text: string) => void;
  onFolder: (folder: RunFolder) => void;
}

export interface MutateResult {
  mutants: number;
  /** In the order of the plans, by line. */
  survivors: Survivor[];
  /** Lessons that did not pass as they are, or not each time. */
  failed: LessonReport[];
  skipped: LessonReport[];
  /** Of the environment. */
  problems: Problem[];
  notes: string[];
}

/** Rejects with the signal's reason, and for defects of ours. */
export async function mutateLessons(options: MutateOptions): Promise<MutateResult> {
  const { jobs, twin, signal, onFolder } = options;
  const recordings = new Map<LessonPlan, LessonRecording>();
  // A step is noticed by those after it too, so all of a lesson is run, whatever is asked for.
  const whole = new Map(options.plans.map((one) => [{ ...one, plan: { ...one.plan, listed: () => true } }, one]));
  const run = await runWorkbook({
    ...options,
    plans: [...whole.keys()],
    recordings,
    jobs,
    bail: false,
    keep: false,
    twin,
    signal,
    onFolder,
    onEvent: countLessons(options),
  });
  const reportOf = ({ plan }: LessonPlan) => run.lessons.find(({ file }) => file === plan.lesson.file);
  const result: MutateResult = {
    mutants: 0,
    survivors: [],
    failed: run.lessons.filter(({ status, afterFailed }) => status === 'failed' || status === 'errored' || afterFailed),
    skipped: run.lessons.filter(({ status, afterFailed }) => status === 'skipped' && !afterFailed),
    problems: run.problems,
    notes: run.notes,
  };
  const subjects = [...whole].flatMap(([one, asked]): Subject[] => {
    const report = reportOf(one);
    const recording = recordings.get(one);
    return report?.status === 'passed' && recording !== undefined ? [{ one: asked, report, recording }] : [];
  });
  if (subjects.length === 0) return result;
  const folder = await openRunFolder();
  onFolder(folder);
  try {
    const programs = await findPrograms(options.plans, twin, options);
    const mutator = new Mutator({ ...options, folder, programs });
    result.survivors = await mutator.run(subjects);
    result.mutants = mutator.mutants;
    result.failed.push(...mutator.unsteady);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ProblemError)) throw error;
    result.problems.push(error.problem);
  } finally {
    await folder.close();
  }
  return result;
}

function countLessons({ plans, onProgress }: MutateOptions) {
  let done = 0;
  return ({ type }: { type: string }) => {
    if (type === 'lesson-finished') done += 1;
    onProgress(`${done} of ${plans.length} lessons run as they are`);
  };
}
