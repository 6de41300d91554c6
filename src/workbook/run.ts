/** Plans → events and reports: each lesson on a private server of its own, several side by side; or one after the other on a server of the reader's. */
import { ProblemError, problem } from '../errors.ts';
import { newRecording } from '../recording.ts';
import { runLesson, skipWholeLesson } from '../run.ts';
import { openRunFolder, type RunFolder } from '../server/run-folder.ts';
import type { LessonRecording, LessonReport, Problem, RunEvent } from '../types.ts';
import type { Ahead } from './ahead.ts';
import { Bases, sharedStarts } from './bases.ts';
import { serverNeeds } from './config.ts';
import { elsewhere, type Found, sourceOf, versionOf } from './found.ts';
import { kernelNeeds } from './kernel-needs.ts';
import { type OwnAccount, openOwnAccount } from './own-account.ts';
import { findOwnPrograms } from './own-programs.ts';
import type { Access } from './own-server.ts';
import { openOwnSite } from './own-site.ts';
import { fullness, greatestNeed } from './own-usable.ts';
import { type LessonPlan, longestWaitFirst } from './plan.ts';
import { consolesOf, describeTwins, findPrograms, type Programs, type ServerChoice, type TwinMode } from './programs.ts';
import { AFTER_INVALID, reasonToSkip } from './reason-to-skip.ts';
import { RunProblems } from './run-problems.ts';
import { type Base, type LocalSite, openLocalSite } from './site.ts';
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
  /** Default: local. */
  server?: ServerChoice;
  /** Gets what each lesson that is run comes to. */
  recordings?: Map<LessonPlan, LessonRecording>;
  /** Of a step of whose state its page says nothing, what comes by itself is waited for. */
  untilStill?: boolean;
  /** A server of one's own, on which the lessons run, one after the other. Left out: each has a private one. */
  own?: Access | null;
  /** Is told what could not be removed from it. */
  onLeft?: (sentence: string) => void;
  /** Takes what says what of the run's still stands there, at any time and without asking; null: nothing. */
  onStanding?: (standing: () => string | null) => void;
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
  programs: Found | null;
  sites: Sites<LessonPlan, LocalSite>;
  open: (one: LessonPlan, nats: Programs['nats']) => Promise<LocalSite>;
  /** To be called when a lesson begins to run. */
  prepareNext: () => void;
}

class WorkbookRun {
  readonly #options: WorkbookOptions;
  readonly #result: WorkbookResult;
  readonly #folder: RunFolder;
  readonly #problems: RunProblems;
  /** Starter code runs beside the lessons; so many at a time. */
  readonly #slots: Slots;

  constructor(options: WorkbookOptions, result: WorkbookResult, folder: RunFolder) {
    this.#options = options;
    this.#result = result;
    this.#folder = folder;
    this.#slots = new Slots(options.jobs);
    this.#problems = new RunProblems(result.problems, options.signal);
  }

