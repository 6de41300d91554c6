/** Lessons that pass → their mutants, run side by side, and those that no check notices. */
import type { Plan } from '../run.ts';
import type { RunFolder } from '../server/run-folder.ts';
import type { SessionStep } from '../session.ts';
import type { LessonRecording, LessonReport, LinkedStep } from '../types.ts';
import { Bases } from '../workbook/bases.ts';
import { serverNeeds } from '../workbook/config.ts';
import { kernelNeeds } from '../workbook/kernel-needs.ts';
import type { LessonPlan } from '../workbook/plan.ts';
import type { Programs } from '../workbook/programs.ts';
import { type Base, type LocalSite, openLocalSite } from '../workbook/site.ts';
import { Slots } from '../workbook/slots.ts';
import { judgeMutants } from './judge-mutants.ts';
import type { Mutation } from './mutant.ts';
import { type CodeMutant, chooseMutants, lastResort, mutateCode } from './mutate-code.ts';
import { isDifferent, type Observed, observe, type Passed } from './observed.ts';
import { hastyPlan, type MutantRun, mutantPlan, placeOfMutant, runMutant, type Timed } from './run-mutant.ts';

/** A lesson that passed, of which the steps that are asked for are listed, and what a run of all of it came to. */
export interface Subject {
  one: LessonPlan;
  report: LessonReport;
  recording: LessonRecording;
}

export interface Survivor extends Mutation {
  file: string;
}

export interface MutatorOptions {
  /** How many mutants run side by side. */
  jobs: number;
  programs: Programs;
  folder: RunFolder;
  signal: AbortSignal;
  /** How far it is. */
  onProgress: (text: string) => void;
}

interface Tried {
  /** Of the step. */
  index: number;
  passed: Passed[];
  observed: Observed;
}

type Outcome = 'caught' | 'survived' | 'no difference';

export class Mutator {
  /** How many there were. */
  mutants = 0;
  /** Lessons that passed once, and not each time. */
  readonly unsteady: LessonReport[] = [];
  readonly #options: MutatorOptions;
  readonly #slots: Slots;
  readonly #bases: Bases;
  /** Runs that are known of so far, and those that are over. */
  #known = 0;
  #over = 0;

  constructor(options: MutatorOptions) {
    this.#options = options;
    this.#slots = new Slots(options.jobs);
    this.#bases = new Bases({ open: (one) => this.#open(one, 'mutants run without it', null), signal: options.signal });
  }

