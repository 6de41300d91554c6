/** A plan → RunEvents: the only loop over a lesson's steps. */
import { EMPTY_EXPECTED } from './document/expected.ts';
import { beginRecording } from './recording.ts';
import { Session, type SessionStep } from './session.ts';
import { emptyReport, reportLate, reportStarter } from './step-report.ts';
import type {
  ExpectedState,
  LateFault,
  Lesson,
  LessonRecording,
  LessonReport,
  LinkedStep,
  RunEvent,
  Site,
  Status,
  StepRecording,
  StepReport,
} from './types.ts';

/** A lesson and how it is to be run. */
export interface Plan {
  lesson: Lesson;
  steps: SessionStep[];
  /** The lesson in whose final state this one starts; it is replayed first. */
  after: Plan | null;
  /** Whether a step is judged and listed; the others run only for what comes after them, and none runs after the last that is. */
  listed: (step: SessionStep) => boolean;
  /** Ends the lesson at the first step that fails. */
  bail: boolean;
  /** Code that is run in place of a step's own, by the step's index: the starter of an exercise, a mutant. */
  replaced?: ReadonlyMap<number, LinkedStep>;
}

/** Runs the plan of an exercise's starter (see `starterPlan`) on a site of its own, and answers with what the exercise came to. */
export type TryStarter = (exercise: SessionStep) => Promise<StepReport>;

/** The exercise with its starter code in the solution's place. Of the lesson only what stands before it is run, with solutions. */
export function starterPlan(plan: Plan, exercise: SessionStep): Plan {
  const replaced = new Map(exercise.starter === null ? [] : [[exercise.step.index, exercise.starter]]);
  return { ...plan, replaced, listed: (one) => one === exercise, bail: false };
}

export interface LessonOptions {
  signal?: AbortSignal;
  /** Left out: exercises are judged by their solutions alone. */
  tryStarter?: TryStarter;
  /** Takes down what each step came to, as it comes: made by `newRecording`. Every console fence is then run, also where an earlier one differs. */
  recording?: LessonRecording;
  /** After a step of whose state the page says nothing, what comes by itself is waited for: to know what there is to say. */
  untilStill?: boolean;
}

/** Runs a lesson on a site whose account holds nothing, or what its `start` says. The last event is always `lesson-finished`. Never rejects for what steps or servers do. */
export async function* runLesson(plan: Plan, site: Site, options: LessonOptions = {}): AsyncGenerator<RunEvent, LessonReport> {
  const { signal, recording } = options;
  const started = performance.now();
  yield lessonStarted(plan);
  const start = await replay(plan, site, signal);
  if ('reason' in start) return yield* skipLesson(plan, start, performance.now() - started);

  const session = openSession(site, start.expected, signal);
  try {
    if (recording !== undefined) beginRecording(recording, start.expected, site.observer.state);
    const steps = yield* runSteps(plan, session, options);
    return yield* finish(plan, steps, performance.now() - started);
  } finally {
    await session.end();
  }
}

/** All steps of a lesson that is not run, as skipped. */
export async function* skipWholeLesson(plan: Plan, reason: string): AsyncGenerator<RunEvent, LessonReport> {
  yield lessonStarted(plan);
  return yield* skipLesson(plan, { reason, failed: false }, 0);
}

/** A session that ends when the run is interrupted, so that no step is waited for. */
function openSession(site: Site, expected: ExpectedState, signal: AbortSignal | undefined): Session {
  const session = new Session(site, expected);
  signal?.addEventListener('abort', () => void session.end(), { once: true });
  return session;
}

/** Why a lesson is skipped as a whole; `failed` where what it comes after did not pass. */
interface Skip {
  reason: string;
  failed: boolean;
}

function lessonStarted({ lesson, steps, listed }: Plan): RunEvent {
  const shown = steps.filter(listed).map(({ step }) => ({ line: step.line, title: step.title }));
  return { type: 'lesson-started', file: lesson.file, title: lesson.title, steps: shown };
}

