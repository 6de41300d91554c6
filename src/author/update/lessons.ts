/** A lesson and a new text of its page → the lesson to run, where the pages that it comes after may be new too. */
import { linkLesson } from '../../kernel/link.ts';
import { parseLesson } from '../../lesson/parse.ts';
import type { Lesson, Problem } from '../../types.ts';
import type { Configuration } from '../../workbook/configuration.ts';
import type { LoadedLesson } from '../../workbook/load.ts';
import type { LessonPlan } from '../../workbook/plan.ts';

/** Null where the text is no valid page. */
export type Parse = (text: string) => Lesson | null;

/** What a page is, and what is wrong with it, read as its project reads it. An exercise may be without what it is judged by until the page is written. */
export function readAnew(text: string, file: string, { steps, server }: Configuration, unjudged: boolean): { lesson: Lesson; problems: Problem[] } {
  const { lesson, problems } = parseLesson(text, file, { steps, unjudged, ...(server === null ? {} : { server }) });
  return { lesson, problems: [...problems, ...linkLesson(lesson).problems] };
}

/** `texts`: the new texts by path. Steps are judged and listed as they were. */
export function planAnew(one: LessonPlan, texts: ReadonlyMap<string, Lesson>): LessonPlan {
  const listed = new Set(one.plan.steps.filter(one.plan.listed).map(({ step }) => step.index));
  return { ...one, loaded: loadAnew(one.loaded, texts), plan: planOf(one.plan, one.loaded, texts, listed) };
}

function planOf(plan: LessonPlan['plan'], loaded: LoadedLesson, texts: ReadonlyMap<string, Lesson>, listed: ReadonlySet<number> | null): LessonPlan['plan'] {
  const { lesson, steps } = loadAnew(loaded, texts);
  const { after } = loaded;
  const before = plan.after === null || after === null || after === 'invalid' ? plan.after : planOf(plan.after, after, texts, null);
  return { ...plan, lesson, steps, after: before, listed: listed === null ? plan.listed : ({ step }) => listed.has(step.index) };
}

function loadAnew(loaded: LoadedLesson, texts: ReadonlyMap<string, Lesson>): LoadedLesson {
  const lesson = texts.get(loaded.path);
  if (lesson === undefined) return loaded;
  const linked = linkLesson(lesson);
  const steps = lesson.steps.map((step, index) => ({ step, linked: linked.steps[index] ?? null, starter: linked.starters[index] ?? null }));
  return { ...loaded, lesson, steps };
}
