/** (a lesson, a step's code otherwise) → what running it from there on comes to: the first check that notices ends it. */
import { placeAt } from '../kernel/place.ts';
import { newRecording } from '../recording.ts';
import { type Plan, runLesson } from '../run.ts';
import type { SessionStep } from '../session.ts';
import type { LessonRecording, LinkedStep, Site, StepReport } from '../types.ts';
import type { CodeMutant } from './mutate-code.ts';

/** Milliseconds that a step has at least, when something on the page is otherwise: more than any is slowed down by others that run beside it. */
const LEAST_TIME = 3000;
/** And so many times what it took as it is. */
const TIMES = 5;

export interface MutantRun {
  caught: boolean;
  /** Why the step did not even run, with what stands before it: then nothing is known. */
  reason: string | null;
  recording: LessonRecording;
}

/** `durations`: what each step took in the page's own run, in milliseconds, by its index. */
export function mutantPlan(plan: Plan, { step, linked }: SessionStep & { linked: LinkedStep }, { text }: CodeMutant, durations: Map<number, number>): Plan {
  const mutant = { ...linked, fence: { ...linked.fence, text } };
  const steps = plan.steps.map((one) => (one.step.index < step.index ? one : hurried(one, durations.get(one.step.index) ?? 0)));
  const timeout = timeLimit(step.timeout, durations.get(step.index) ?? 0);
  return { ...plan, steps, replaced: new Map([[step.index, { ...mutant, timeout }]]), listed: (one) => one.step.index >= step.index, bail: true };
}

/** Runs it on a site whose account holds nothing. */
export async function runMutant(plan: Plan, site: Site, signal: AbortSignal): Promise<MutantRun> {
  const recording = newRecording();
  const running = runLesson(plan, site, { signal, recording });
  for (;;) {
    const next = await running.next();
    if (!next.done) continue;
    const { status, reason, steps } = next.value;
    const caught = status === 'failed' || status === 'errored';
    return { caught, reason: caught ? null : (reason ?? skippedReason(steps[0])), recording };
  }
}

/** Where a mutant stands in the page. */
export function placeOfMutant({ linked }: { linked: LinkedStep }, { offset }: CodeMutant) {
  return placeAt(linked.fence, offset);
}

function skippedReason(step: StepReport | undefined): string | null {
  return step?.status === 'skipped' ? step.reason : null;
}

/** A step that would be waited for too long has been noticed. */
function hurried(one: SessionStep, duration: number): SessionStep {
  const { step, linked } = one;
  const timeout = timeLimit(step.timeout, duration);
  const { state } = step.expectation;
  const within = state?.within == null ? null : timeLimit(state.within, duration);
  const expectation = state === null ? step.expectation : { ...step.expectation, state: { ...state, within } };
  return { ...one, step: { ...step, timeout, expectation }, linked: linked && { ...linked, timeout } };
}

function timeLimit(given: number, duration: number): number {
  return Math.min(given, Math.max(LEAST_TIME, TIMES * duration));
}
