/** What `lessonSuite` was given → plans of lessons, and what is wrong with the pages. */
import { problem } from '../errors.ts';
import type { Problem } from '../types.ts';
import { readConfiguration } from '../workbook/configuration.ts';
import { loadLessons, WHAT_A_STEP_IS } from '../workbook/load.ts';
import { type LessonPlan, planLessons } from '../workbook/plan.ts';
import { selectPages } from '../workbook/select.ts';

export interface PageOptions {
  steps?: 'all' | 'marked';
  exclude?: string[];
}

/** `root` is where names are seen from, and where package.json is. Never rejects for what is in pages. */
export async function readPages(wanted: string[], root: string, { steps, exclude = [] }: PageOptions): Promise<{ plans: LessonPlan[]; problems: Problem[] }> {
  const read = await readConfiguration(root);
  const configuration = { ...read.configuration, exclude: [...read.configuration.exclude, ...exclude], steps: steps ?? read.configuration.steps };
  const selected = await selectPages(wanted, root, configuration);
  const { lessons, problems: invalid } = await loadLessons(selected.pages, root, configuration);
  const { plans, problems: unplanned } = planLessons(lessons, { grep: null, from: null, bail: false });
  const notFound = selected.problems.map((one) => (wanted.length === 0 ? one : { ...one, advice: `Pages are looked for from vitest's root, ${root}.` }));
  const problems = [...read.problems, ...notFound, ...invalid, ...unplanned];
  if (plans.length === 0 && problems.length === 0) problems.push(problem('not-found', 'none of the pages holds a step', WHAT_A_STEP_IS));
  return { plans, problems };
}
