/** A lesson's plan → a report for each test that waits for one: the lesson runs as in any other run, and its tests follow it. */
import { ProblemError } from '../errors.ts';
import type { RunFolder } from '../server/run-folder.ts';
import type { LessonReport, Problem, RunEvent, StepReport } from '../types.ts';
import type { LessonPlan } from '../workbook/plan.ts';
import type { TwinMode } from '../workbook/programs.ts';
import { runWorkbook } from '../workbook/run.ts';
import { openServerChoice } from './server.ts';

/** Folders of lessons that run in this process, for an end that does not wait; a worker that is killed has the reaper. */
const folders = new Set<RunFolder>();
let watched = false;

/** What a step takes beside its own time, in milliseconds: never vitest's limit ends it, but the one that the page gives. */
const MARGIN = 60_000;

export interface LessonRunOptions {
  twin: TwinMode;
  /** As `--server` takes it. */
  server: string;
}

export class LessonRun {
  /** For a test that waits for a step, in milliseconds: those before it may have to run first, and an exercise's starter after it. */
  readonly limit: number;
  /** Of the environment; then no step has run. */
  problems: Problem[] = [];
  readonly #lesson: LessonPlan;
  readonly #options: LessonRunOptions;
  readonly #interruption = new AbortController();
  readonly #reports = new Map<number, StepReport>();
  /** Reports that came when their test had one already: what the step left running has failed. */
  readonly #late: StepReport[] = [];
  #asked: ReadonlySet<number> = new Set();
  #wake: (() => void)[] = [];
  #began = false;
  #ended = false;
  #report: LessonReport | null = null;
  #defect: unknown = null;
  #notes: string[] = [];
  #running: Promise<void> = Promise.resolve();

  constructor(lesson: LessonPlan, options: LessonRunOptions) {
    this.#lesson = lesson;
    this.#options = options;
    const times = lesson.plan.steps.map(({ step }) => 2 * step.timeout * (1 + step.expectation.consoles.length) + (step.expectation.state?.within ?? 0));
    this.limit = times.reduce((sum, time) => sum + time, MARGIN);
  }

  /** Starts the lesson; the steps at the lines `asked` are judged. Answers when the first of them begins, or when none will. */
  async start(asked: ReadonlySet<number>): Promise<void> {
    this.#asked = asked;
    const { plan } = this.#lesson;
    const lesson = { ...this.#lesson, plan: { ...plan, listed: (one: (typeof plan.steps)[number]) => plan.listed(one) && asked.has(one.step.line) } };
    this.#running = this.#run(lesson);
    await this.#until(() => this.#began);
  }

  /** Waits for a step's report. Null where `problems` says why there is none; rejects where it does not. */
  async reportOf(line: number): Promise<StepReport | null> {
    await this.#until(() => this.#reports.has(line));
    const report = this.#reports.get(line);
    if (report !== undefined) return report;
    if (this.problems.length > 0) return null;
    throw this.#defect ?? new Error('the lesson ended before this step');
  }

  /** Ends the lesson where it is. */
  abort(): void {
    this.#interruption.abort(new Error('the tests were interrupted'));
  }

  /** Waits for the end of the lesson, or brings it about where not all of its tests have run; nothing of it stays. */
  async end(): Promise<{ late: StepReport[]; report: LessonReport | null; notes: string[] }> {
    if ([...this.#asked].some((line) => !this.#reports.has(line))) this.abort();
    await this.#running;
    if (this.#defect !== null && !this.#interruption.signal.aborted) throw this.#defect;
    return { late: this.#late, report: this.#report, notes: this.#notes };
  }

  async #run(lesson: LessonPlan): Promise<void> {
    let folder: RunFolder | null = null;
    try {
      const { twin, server } = this.#options;
      const result = await runWorkbook({
        ...(await openServerChoice(server, process.env)),
        plans: [lesson],
        jobs: 1,
        bail: false,
        keep: false,
        twin,
        signal: this.#interruption.signal,
        onFolder: (opened) => {
          folder = opened;
          watch(opened);
        },
        onProgress: (text) => console.warn(text),
        onEvent: (event) => this.#take(event),
      });
      this.problems = result.problems;
      this.#report = result.lessons[0] ?? null;
      this.#notes = result.notes;
    } catch (error) {
      if (error instanceof ProblemError) this.problems = [error.problem];
      else this.#defect = error;
    } finally {
      if (folder !== null) folders.delete(folder);
      this.#ended = true;
      this.#awake();
    }
  }

  #take(event: RunEvent): void {
    if (event.type === 'step-started') this.#began = true;
    else if (event.type === 'step-finished') {
      const { step } = event;
      if (this.#reports.has(step.line)) this.#late.push(step);
      else this.#reports.set(step.line, step);
    } else return;
    this.#awake();
  }

  async #until(there: () => boolean): Promise<void> {
    while (!there() && !this.#ended) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  #awake(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

function watch(folder: RunFolder): void {
  folders.add(folder);
  if (watched) return;
  watched = true;
  process.on('exit', () => {
    for (const open of folders) open.closeNow();
  });
}