  async run(): Promise<void> {
    const { plans, bail, twin, onProgress, signal, own } = this.#options;
    const jobs = own ? 1 : this.#options.jobs;
    const server = { choice: this.#options.server ?? { kind: 'local' as const }, folder: this.#folder, ahead: this.#options.ahead };
    const find = own ? this.#findOwn(own) : findPrograms(plans, twin, { onProgress, signal, server }).then((found) => ({ ...found, account: null }));
    const programs = await find.catch((error: unknown) => this.#problems.giveUp(error));
    if (programs !== null) {
      this.#result.server = { version: versionOf(programs), source: sourceOf(programs) };
      this.#result.notes.push(...describeTwins(plans, programs.nats));
    }
    const reports = new Map<LessonPlan, LessonReport | null>();
    // One after the other, or to the first failure, they come in their order.
    const waiting = jobs === 1 || bail ? [...plans] : longestWaitFirst(plans);
    const bases = this.#bases(programs?.server ?? null);
    const open = (one: LessonPlan, nats: Programs['nats']) => bases.begin(one, (base) => this.#open(one, programs?.server ?? null, nats, base));
    const sites = new Sites((one: LessonPlan) => open(one, consolesOf(one, programs?.nats)));
    const prepareNext = () => {
      const next = waiting.find((one) => !sites.isPrepared(one) && this.#reasonToSkip(one, programs) === null);
      if (next !== undefined) sites.prepare(next);
    };
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        signal.throwIfAborted();
        reports.set(next, await this.#runOrSkip(next, { programs, sites, open, prepareNext }));
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
    } finally {
      await bases.close();
      await sites.end();
      await (programs?.account ?? programs?.server)?.close?.();
    }
    this.#result.lessons = plans.flatMap((plan) => reports.get(plan) ?? []);
  }

  async #findOwn(own: Access): Promise<Found> {
    const { plans, twin, onProgress, signal } = this.#options;
    const account = await openOwnAccount(own, greatestNeed(plans), signal);
    this.#options.onStanding?.(() => account.standing);
    const found = await findOwnPrograms(plans, twin, account.version, { onProgress, signal }).catch((error: unknown) =>
      account.close().then(() => Promise.reject(error)),
    );
    return { ...found, account };
  }

  /** Null: only its server could tell that the lesson is invalid. */
  async #runOrSkip(one: LessonPlan, { programs, sites, open, prepareNext }: Work): Promise<LessonReport | null> {
    const reason = this.#reasonToSkip(one, programs);
    if (reason !== null) return this.#skip(one, reason);
    // An account of one's own is emptied before the next lesson is made ready.
    const site = await (programs?.account ? this.#openOwn(one, programs, consolesOf(one, programs?.nats)) : this.#orProblem(sites.take(one)));
    if (!programs?.account) prepareNext();
    if (site === null) return this.#skip(one, this.#problems.ended ?? NO_SERVER);
    if ('close' in site) return this.#run(one, site, { programs, sites, open });
    return site.file === one.plan.lesson.file ? null : this.#skip(one, AFTER_INVALID);
  }

  #reasonToSkip(one: LessonPlan, programs: Found | null): string | null {
    return this.#problems.ended ?? (programs === null ? NO_SERVER : reasonToSkip(one, versionOf(programs), elsewhere(programs)));
  }

  /** Null where no server can be started: that is said, and no further lesson is begun. A problem where none takes the lesson's configuration. */
  #orProblem(site: Promise<LocalSite>): Promise<LocalSite | Problem | null> {
    return site.catch((error: unknown) => this.#problems.invalid(error) ?? this.#problems.giveUp(error));
  }

  /** A server elsewhere takes longer to start than to be brought to where a lesson starts. */
  #bases(binary: Found['server']): Bases {
    const { plans, signal } = this.#options;
    const worthwhile = binary?.start === undefined ? sharedStarts(plans) : new Set<string>();
    return new Bases({ open: (one) => this.#open(one, binary, 'nothing is judged there', null), signal, worthwhile });
  }

  async #open({ loaded }: LessonPlan, binary: Found['server'], twin: Programs['nats'], base: Base | null): Promise<LocalSite> {
    if (binary === null) throw new Error(NO_SERVER);
    const { plans, onProgress, ahead } = this.#options;
    const taken = ahead && { takeServer: (path: string) => ahead.takeServer(path), takeHost: (file: string) => ahead.takeHost(file) };
    const own = { binary, twin, folder: this.#folder, ...serverNeeds(loaded), lessonFile: loaded.path, needs: kernelNeeds(loaded), onProgress };
    return openLocalSite({ ...own, ...taken, base, stripsHere: plans.length > 1 });
  }

  /** Null where the account is not empty any more, or not to be reached: that is said, and no further lesson is begun. */
  async #openOwn({ loaded }: LessonPlan, { account, server: binary }: Found & { account: OwnAccount }, twin: Programs['nats']): Promise<LocalSite | null> {
    const { onProgress } = this.#options;
    const onLeft = (sentence: string) => {
      this.#problems.end(sentence);
      this.#problems.add(problem('server', sentence, 'Remove it yourself: `nats stream rm NAME`.'));
      this.#options.onLeft?.(sentence);
    };
    try {
      await account.checkEmpty();
      const own = { servers: serverNeeds(loaded).servers, lessonFile: loaded.path };
      return await openOwnSite({ account, binary, twin, folder: this.#folder, ...own, needs: kernelNeeds(loaded), onProgress, onLeft });
    } catch (error) {
      return this.#problems.giveUp(error instanceof ProblemError || !(error instanceof Error) ? error : new ProblemError(problem('server', error.message)));
    }
  }

  async #run(one: LessonPlan, site: LocalSite, { programs, sites, open }: Omit<Work, 'prepareNext'>): Promise<LessonReport> {
    const { keep, bail, signal, recordings, untilStill = false } = this.#options;
    const { plan } = one;
    const recording = recordings && newRecording();
    if (recording) recordings.set(one, recording);
    const openOne = async () => {
      if (programs === null || programs.server === null) return null;
      const own = await this.#orProblem(open(one, 'starter code is judged without them'));
      return own !== null && 'close' in own ? own : null;
    };
    const starters = startStarters(plan, { open: openOne, slots: this.#slots, signal });
    let failed = false;
    let report: LessonReport | null = null;
    try {
      report = await this.#forward(runLesson(plan, site, { signal, untilStill, tryStarter: starters.tryStarter, ...(recording && { recording }) }));
      failed = report.status === 'failed' || report.status === 'errored';
      if (failed && bail) this.#problems.end(`${report.file} failed (--bail)`);
      return report;
    } finally {
      await starters.end();
      if (failed && keep) this.#result.notes.push(...site.keep(plan.lesson.file));
      if (!programs?.account) sites.leave(site);
      else {
        const full = report && fullness(report, programs.account.url);
        if (failed && full) this.#problems.add(full);
        if (failed && keep) this.#problems.end(`the account holds what ${plan.lesson.file} left (--keep)`);
        await site.close();
      }
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
}
