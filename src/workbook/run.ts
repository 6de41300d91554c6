/** Plans → events and reports: each lesson on a private server of its own, several side by side. */
import { satisfies } from 'semver';
import { ProblemError } from '../errors.ts';
import { newRecording } from '../recording.ts';
import { type Plan, runLesson, skipWholeLesson } from '../run.ts';
import { openRunFolder, type RunFolder } from '../server/run-folder.ts';
import type { LessonRecording, LessonReport, Problem, RunEvent } from '../types.ts';
import type { Ahead } from './ahead.ts';
import { configOf } from './config.ts';
import { kernelNeeds } from './kernel-needs.ts';
import type { LessonPlan } from './plan.ts';
import { countConsoles, describeTwins, findPrograms, type Programs, type TwinMode } from './programs.ts';
import { type LocalSite, openLocalSite } from './site.ts';
import { Sites } from './sites.ts';
import { Slots } from './slots.ts';
import { startStarters } from './starters.ts';

export interface WorkbookOptions {
  plans: LessonPlan[];
  /** How many lessons run side by side. */
  jobs: number;
  /** No further lesson is begun after one that failed. */
  bail: boolean;
  /** After a failure leave server and store. */
  keep: boolean;
  onEvent: (event: RunEvent) => void;
  /** Something slow, such as an installation, says how far it is. */
  onProgress: (text: string) => void;
  /** The folder of this run, as soon as there is one: for a clean-up that cannot wait. */
  onFolder: (folder: RunFolder) => void;
  signal: AbortSignal;
  twin: TwinMode;
  /** What was started before the plans were known. */
  ahead?: Ahead | undefined;
  /** Gets what each lesson that is run comes to. */
  recordings?: Map<LessonPlan, LessonRecording>;
}

export interface WorkbookResult {
  /** In the order of the plans. */
  lessons: LessonReport[];
  server: { version: string; source: string } | null;
  /** Of the environment, and of configurations that the server refused. */
  problems: Problem[];
  notes: string[];
}

/** Runs the plans. Rejects only with the signal's reason, and for defects of ours: an environment that does not serve is in `problems`. */
export async function runWorkbook(options: WorkbookOptions): Promise<WorkbookResult> {
  const result: WorkbookResult = { lessons: [], server: null, problems: [], notes: [] };
  if (options.plans.length === 0) return result;
  const folder = (await options.ahead?.takeFolder()) ?? (await openRunFolder());
  options.onFolder(folder);
  try {
    await new WorkbookRun(options, result, folder).run();
  } finally {
    await folder.close();
  }
  return result;
}

const NO_SERVER = 'is not run, because there is no nats-server';

/** What it takes to run a lesson. */
interface Work {
  /** Null: there is no nats-server. */
  programs: Programs | null;
  sites: Sites<LessonPlan, LocalSite>;
  /** To be called when a lesson begins to run. */
  prepareNext: () => void;
}

class WorkbookRun {
  readonly #options: WorkbookOptions;
  readonly #result: WorkbookResult;
  readonly #folder: RunFolder;
  /** Why no further lesson is begun; null while they are. */
  #ended: string | null = null;
  /** Starter code runs beside the lessons; so many at a time. */
  readonly #slots: Slots;

  constructor(options: WorkbookOptions, result: WorkbookResult, folder: RunFolder) {
    this.#options = options;
    this.#result = result;
    this.#folder = folder;
    this.#slots = new Slots(options.jobs);
  }

