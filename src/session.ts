/** (a site, the steps of a lesson) → one report a step: the learner's session in one lesson, with `runStep` as its only primitive. */

import { applyPatch, EMPTY_EXPECTED } from './document/expected.ts';
import { befall, recover } from './faults.ts';
import { judgeStep, type Verdict } from './judge/judge.ts';
import { lookUntilReached, lookUntilStill } from './look.ts';
import { Names } from './names.ts';
import { describeError, emptyReport, missingModule, serverStop, twinStop } from './step-report.ts';
import { prepareTwin, runTwin, type TwinVerdict } from './twin.ts';
import type {
  CommandExecution,
  ConsoleExpectation,
  Delta,
  Execution,
  ExpectedState,
  Fault,
  Kernel,
  LateFault,
  LinkedStep,
  Mismatch,
  Site,
  StateExpectation,
  Step,
  StepRecording,
  StepReport,
  Stop,
  TwinSite,
} from './types.ts';

/** A step, and what a kernel takes of it: nothing of a `console` fence that is a step by itself. */
export interface SessionStep {
  step: Step;
  linked: LinkedStep | null;
  /** The starter code of an exercise. */
  starter: LinkedStep | null;
}

export interface RunStepOptions {
  /** Whether its `console` fences are run. */
  twin: boolean;
  /** After the last step of a lesson, what it left running is given the time to end, and is its own. */
  last: boolean;
  /** A learner's work, by whatever client: without `linked`, what it did to the server is there already. Left out: the page's own code. */
  learner?: boolean;
  onOutput?: (text: string) => void;
  /** Takes down what the step came to. Its `console` fences are then all run, whatever differs. */
  record?: (recording: StepRecording) => void;
  /** Where the page says nothing of the state after the step, what comes by itself is waited for. */
  untilStill?: boolean;
}

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
  #late: LateFault[] = [];
  /** The line of a step whose fault could not befall this server: what would be there after it is not known. */
  #spared: number | null = null;

  /** `expected` is what the page of an `after` lesson says at its end; the site's observer must have read that state already. */
  constructor(site: Site, expected: ExpectedState = EMPTY_EXPECTED) {
    this.#site = site;
    this.#kernel = site.startKernel();
    this.#expected = expected;
  }

  get expected(): ExpectedState {
    return this.#expected;
  }

  /** Runs one step, reads the server and judges. Never rejects for what the step or the server does: that is in the report. */
  async runStep({ step, linked }: SessionStep, options: RunStepOptions): Promise<StepReport> {
    const before = this.#expected;
    this.#expected = stateAfter(before, step.expectation.state);
    const twin = options.twin && step.expectation.consoles.length > 0 ? this.#site.twin : NO_TWIN;
    const reason = this.#reasonToSkip({ step, linked }, options.learner ? null : twin);
    if (reason !== null) return this.#skip(step, linked, reason);

    const started = performance.now();
    const prepared = typeof twin === 'string' ? null : await this.#guardTwin(twin, () => prepareTwin(twin, step));
    const execution = linked === null ? nothingRun() : await this.#runUnderFault(linked, step.fault, options);
    const { delta, moved } = await this.#observe(step, execution, before, options);
    await this.#collect(execution, options);
    this.#late.push(...execution.late);
    if (step.expectation.error === null) execution.stopped ??= missingModule(execution);
    if (linked !== null) this.#settleNames(step, linked, execution);

    const verdict = this.#judge(step, execution, before, delta, options);
    this.#known.push(...verdict.state);
    let stop = this.#stopOf(execution) ?? prepared?.stop ?? null;
    let seen: TwinVerdict | { stop: Stop } | null = null;
    // A step that threw has said what is wrong; its commands would say it again.
    if (typeof twin !== 'string' && stop === null && (cameToItsEnd(step, execution) || options.record !== undefined)) {
      const all = options.record !== undefined;
      const given = { step, before, after: this.#expected, captures: verdict.captures, known: this.#known, own: verdict.state, all };
      seen = await this.#guardTwin(twin, () => runTwin(twin, given));
      stop = seen.stop;
    }
    const { mismatches: seenByTwin, ran } = seen !== null && 'ran' in seen ? seen : NOTHING_SEEN;
    const executions = seen !== null && 'ran' in seen ? seen.executions : new Map<ConsoleExpectation, CommandExecution[]>();
    options.record?.({ index: step.index, execution, delta, moved, consoles: step.expectation.consoles.map((fence) => executions.get(fence) ?? null) });
    const mismatches = stop === null ? [...verdict.mismatches, ...seenByTwin] : [];
    return {
      ...emptyReport(step),
      status: stop !== null ? 'errored' : mismatches.length > 0 ? 'failed' : 'passed',
      duration: performance.now() - started,
      output: execution.output,
      mismatches,
      error: describeError(step, execution, stop),
      delta,
      twins: ran,
    };
  }

  /** Errors that came since the last call, of what steps that have been reported left running. */
  takeLate(): LateFault[] {
    const late = this.#late;
    this.#late = [];
    return late;
  }

  /** Ends the kernel, also under a step that runs: that step is then errored. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#kernel?.end();
  }

  /** Without code, only the twin's commands are left to run; a learner did the step already. */
  #reasonToSkip({ step, linked }: Pick<SessionStep, 'step' | 'linked'>, twin: TwinSite | string | null): string | null {
    if (this.#ended) return 'is not run, because the run was ended';
    if (this.#lost !== null) return `is not run, because the server is gone: ${this.#lost}`;
    if (this.#spared !== null) return `comes after the step at line ${this.#spared}, whose fault was not to be had`;
    if (step.fault !== null && this.#site.mortal === null) {
      this.#spared = step.line;
      return 'needs a private local server, which its fault can kill';
    }
    if (linked !== null) return this.#names.missing(linked);
    return typeof twin === 'string' ? `is not run, because ${twin}` : null;
  }

  /** A server that does not come up again is lost, as one that nobody killed. */
  async #runUnderFault(linked: LinkedStep, fault: Fault | null, options: RunStepOptions): Promise<Execution> {
    const { mortal } = this.#site;
    if (mortal === null || fault === null) return this.#runCode(linked, options);
    await this.#guard(() => befall(mortal, fault));
    if (this.#lost !== null) return nothingRun();
    const execution = await this.#runCode(linked, options);
    await this.#guard(() => recover(mortal, fault));
    return execution;
  }

  #runCode(linked: LinkedStep, { onOutput }: RunStepOptions): Promise<Execution> {
    this.#kernel ??= this.#site.startKernel();
    return this.#kernel.run(linked, onOutput);
  }

  #judge(step: Step, execution: Execution, before: ExpectedState, delta: Delta, { learner = false }: RunStepOptions): Verdict {
    return judgeStep({ step, execution, before, after: this.#expected, delta, state: this.#site.observer.state, known: this.#known, learner });
  }

  /** What rejects here is a server that does not answer: that is said, and nothing further is run on it. */
  async #guard<Result>(work: () => Promise<Result>): Promise<Result | null> {
    try {
      return this.#lost === null ? await work() : null;
    } catch (error) {
      this.#lost = (await this.#site.lost()) ?? messageOf(error);
      return null;
    }
  }

  /** The same with the twin; where its server is there all the same, the step is all that is lost. */
  async #guardTwin<Result>(twin: TwinSite, work: () => Promise<Result>): Promise<Result | { stop: Stop }> {
    try {
      return await work();
    } catch (error) {
      this.#lost = (await this.#site.lost()) ?? (await twin.lost());
      return { stop: this.#lost === null ? twinStop(messageOf(error)) : serverStop(this.#lost) };
    }
  }

  #stopOf({ stopped }: Execution): Stop | null {
    return this.#lost === null ? stopped : serverStop(this.#lost);
  }

  /** What the step changed. `moved`: something came by itself, after that. */
  async #observe(step: Step, execution: Execution, before: ExpectedState, options: RunStepOptions): Promise<{ delta: Delta; moved: boolean }> {
    const { observer } = this.#site;
    const { state } = step.expectation;
    const read = () => this.#guard(() => observer.read());
    const within = cameToItsEnd(step, execution) ? (state?.within ?? 0) : 0;
    const delta = await lookUntilReached(read, within, (seen) => this.#judge(step, execution, before, seen, options).state.length === 0);
    const isDue = options.untilStill && state === null && execution.stopped === null && this.#lost === null;
    return isDue ? lookUntilStill(read, observer, delta) : { delta, moved: false };
  }

  /** Adds to the execution what was printed, or went wrong, while the server was read. */
  async #collect(execution: Execution, { last, onOutput }: RunStepOptions): Promise<void> {
    if (!execution.kernelLost && this.#kernel !== null) {
      const late = await this.#kernel.collect({ drain: last });
      execution.output += late.output;
      if (late.output !== '') onOutput?.(late.output);
      execution.stopped ??= late.stopped;
      execution.late.push(...late.late);
      execution.kernelLost = late.kernelLost;
    }
    if (!execution.kernelLost) return;
    await this.#kernel?.end();
    this.#kernel = null;
  }

  #settleNames(step: Step, linked: LinkedStep, execution: Execution): void {
    const stop = this.#stopOf(execution);
    if (execution.kernelLost) this.#names.loseAll(step.line);
    if (stop !== null) this.#names.lose(linked, step.line, stop.reason === 'syntax' || stop.reason === 'link' ? 'could not run' : 'was stopped');
    else if (execution.thrown !== null) this.#names.lose(linked, step.line, 'threw');
    else this.#names.keep(linked, step.line);
  }

  #skip(step: Step, linked: LinkedStep | null, reason: string): StepReport {
    if (linked !== null) this.#names.lose(linked, step.line, 'was skipped');
    return { ...emptyReport(step), status: 'skipped', reason };
  }
}

/** The end that the page says it has: also by an error that is declared. */
function cameToItsEnd({ expectation }: Step, { stopped, thrown }: Execution): boolean {
  return stopped === null && (thrown === null || expectation.error !== null);
}

const NOTHING_SEEN = { mismatches: [], ran: 0 };

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Of a step whose commands are not to be run. */
const NO_TWIN = 'its commands are not run here';

/** What the page says after a step of which it said `before` before. */
function stateAfter(before: ExpectedState, expectation: StateExpectation | null): ExpectedState {
  if (expectation === null) return before;
  return applyPatch(expectation.kind === 'state' ? EMPTY_EXPECTED : before, expectation.patch);
}

function nothingRun(): Execution {
  return { output: '', thrown: null, stopped: null, kernelLost: false, late: [], duration: 0 };
}
