/** The fences of a page, in order → its steps, each with its expectations, and what is wrong with their order. */
import { pageProblem } from '../errors.ts';
import type { Code, Expectation, Fence, Hint, Place, Problem } from '../types.ts';
import { readConsole, readState, readText } from './expectations.ts';
import type { OurFence } from './fences.ts';

/** A step while its fences are gathered. */
export interface Draft {
  exercise: OurFence | null;
  /** Null: a console step, or an exercise still without its solution. */
  code: OurFence | null;
  /** The fence that begins it. */
  first: OurFence;
  expectation: Expectation;
  /** Of an exercise. */
  hints: Hint[];
  /** The names that matchers of its fences have captured so far. */
  captured: Set<string>;
}

export class StepGatherer {
  readonly drafts: Draft[] = [];
  readonly problems: Problem[] = [];
  readonly #file: string;
  /** The `no-run` fence of code since the last step: nothing can be expected of it. */
  #shown: Fence | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes the next fence of ours. */
  add(ours: OurFence): void {
    const given = ours.words.given;
    if (given.has('no-run')) {
      if (ours.kind === 'code') this.#shown = ours.fence;
    } else if (ours.kind === 'code') this.#addCode(ours);
    else if (ours.kind === 'console') this.#addConsole(ours);
    else this.#addExpectation(ours);
  }

  /** Takes the next hints of the page: they are those of the exercise that they follow. */
  addHints(hints: Hint[]): void {
    const last = this.drafts.at(-1);
    if (last?.exercise) last.hints.push(...hints);
  }

  /** To be called once, after the last fence. `unjudged`: an exercise may be without what it is judged by. */
  end(unjudged: boolean): void {
    for (const { exercise, code, expectation } of this.drafts) {
      if (exercise === null) continue;
      if (code === null) this.#report(exercise.fence, 'this exercise has no solution', 'Put a fence with the word `solution` after it, before the next step.');
      if (!unjudged && expectation.state === null && expectation.output === null) {
        const advice = 'Put a `state`, `change` or `output` fence after it or after its solution: by that a learner is judged.';
        this.#report(exercise.fence, 'this exercise has nothing to be judged by', advice);
      }
    }
  }

  #addCode(ours: OurFence): void {
    const { given } = ours.words;
    this.#shown = null;
    const last = this.drafts.at(-1);
    if (given.has('exercise')) this.#begin(ours, ours, null);
    else if (!given.has('solution')) this.#begin(ours, null, ours);
    else if (last?.exercise && last.code === null) {
      last.code = ours;
      for (const name of ['title', 'timeout', 'fault']) {
        const place = last.exercise.words.given.has(name) ? given.get(name) : undefined;
        if (place) this.#report(place, `\`${name}\` is given twice, at the exercise and at its solution`, 'Leave one of them out.');
      }
    } else {
      const advice = last?.exercise
        ? `The exercise at line ${last.exercise.fence.line} has its solution at line ${last.code?.fence.line}.`
        : 'Put a fence with the word `exercise` before it, or leave the word out.';
      this.#report(given.get('solution') ?? ours.fence, 'this solution has no exercise before it', advice);
      this.#begin(ours, null, ours);
    }
  }

  #addConsole(ours: OurFence): void {
    const last = this.drafts.at(-1);
    const isStep = this.#follows(ours) && (last === undefined || isConsoleStep(last));
    const step = isStep ? this.#begin(ours, null, null) : last;
    const { expectation, problems } = readConsole(ours, step?.captured ?? new Set(), this.#file);
    this.problems.push(...problems);
    step?.expectation.consoles.push(expectation);
    if (isStep) return;
    for (const name of ['title', 'timeout']) {
      const place = ours.words.given.get(name);
      if (place)
        this.#report(place, `\`${name}=\` on a \`console\` fence that is no step by itself`, 'It belongs to the fence of the step that this one follows.');
    }
  }

  #addExpectation(ours: OurFence): void {
    const { kind, fence } = ours;
    const step = this.drafts.at(-1);
    const captured = step?.captured ?? new Set();
    const state = kind === 'state' || kind === 'change' ? readState(kind, ours, captured, this.#file) : null;
    const text = state === null ? readText(fence, captured, this.#file) : null;
    this.problems.push(...(state?.problems ?? text?.problems ?? []));
    if (!this.#follows(ours)) return;
    if (step === undefined) {
      this.#report(fence, `there is no step before this \`${kind}\` fence`, 'Put it after the fence of the step that it speaks of.');
      return;
    }
    if (isConsoleStep(step) && kind !== 'state') {
      const advice = kind === 'change' ? 'Such a step must leave the state as it is.' : 'What it prints and its exit code stand in the `console` fence itself.';
      this.#report(fence, `a \`console\` fence that is a step by itself has no \`${kind}\` fence`, advice);
      return;
    }
    const slot = kind === 'output' || kind === 'error' ? kind : 'state';
    const earlier = step.expectation[slot];
    if (earlier !== null) {
      const was = 'kind' in earlier ? earlier.kind : slot;
      const advice = slot === 'state' ? 'A step has one `state` or one `change`, not both.' : `Put all of it into one \`${kind}\` fence.`;
      this.#report(fence, `the step at line ${step.first.fence.line} already has \`${was}\`, at line ${earlier.fence.line}`, advice);
    } else if (state !== null) step.expectation.state = state.expectation;
    else if (text !== null && slot !== 'state') step.expectation[slot] = text.expectation;
  }

  /** Whether something may be expected here; else it is a problem. */
  #follows(ours: OurFence): boolean {
    if (this.#shown === null) return true;
    const message = `this \`${ours.kind}\` fence follows the \`no-run\` fence at line ${this.#shown.line}, which is not run`;
    this.#report(
      ours.fence,
      message,
      ours.kind === 'console' ? 'Mark it `no-run` too, or put it after its step.' : 'Put it after its step, before the `no-run` fence.',
    );
    return false;
  }

  #begin(first: OurFence, exercise: OurFence | null, code: OurFence | null): Draft {
    const draft: Draft = { first, exercise, code, expectation: { output: null, error: null, state: null, consoles: [] }, hints: [], captured: new Set() };
    this.drafts.push(draft);
    return draft;
  }

  #report(place: Place, message: string, advice: string): void {
    this.problems.push(pageProblem('fence', this.#file, place, message, advice));
  }
}

/** A step of commands alone: such fences stand before the first step of a lesson. */
function isConsoleStep(step: Draft): boolean {
  return step.exercise === null && step.code === null;
}

/** The code of a fence whose language is one of code. */
export function codeOf(ours: OurFence | null): Code | null {
  return ours === null ? null : { fence: ours.fence, language: ours.language ?? 'ts' };
}
