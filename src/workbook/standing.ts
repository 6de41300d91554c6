/** What each page came to when it was last run → which steps of which pages must be run now. */
import type { Plan } from '../run.ts';
import type { LessonReport, Status } from '../types.ts';
import { firstChange } from './changes.ts';
import type { Dependencies } from './depends.ts';
import type { LoadedLesson } from './load.ts';
import type { LessonPlan } from './plan.ts';

interface Judged {
  loaded: LoadedLesson;
  dependencies: Dependencies;
  /** By the index of the step; steps that were not asked for are not among them. */
  statuses: Map<number, Status>;
}

/** A lesson as it is now, and what decides what it does. */
export interface Current {
  plan: LessonPlan;
  dependencies: Dependencies;
}

export interface Narrowed {
  plan: LessonPlan;
  dependencies: Dependencies;
  /** The index of the first step that is judged, and its line. */
  from: number;
  line: number;
}

export class Standing {
  readonly #judged = new Map<string, Judged>();

  /** The plans of which something is no longer what was judged, each from there on. Pages that are no longer there are forgotten. */
  narrow(current: Current[], pages: string[]): Narrowed[] {
    for (const path of this.#judged.keys()) if (!pages.includes(path)) this.#judged.delete(path);
    return current.flatMap((one) => {
      const from = this.#from(one);
      const narrowed = from === null ? null : listFrom(one, from);
      if (narrowed === null) this.#keep(one);
      return narrowed ?? [];
    });
  }

  /** Everything is to be run again. */
  forget(): void {
    this.#judged.clear();
  }

  /** The lesson has been run as far as the plan goes. */
  judge({ plan, dependencies, from }: Narrowed, report: LessonReport): void {
    const { path, lesson } = plan.loaded;
    const before = this.#judged.get(path)?.statuses ?? new Map<number, Status>();
    const statuses = new Map([...before].filter(([index]) => index < from));
    for (const { line, status } of report.steps) {
      const index = lesson.steps.findIndex((step) => step.line === line);
      if (index !== -1) statuses.set(index, status);
    }
    this.#judged.set(path, { loaded: plan.loaded, dependencies, statuses });
  }

  /** Where something was not as the page says when it was last run: lines of the pages as they are now. */
  failing(): { file: string; line: number }[] {
    return [...this.#judged.values()].flatMap(({ loaded: { lesson }, statuses }) =>
      lesson.steps.filter(({ index }) => isBad(statuses.get(index))).map(({ line }) => ({ file: lesson.file, line })),
    );
  }

  /** Null: nothing that runs has changed. */
  #from({ plan, dependencies }: Current): number | null {
    const judged = this.#judged.get(plan.loaded.path);
    if (judged === undefined || !sameFiles(judged.dependencies, dependencies)) return 0;
    const first = firstChange(judged.loaded, plan.loaded);
    if (first !== null || judged.loaded.text === plan.loaded.text) return first;
    // Only prose, but what was said of steps below it was said at lines that they have left.
    const bad = [...judged.statuses].filter(([, status]) => isBad(status)).map(([index]) => index);
    return bad.length === 0 ? null : Math.min(...bad);
  }

  /** What was judged stands, at the lines that it has now. */
  #keep({ plan, dependencies }: Current): void {
    const judged = this.#judged.get(plan.loaded.path);
    if (judged !== undefined) this.#judged.set(plan.loaded.path, { ...judged, loaded: plan.loaded, dependencies });
  }
}

function isBad(status: Status | undefined): boolean {
  return status === 'failed' || status === 'errored';
}

/** Null: nothing that was asked for is left. */
export function listFrom({ plan, dependencies }: Current, from: number): Narrowed | null {
  const listed: Plan['listed'] = (one) => one.step.index >= from && plan.plan.listed(one);
  const first = plan.plan.steps.find(listed)?.step;
  return first === undefined ? null : { plan: { ...plan, plan: { ...plan.plan, listed } }, dependencies, from: first.index, line: first.line };
}

function sameFiles(one: Dependencies, other: Dependencies): boolean {
  return one.size === other.size && [...one].every(([path, digest]) => other.get(path) === digest);
}
