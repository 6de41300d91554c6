/** (expectation, execution, delta) → mismatches, each with its place in the page. Pure: the same answer for the same data, in Node and in a browser. */
import type { Captures } from '../document/matchers.ts';
import type { Delta, Execution, Expectation, ExpectedState, Mismatch, Place, State, Step } from '../types.ts';
import { sameJson } from './entry.ts';
import { judgeState, type StateMismatch } from './state.ts';
import { judgeError, judgeOutput } from './text.ts';

/** A step that ran to its end, and what it came to. */
export interface StepCase {
  step: Step;
  execution: Execution;
  /** What the page says that the server holds, before and after the step. */
  before: ExpectedState;
  after: ExpectedState;
  /** What the step changed. */
  delta: Delta;
  /** What the server holds now. */
  state: State;
  /** All that was found wrong with the state at earlier steps of the lesson. */
  known: Mismatch[];
  /** A learner's work: where the page expects no output, it is judged by the state alone, whatever client made it. */
  learner?: boolean;
}

export interface Verdict {
  /** To be reported: empty for a step that passes. */
  mismatches: Mismatch[];
  /** What is wrong with the state, reported or not: what later steps need not report again. */
  state: Mismatch[];
  /** What the matchers of the step's fences caught, for those that are judged after. */
  captures: Captures;
}

/** Judges a step. Never throws; a failed check is data. */
export function judgeStep(given: StepCase): Verdict {
  const { step, execution } = given;
  const stepPlace = placeOfStep(step);
  // A name captured in one fence must be the same in the later ones of the step: output, error, state.
  const captures: Captures = new Map();
  const stateAlone = given.learner === true && step.expectation.output === null;
  const output = stateAlone ? null : judgeOutput(step.expectation.output, execution.output, stepPlace, captures);
  const error = stateAlone ? null : judgeError(step.expectation.error, execution.thrown, stepPlace, captures);
  const state = judgeState({
    ...given,
    expectation: step.expectation.state,
    captures,
    isKnown: (mismatch) => given.known.some((one) => isSame(one, mismatch)),
  }).map((mismatch): Mismatch => ({ ...mismatch, place: step.expectation.state?.places.get(mismatch.path) ?? stepPlace, by: 'step' }));
  if (error !== null && step.expectation.error === null) return { mismatches: [error, ...state.filter(isExtra)], state, captures };
  return { mismatches: [output, error, ...state].filter((one) => one !== null), state, captures };
}

/** What a step did not come to, because it threw, follows from that; what it made beside is a thing of its own. */
function isExtra({ kind, expected }: Mismatch): boolean {
  return expected === null && (kind === 'bucket' || kind === 'key' || kind === 'stream');
}

/** What the console twin holds after a step's commands, or after `look`, which must leave it alone. */
export interface TwinCase extends Omit<StepCase, 'execution'> {
  /** Null: the twin must be as it was. */
  expectation: Expectation['state'];
  captures: Captures;
}

/** Judges the state of the twin; a difference stands at the step's last `console` fence. */
export function judgeTwin(given: TwinCase): Mismatch[] {
  const fence = given.step.expectation.consoles.at(-1)?.fence;
  const place = fence === undefined ? placeOfStep(given.step) : { line: fence.line, column: fence.column };
  const found = judgeState({ ...given, isKnown: (mismatch) => given.known.some((one) => isSame(one, mismatch)) });
  return found.map((mismatch) => ({ ...mismatch, place, by: 'twin' }));
}

/** Where a step begins: its opening fence, of the exercise where it has a solution. */
export function placeOfStep({ line, code, starter, expectation }: Step): Place {
  return { line, column: (starter ?? code)?.fence.column ?? expectation.consoles[0]?.fence.column ?? 1 };
}

function isSame(one: Mismatch, other: StateMismatch): boolean {
  return one.kind === other.kind && one.path === other.path && sameJson([one.expected, one.actual], [other.expected, other.actual]);
}
