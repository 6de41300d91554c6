/** (a lesson, what a run of it recorded) → each of its expectations made otherwise, and whether the judge notices. Nothing is run again. */
import { applyDelta } from '../document/delta.ts';
import { applyPatch, EMPTY_EXPECTED } from '../document/expected.ts';
import { judgeConsole } from '../judge/console.ts';
import { judgeStep, type StepCase } from '../judge/judge.ts';
import { copyState } from '../recording.ts';
import type { Expectation, ExpectedState, Lesson, LessonRecording, StateExpectation, Step, StepRecording } from '../types.ts';
import type { Mutation } from './mutant.ts';
import { mutateState } from './mutate-state.ts';
import { mutateConsole, mutateError, mutateOutput } from './mutate-text.ts';

export interface JudgedMutant extends Mutation {
  /** Of the step. */
  index: number;
  caught: boolean;
}

/** For the steps that ran. The run must have passed. */
export function judgeMutants({ steps }: Lesson, recording: LessonRecording): JudgedMutant[] {
  const recorded = new Map(recording.steps.map((one) => [one.index, one]));
  const state = copyState(recording.state);
  let before = recording.expected;
  return steps.flatMap((step) => {
    const was = before;
    before = after(was, step.expectation.state);
    const one = recorded.get(step.index);
    if (one === undefined) return [];
    applyDelta(state, one.delta);
    const { execution, delta } = one;
    const given: StepCase = { step, execution, before: was, after: before, delta, state, known: [] };
    return [...judgeStepMutants(given), ...judgeConsoleMutants(given, one)];
  });
}

function judgeStepMutants(given: StepCase): JudgedMutant[] {
  const { step, before } = given;
  const { output, error, state } = step.expectation;
  const judge = (mutation: Mutation, changed: Partial<Expectation>): JudgedMutant => {
    const expectation = { ...step.expectation, ...changed };
    const { mismatches } = judgeStep({ ...given, step: { ...step, expectation }, after: after(before, expectation.state) });
    return outcome(step, mutation, mismatches.length > 0);
  };
  return [
    ...(output === null ? [] : mutateOutput(output).map((one) => judge(one, { output: one.changed }))),
    ...(error === null ? [] : mutateError(error).map((one) => judge(one, { error: one.changed }))),
    ...(state === null ? [] : mutateState(state).map((one) => judge(one, { state: one.changed }))),
  ];
}

/** In the order in which the fences ran, since what one captures must be the same in the next: those that look come last. */
function judgeConsoleMutants(given: StepCase, { consoles }: StepRecording): JudgedMutant[] {
  const { captures } = judgeStep(given);
  const fences = given.step.expectation.consoles.map((fence, index) => ({ fence, executions: consoles[index] ?? null }));
  const inOrder = [...fences.filter(({ fence }) => !fence.look), ...fences.filter(({ fence }) => fence.look)];
  return inOrder.flatMap(({ fence, executions }) => {
    if (executions === null) return [];
    const found = mutateConsole(fence).map((one) => outcome(given.step, one, judgeConsole(one.changed, executions, new Map(captures)) !== null));
    judgeConsole(fence, executions, captures);
    return found;
  });
}

function outcome({ index }: Step, { place, mutation }: Mutation, caught: boolean): JudgedMutant {
  return { index, place, mutation, caught };
}

function after(before: ExpectedState, said: StateExpectation | null): ExpectedState {
  return said === null ? before : applyPatch(said.kind === 'state' ? EMPTY_EXPECTED : before, said.patch);
}
