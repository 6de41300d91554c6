/** Lessons and what was asked for → plans: which steps are judged and listed. */
import { pageProblem, problem } from '../errors.ts';
import type { Plan } from '../run.ts';
import type { SessionStep } from '../session.ts';
import type { Problem } from '../types.ts';
import type { LoadedLesson } from './load.ts';

export interface Selection {
  /** Only steps whose lesson, heading or title holds this text, in any case. */
  grep: string | null;
  /** Only steps from this line on. */
  from: number | null;
  bail: boolean;
}

/** A lesson to run, with where it lies. */
export interface LessonPlan {
  loaded: LoadedLesson;
  plan: Plan;
  /** The lessons that it comes after are not all valid. */
  invalidAfter: boolean;
}

/** One plan a lesson; a lesson of which nothing is asked for is left out, and where that leaves none, a problem says so. */
export function planLessons(lessons: LoadedLesson[], selection: Selection): { plans: LessonPlan[]; problems: Problem[] } {
  const problems = lessons.flatMap((loaded) => checkLines(loaded, selection.from));
  if (problems.length > 0) return { plans: [], problems };
  const plans = lessons.map((loaded) => planLesson(loaded, listedIn(loaded, selection), selection.bail)).filter(({ plan }) => plan.steps.some(plan.listed));
  if (plans.length > 0 || lessons.length === 0) return { plans, problems };
  return { plans, problems: [problem('not-found', 'no step is left to run', selection.grep === null ? 'see --from' : `no title holds "${selection.grep}"`)] };
}

/** Those first that wait longest for what happens by itself, so that the others are run meanwhile; else in their order. */
export function longestWaitFirst(plans: LessonPlan[]): LessonPlan[] {
  return plans.toSorted((one, other) => waitOf(other.plan) - waitOf(one.plan));
}

/** Where a leader dies, the other servers of a cluster wait some seconds before they choose another one; in milliseconds. */
const ELECTIONS = 30_000;

/** Milliseconds, at most. */
function waitOf({ lesson, steps, listed, after }: Plan): number {
  const elections = lesson.settings.cluster === null ? 0 : ELECTIONS;
  const own = steps.filter(listed).reduce((sum, { step }) => sum + (step.expectation.state?.within ?? 0), 0);
  return own + elections + (after === null ? 0 : waitOf(after));
}

function planLesson(loaded: LoadedLesson, listed: Plan['listed'], bail: boolean): LessonPlan {
  const { lesson, steps, after } = loaded;
  const before = after === null || after === 'invalid' ? null : planLesson(after, () => true, false);
  return { loaded, plan: { lesson, steps, after: before?.plan ?? null, listed, bail }, invalidAfter: after === 'invalid' || before?.invalidAfter === true };
}

function listedIn({ lesson, page }: LoadedLesson, { grep, from }: Selection): (step: SessionStep) => boolean {
  const wanted = grep?.toLowerCase();
  return ({ step }) => {
    if (page.lines !== null && !page.lines.some((line) => isAt(step, line))) return false;
    if (from !== null && step.lastLine < from) return false;
    return wanted === undefined || `${lesson.title}\n${step.title}`.toLowerCase().includes(wanted);
  };
}

function isAt({ line, lastLine }: SessionStep['step'], at: number): boolean {
  return line <= at && at <= lastLine;
}

function checkLines({ steps, lesson, page }: LoadedLesson, from: number | null): Problem[] {
  const first = steps[0]?.step.line ?? 1;
  const last = steps.at(-1)?.step.lastLine ?? 1;
  const wrong = (line: number, advice: string) => pageProblem('usage', lesson.file, { line, column: 1 }, 'there is no step at this line', advice);
  const early = (page.lines ?? []).filter((line) => line < first).map((line) => wrong(line, `the first step is at line ${first}`));
  const late = [...(page.lines ?? []), ...(from === null ? [] : [from])]
    .filter((line) => line > last)
    .map((line) => wrong(line, `the page ends at line ${last}`));
  return [...early, ...late];
}