async function* runSteps(
  plan: Plan,
  session: Session,
  { signal, tryStarter, recording, untilStill = false }: LessonOptions,
): AsyncGenerator<RunEvent, StepReport[]> {
  const { file } = plan.lesson;
  const end = plan.steps.findLastIndex(plan.listed) + 1;
  const reports: StepReport[] = [];
  let bailed = false;
  for (const [index, one] of plan.steps.slice(0, end).entries()) {
    signal?.throwIfAborted();
    const { line, title } = one.step;
    const listed = plan.listed(one);
    if (bailed) {
      if (listed) reports.push(yield* finishStep(file, { ...emptyReport(one.step), reason: 'is not run, because an earlier step failed (--bail)' }));
      continue;
    }
    if (listed) yield { type: 'step-started', file, line, title };
    const linked = plan.replaced?.get(one.step.index) ?? one.linked;
    const running = startStep(session, { ...one, linked }, { last: index === end - 1, judged: listed, recording, untilStill });
    for await (const text of running.output) if (listed) yield { type: 'step-output', file, line, text };
    let report = await running.report;
    // What an interruption did to a step is nothing that the page did.
    signal?.throwIfAborted();
    yield* amend(plan, reports, session.takeLate());
    if (!listed) continue;
    // Where the solution did not pass, that comes first.
    if (one.starter !== null && tryStarter !== undefined && report.status === 'passed') report = reportStarter(one.step, report, await tryStarter(one));
    signal?.throwIfAborted();
    reports.push(yield* finishStep(file, report));
    bailed = plan.bail && (report.status === 'failed' || report.status === 'errored');
  }
  return reports;
}

/** What an earlier step left running has failed: its report is no longer true. */
async function* amend({ lesson, steps }: Plan, reports: StepReport[], late: LateFault[]): AsyncGenerator<RunEvent> {
  for (const { index, stop } of late) {
    const step = steps[index]?.step;
    const at = reports.findIndex(({ line }) => line === step?.line);
    const report = reports[at];
    if (step === undefined || report === undefined) continue;
    reports[at] = yield* finishStep(lesson.file, reportLate(step, report, stop));
  }
}

/** What a step prints can be read while it runs. */
function startStep(
  session: Session,
  step: SessionStep,
  { last, judged, recording, untilStill }: { last: boolean; judged: boolean; recording: LessonRecording | undefined; untilStill: boolean },
): { output: ReadableStream<string>; report: Promise<StepReport> } {
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  const record = recording && ((one: StepRecording) => recording.steps.push(one));
  const options = { last, twin: judged, untilStill, onOutput: (text: string) => void writer.write(text), ...(record && { record }) };
  const report = session.runStep(step, options).finally(() => writer.close());
  return { output: readable, report };
}

async function* finishStep(file: string, step: StepReport): AsyncGenerator<RunEvent, StepReport> {
  yield { type: 'step-finished', file, step };
  return step;
}

/** Runs the lesson that this one comes after, with every step judged, and says what the page declares at its end. */
async function replay({ after }: Plan, site: Site, signal: AbortSignal | undefined): Promise<{ expected: ExpectedState } | Skip> {
  if (site.start !== undefined) return { expected: site.start };
  if (after === null) return { expected: EMPTY_EXPECTED };
  const start = await replay(after, site, signal);
  if ('reason' in start) return start;
  const session = openSession(site, start.expected, signal);
  try {
    // A command that is a step by itself leaves the state as it is.
    const steps = after.steps.filter(({ linked }) => linked !== null);
    for (const [index, one] of steps.entries()) {
      signal?.throwIfAborted();
      const report = await session.runStep(one, { last: index === steps.length - 1, twin: false });
      signal?.throwIfAborted();
      const late = session.takeLate()[0];
      if (late !== undefined) return { reason: `starts where ${after.lesson.file} ends, one of whose steps left something running that failed`, failed: true };
      const { line, status } = report;
      if (status !== 'passed')
        return { reason: `starts where ${after.lesson.file} ends, whose step at line ${line} ${FATES[status]}`, failed: status !== 'skipped' };
    }
    return { expected: session.expected };
  } finally {
    await session.end();
  }
}

const FATES = { failed: 'failed', errored: 'could not be judged', skipped: 'was skipped' };

async function* skipLesson(plan: Plan, { reason, failed }: Skip, duration: number): AsyncGenerator<RunEvent, LessonReport> {
  const steps: StepReport[] = [];
  for (const { step } of plan.steps.filter(plan.listed)) steps.push(yield* finishStep(plan.lesson.file, { ...emptyReport(step), reason }));
  return yield* finish(plan, steps, duration, { reason, failed });
}

async function* finish({ lesson }: Plan, steps: StepReport[], duration: number, skip: Skip | null = null): AsyncGenerator<RunEvent, LessonReport> {
  const { file, title } = lesson;
  const report = { file, title, status: statusOf(steps), reason: skip?.reason ?? null, afterFailed: skip?.failed ?? false, duration, steps };
  yield { type: 'lesson-finished', file: lesson.file, report };
  return report;
}

/** The worst of its steps': errored before failed; skipped only where nothing was judged. */
export function statusOf(steps: StepReport[]): Status {
  const has = (status: Status) => steps.some((step) => step.status === status);
  if (has('errored')) return 'errored';
  if (has('failed')) return 'failed';
  return has('passed') ? 'passed' : 'skipped';
}