  /** Answers in the order of the subjects, by line. */
  async run(subjects: Subject[]): Promise<Survivor[]> {
    try {
      // Those that take longest begin first, so that none is waited for when all others are over.
      const longestFirst = subjects.toSorted((one, other) => other.report.duration - one.report.duration);
      const running = new Map(longestFirst.map((one) => [one, this.#mutateLesson(one)]));
      return (await settled(subjects.map((one) => running.get(one) ?? Promise.resolve([])))).flat();
    } finally {
      await this.#bases.close();
    }
  }

  async #mutateLesson(subject: Subject): Promise<Survivor[]> {
    const { one, recording } = subject;
    const { file } = one.plan.lesson;
    const asked = one.plan.steps.filter(one.plan.listed);
    const judged = judgeMutants(one.plan.lesson, recording).filter(({ index }) => asked.some(({ step }) => step.index === index));
    const survivors: Survivor[] = judged.flatMap(({ caught, place, mutation }) => (this.#count(caught) ? [] : [{ file, place, mutation }]));
    const again = await this.#use(() => this.#runAgain(one));
    if (again === null) {
      this.#fail(subject.report);
      return survivors;
    }
    const observed = observe(recording, again);
    const ran = new Set(recording.steps.map(({ index }) => index));
    const steps = asked.flatMap(({ step, linked, starter }) => (linked === null || !ran.has(step.index) ? [] : [{ step, linked, starter }]));
    const found = await settled(steps.map((step) => this.#mutateStep(subject, step, observed)));
    return [...survivors, ...found.flat().map((mutation) => ({ file, ...mutation }))].sort(byPlace);
  }

  /** What differs from the first run tells nothing. Null where the page does not pass a second time. */
  async #runAgain(one: LessonPlan): Promise<LessonRecording | null> {
    const { caught, recording } = await this.#onSite(one, 'it is not compared', (site) =>
      runMutant({ ...one.plan, listed: () => true }, site, this.#options.signal),
    );
    return caught ? null : recording;
  }

  async #mutateStep(subject: Subject, step: SessionStep & { linked: LinkedStep }, observed: Observed): Promise<Mutation[]> {
    const { fence, language } = step.linked;
    const timed = timesOf(subject);
    const survivors: Mutation[] = [];
    let counted = 0;
    const run = (plan: Plan, mutation: Mutation, passed: Passed[] = []) =>
      this.#use(async () => {
        const outcome = await this.#tryMutant(subject, plan, { index: step.step.index, passed, observed });
        if (outcome === 'no difference') return;
        counted += 1;
        if (!this.#count(outcome === 'caught')) survivors.push(mutation);
      });
    const take = (mutant: CodeMutant) => {
      const { kind, mutation } = mutant;
      return run(mutantPlan(timed, step, mutant), { place: placeOfMutant(step, mutant), mutation }, passedBy(step, kind));
    };
    const { chosen, others } = chooseMutants(mutateCode(fence.text, language), seenOf(subject.recording, step));
    await settled(chosen.map(take));
    if (counted === 0) await settled(others.map(take));
    if (counted === 0) await take(lastResort(fence.text, step.step.expectation.error !== null));
    const hasty = hastyPlan(timed, step);
    // Where it is there at once all the same, what else comes by itself may have come in another order.
    if (hasty !== null) await run(hasty.plan, hasty.mutation, ['revisions', 'history']);
    return survivors;
  }

  async #tryMutant({ one, report }: Subject, plan: Plan, { index, passed, observed }: Tried): Promise<Outcome> {
    const run = (twin: Programs['nats']) => this.#onSite(one, twin, (site) => runMutant(plan, site, this.#options.signal));
    const first = await run('mutants run without it');
    const { caught, reason, recording } = first.reason === null ? first : await run('mutants run without it');
    if (caught) return 'caught';
    if (reason !== null) {
      this.#fail(report);
      return 'no difference';
    }
    if (!isDifferent(observed, recording, { from: index, passed })) return 'no difference';
    // What only the console fences show is seen with the twin alone.
    const { nats } = this.#options.programs;
    const consoles = one.plan.steps.some((each) => each.step.index >= index && each.step.expectation.consoles.length > 0);
    return consoles && typeof nats !== 'string' && (await run(nats)).caught ? 'caught' : 'survived';
  }

  async #onSite(one: LessonPlan, twin: Programs['nats'], work: (site: LocalSite) => Promise<MutantRun>): Promise<MutantRun> {
    this.#options.signal.throwIfAborted();
    const site = await this.#bases.begin(one, (base) => this.#open(one, twin, base));
    try {
      return await work(site);
    } finally {
      await site.close();
    }
  }

  #open({ loaded }: LessonPlan, twin: Programs['nats'], base: Base | null): Promise<LocalSite> {
    const { programs, folder } = this.#options;
    const page = { ...serverNeeds(loaded), lessonFile: loaded.path, needs: kernelNeeds(loaded), stripsHere: true };
    return openLocalSite({ binary: programs.server, twin, folder, ...page, base });
  }

  /** Runs one more in its turn, and says how far all of them are. */
  async #use<Done>(work: () => Promise<Done>): Promise<Done> {
    this.#known += 1;
    try {
      return await this.#slots.use(work);
    } finally {
      this.#over += 1;
      const survived = this.#survived > 0 ? `, ${this.#survived} not noticed` : '';
      this.#options.onProgress(`${this.#over} of ${this.#known} mutants run${survived}`);
    }
  }

  #fail(report: LessonReport): void {
    if (!this.unsteady.includes(report)) this.unsteady.push(report);
  }

  #survived = 0;

  #count(caught: boolean): boolean {
    this.mutants += 1;
    if (!caught) this.#survived += 1;
    return caught;
  }
}

/** All are over before the first failure is told: nothing runs on behind a clean-up. */
async function settled<Done>(work: Promise<Done>[]): Promise<Done[]> {
  const all = await Promise.allSettled(work);
  return all.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** Of an exercise any way of getting there counts; and two calls that change places change revisions, whatever they are. */
function passedBy({ starter }: SessionStep, kind: CodeMutant['kind']): Passed[] {
  if (starter !== null) return ['revisions', 'history'];
  return kind === 'swap' ? ['revisions'] : [];
}

function timesOf({ one, report }: Subject): Timed {
  return { plan: one.plan, durations: new Map(one.plan.steps.map(({ step }, index) => [step.index, report.steps[index]?.duration ?? 0])) };
}

/** All that the step printed, threw and changed. */
function seenOf({ steps }: LessonRecording, { step }: SessionStep): string {
  const one = steps.find(({ index }) => index === step.index);
  return one === undefined ? '' : `${one.execution.output}\n${one.execution.thrown?.message ?? ''}\n${JSON.stringify(one.delta)}`;
}

function byPlace({ place: one }: Mutation, { place: other }: Mutation): number {
  return one.line - other.line || one.column - other.column;
}
