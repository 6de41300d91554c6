/** (a site, the steps of a lesson) → one report a step: the learner's session in one lesson, with `runStep` as its only primitive. */

import { composeDeltas, emptyDelta } from './document/delta.ts';
import { applyPatch, EMPTY_EXPECTED } from './document/expected.ts';
import { judgeStep, placeOfStep } from './judge/judge.ts';
import { Names } from './names.ts';
import type { Delta, Execution, ExpectedState, Kernel, LinkedStep, Mismatch, Site, Step, StepReport, Stop } from './types.ts';

/** A step, and what a kernel takes of it. */
export interface SessionStep {
  step: Step;
  linked: LinkedStep;
}

export interface RunStepOptions {
  /** After the last step of a lesson, what it left running is given the time to end, and is its own. */
  last: boolean;
  onOutput?: (text: string) => void;
}

/** How often a state that must be reached `within` a time is looked at, in milliseconds. */
const LOOK_EVERY = 20;

export class Session {
  readonly #site: Site;
  #kernel: Kernel | null;
  #ended = false;
  /** What the page says the server holds after the steps so far. */
  #expected: ExpectedState;
  /** All that was found wrong with the state so far, so that each mismatch is reported once. */
  #known: Mismatch[] = [];
  readonly #names = new Names();
  #lost: string | null = null;

  /** `expected` is what the page of an `after` lesson says at its end; the site's observer must have read that state already. */
  constructor(site: Site, expected: ExpectedState = EMPTY_EXPECTED) {
    this.#site = site;
    this.#kernel = site.startKernel();
    this.#expected = expected;
  }

  get expected(): ExpectedState {
    return this.#expected;
  }

  /** Why no further step can be run; null while they can. */
  get lost(): string | null {
    return this.#lost;
  }

  /** Runs one step, reads the server and judges. Never rejects for what the step or the server does: that is in the report. */
  async runStep({ step, linked }: SessionStep, options: RunStepOptions): Promise<StepReport> {
    const before = this.#expected;
    const patch = step.expectation.state?.patch;
    this.#expected = patch === undefined ? before : applyPatch(step.expectation.state?.kind === 'state' ? EMPTY_EXPECTED : before, patch);

    if (this.#ended) return this.#skip(step, linked, 'is not run, because the run was ended');
    if (this.#lost !== null) return this.#skip(step, linked, `is not run, because the server was lost: ${this.#lost}`);
    const missing = this.#names.missing(linked);
    if (missing !== null) return this.#skip(step, linked, missing);

    const started = performance.now();
    this.#kernel ??= this.#site.startKernel();
    const execution = await this.#kernel.run(linked, options.onOutput);
    const observed = await this.#observe(step, execution, before, started);
    await this.#collect(execution, options);
    const stop = this.#lost === null ? execution.stopped : serverStop(this.#lost);
    this.#settleNames(step, linked, execution, stop);

    const verdict = this.#judge(step, execution, before, observed);
    this.#known.push(...verdict.state);
    const mismatches = stop === null ? verdict.mismatches : [];
    return {
      ...emptyReport(step),
      status: stop !== null ? 'errored' : mismatches.length > 0 ? 'failed' : 'passed',
      duration: execution.duration,
      output: execution.output,
      mismatches,
      error: describeError(step, execution, stop),
      delta: observed,
    };
  }

  /** Ends the kernel, also under a step that runs: that step is then errored. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#kernel?.end();
  }

  #judge(step: Step, execution: Execution, before: ExpectedState, delta: Delta) {
    return judgeStep({ step, execution, before, after: this.#expected, delta, state: this.#site.observer.state, known: this.#known });
  }

  /** What the step changed. With `within`, looks again until the state is as the page says or the time is up. */
  async #observe(step: Step, execution: Execution, before: ExpectedState, started: number): Promise<Delta> {
    let delta = emptyDelta();
    const within = execution.stopped === null && execution.thrown === null ? (step.expectation.state?.within ?? 0) : 0;
    const until = started + execution.duration + within;
    try {
      for (;;) {
        delta = composeDeltas(delta, await this.#site.observer.read());
        if (performance.now() >= until || this.#judge(step, execution, before, delta).state.length === 0) return delta;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
      }
    } catch (error) {
      this.#lost = this.#site.lost() ?? (error instanceof Error ? error.message : String(error));
      return delta;
    }
  }

  /** Adds to the execution what was printed, or went wrong, while the server was read. */
  async #collect(execution: Execution, { last, onOutput }: RunStepOptions): Promise<void> {
    if (!execution.kernelLost && this.#kernel !== null) {
      const late = await this.#kernel.collect({ drain: last });
      execution.output += late.output;
      if (late.output !== '') onOutput?.(late.output);
      execution.stopped ??= late.stopped;
      execution.kernelLost = late.kernelLost;
    }
    if (!execution.kernelLost) return;
    await this.#kernel?.end();
    this.#kernel = null;
  }

  #settleNames(step: Step, linked: LinkedStep, { kernelLost, thrown }: Execution, stop: Stop | null): void {
    if (kernelLost) this.#names.loseAll(step.line);
    if (stop !== null) this.#names.lose(linked, step.line, stop.reason === 'syntax' || stop.reason === 'link' ? 'could not run' : 'was stopped');
    else if (thrown !== null) this.#names.lose(linked, step.line, 'threw');
    else this.#names.keep(linked, step.line);
  }

  #skip(step: Step, linked: LinkedStep, reason: string): StepReport {
    this.#names.lose(linked, step.line, 'was skipped');
    return { ...emptyReport(step), status: 'skipped', reason };
  }
}

/** A report of a step that has not run. */
export function emptyReport({ line, title }: Step): StepReport {
  return { line, title, status: 'skipped', reason: null, duration: 0, output: '', mismatches: [], error: null, delta: emptyDelta(), twins: 0 };
}

function serverStop(message: string): Stop {
  return { reason: 'server', message: `the server was lost during this step: ${message}`, error: null, place: null };
}

/** What an error without a name of its own is called in a report. */
const STOP_NAMES: Record<Stop['reason'], string> = {
  timeout: 'TimeLimit',
  exit: 'Exit',
  memory: 'MemoryLimit',
  output: 'OutputLimit',
  syntax: 'SyntaxError',
  link: 'LinkError',
  rejection: 'UnhandledRejection',
  exception: 'UncaughtException',
  kernel: 'KernelLost',
  server: 'ServerLost',
};

function describeError(step: Step, { thrown }: Execution, stop: Stop | null): StepReport['error'] {
  if (stop !== null) return { name: stop.error?.name || STOP_NAMES[stop.reason], message: stop.message, ...(stop.place ?? placeOfStep(step)) };
  return thrown && { name: thrown.name, message: thrown.message, ...(thrown.place ?? placeOfStep(step)) };
}