  async run(): Promise<void> {
    const { plans, jobs, twin, onProgress, signal } = this.#options;
    const programs = await findPrograms(plans, twin, { onProgress, signal }).catch((error: unknown) => this.#giveUp(error));
    if (programs !== null) {
      this.#result.server = { version: programs.server.version, source: 'local' };
      this.#result.notes.push(...describeTwins(plans, programs.nats));
    }
    const reports = new Map<LessonPlan, LessonReport | null>();
    const waiting = [...plans];
    const sites = new Sites((one: LessonPlan) => this.#open(one, programs, consolesOf(one, programs)));
    const prepareNext = () => {
      const next = waiting.find((one) => !sites.isPrepared(one) && this.#reasonToSkip(one, programs) === null);
      if (next !== undefined) sites.prepare(next);
    };
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        signal.throwIfAborted();
        reports.set(next, await this.#runOrSkip(next, { programs, sites, prepareNext }));
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
    } finally {
      await sites.end();
    }
    this.#result.lessons = plans.flatMap((plan) => reports.get(plan) ?? []);
  }

  /** Null: only its server could tell that the lesson is invalid. */
  async #runOrSkip(one: LessonPlan, { programs, sites, prepareNext }: Work): Promise<LessonReport | null> {
    const reason = this.#reasonToSkip(one, programs);
    if (reason !== null) return this.#skip(one, reason);
    const site = await this.#orProblem(sites.take(one));
    prepareNext();
    if (site === null) return this.#skip(one, this.#ended ?? NO_SERVER);
    if ('close' in site) return this.#run(one, site, { programs, sites });
    return site.file === one.plan.lesson.file ? null : this.#skip(one, AFTER_INVALID);
  }

  #reasonToSkip(one: LessonPlan, programs: Programs | null): string | null {
    return this.#ended ?? (programs === null ? NO_SERVER : reasonToSkip(one, programs.server.version));
  }

  /** Null where no server can be started: that is said, and no further lesson is begun. A problem where none takes the lesson's configuration. */
  #orProblem(site: Promise<LocalSite>): Promise<LocalSite | Problem | null> {
    return site.catch((error: unknown) => this.#invalid(error) ?? this.#giveUp(error));
  }

  async #open({ loaded }: LessonPlan, programs: Programs | null, twin: Programs['nats']): Promise<LocalSite> {
    if (programs === null) throw new Error(NO_SERVER);
    const { onProgress, ahead } = this.#options;
    const taken = ahead && { takeServer: (path: string) => ahead.takeServer(path), takeHost: (file: string) => ahead.takeHost(file) };
    const own = {
      binary: programs.server,
      twin,
      folder: this.#folder,
      config: configOf(loaded),
      lessonFile: loaded.path,
      needs: kernelNeeds(loaded),
      onProgress,
    };
    return openLocalSite({ ...own, ...taken });
  }

  async #run(one: LessonPlan, site: LocalSite, { programs, sites }: Pick<Work, 'programs' | 'sites'>): Promise<LessonReport> {
    const { keep, bail, signal, recordings } = this.#options;
    const { plan } = one;
    const recording = recordings && newRecording();
    if (recording) recordings.set(one, recording);
    const open = async () => {
      const own = await this.#orProblem(this.#open(one, programs, 'starter code is judged without them'));
      return own !== null && 'close' in own ? own : null;
    };
    const starters = startStarters(plan, { open, slots: this.#slots, signal });
    let failed = false;
    try {
      const report = await this.#forward(runLesson(plan, site, { signal, tryStarter: starters.tryStarter, ...(recording && { recording }) }));
      failed = report.status === 'failed' || report.status === 'errored';
      if (failed && bail) this.#ended = `is not run, because ${report.file} failed (--bail)`;
      return report;
    } finally {
      await starters.end();
      if (failed && keep) this.#result.notes.push(...site.keep(plan.lesson.file));
      sites.leave(site);
    }
  }

  #skip({ plan }: LessonPlan, reason: string): Promise<LessonReport> {
    return this.#forward(skipWholeLesson(plan, reason));
  }

  async #forward(events: AsyncGenerator<RunEvent, LessonReport>): Promise<LessonReport> {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      this.#options.onEvent(next.value);
    }
  }

  /** What is wrong with a lesson's `config`, said once; null for anything else. */
  #invalid(error: unknown): Problem | null {
    if (!(error instanceof ProblemError) || error.problem.code !== 'config') return null;
    this.#addProblem(error.problem);
    return error.problem;
  }

  #addProblem(problem: Problem): void {
    if (!this.#result.problems.some(({ file, message }) => file === problem.file && message === problem.message)) this.#result.problems.push(problem);
  }

  /** The environment does not serve: said once, and no further lesson is begun. */
  #giveUp(error: unknown): null {
    this.#options.signal.throwIfAborted();
    if (!(error instanceof ProblemError)) throw error;
    this.#ended = `is not run, because of this: ${error.problem.message}`;
    this.#addProblem(error.problem);
    return null;
  }
}

function consolesOf(one: LessonPlan, programs: Programs | null): Programs['nats'] {
  return countConsoles([one]) > 0 && programs !== null ? programs.nats : 'the lesson has no console fence';
}

const AFTER_INVALID = 'starts where an invalid lesson ends';

/** Why a lesson is not run on a private server of this version; the end of a sentence that begins with the lesson. Null: it is run. */
export function reasonToSkip({ plan, invalidAfter }: LessonPlan, version: string): string | null {
  if (invalidAfter) return AFTER_INVALID;
  for (let one: Plan | null = plan; one !== null; one = one.after) {
    const { file, settings } = one.lesson;
    const who = one === plan ? '' : `starts where ${file} ends, which `;
    // Pre-releases of a version count as that version: 2.12.0-RC.1 has what 2.12 has.
    if (settings.server !== null && !satisfies(version, settings.server, { includePrerelease: true }))
      return `${who}needs nats-server ${settings.server}, and this is ${version}`;
    if (settings.cluster !== null) return `${who}needs ${settings.cluster} servers, and here is one`;
  }
  return null;
}
