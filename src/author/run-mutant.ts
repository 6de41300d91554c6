/** (a lesson, a step's code otherwise) → what running it from there on comes to: the first check that notices ends it. */
import { formatDuration } from '../document/duration.ts';
import { placeAt } from '../kernel/place.ts';
import { newRecording } from '../recording.ts';
import { type Plan, runLesson } from '../run.ts';
import type { SessionStep } from '../session.ts';
import type { LessonRecording, LinkedStep, Site, Step, StepReport } from '../types.ts';
import type { Mutation } from './mutant.ts';
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

/** A lesson, and what each step took in the page's own run, in milliseconds, by its index. */
export interface Timed {
  plan: Plan;
  durations: Map<number, number>;
}

/** With the step's code otherwise. */
export function mutantPlan(timed: Timed, { step, linked }: SessionStep & { linked: LinkedStep }, { text }: CodeMutant): Plan {
  const timeout = timeLimit(step.timeout, timed.durations.get(step.index) ?? 0);
  return { ...planFrom(timed, step), replaced: new Map([[step.index, { ...linked, fence: { ...linked.fence, text }, timeout }]]) };
}

/** Where the state may be reached `within` a time: it must hold at once. Null where it must anyhow. */
export function hastyPlan(timed: Timed, { step }: SessionStep): { plan: Plan; mutation: Mutation } | null {
  const { state } = step.expectation;
  if (state?.within == null) return null;
  const plan = planFrom(timed, step);
  const hasty = { ...step, expectation: { ...step.expectation, state: { ...state, within: null } } };
  const { line, column } = state.fence;
  const mutation = `the state is to hold at once, not within ${formatDuration(state.within)}`;
  return {
    plan: { ...plan, steps: plan.steps.map((one) => (one.step.index === step.index ? { ...one, step: hasty } : one)) },
    mutation: { place: { line, column }, mutation },
  };
}

/** Judged from the step on, to the first check that notices. */
function planFrom({ plan, durations }: Timed, { index }: Step): Plan {
  const steps = plan.steps.map((one) => (one.step.index < index ? one : hurried(one, durations.get(one.step.index) ?? 0)));
  return { ...plan, steps, listed: (one) => one.step.index >= index, bail: true };
}

/** Runs it on a site for its lesson. */
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
