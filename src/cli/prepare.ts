/** Pages that were named and what is asked of them → the plans to run, and all that is wrong before anything runs. */
import type { Problem } from '../types.ts';
import { type Configuration, readConfiguration } from '../workbook/configuration.ts';
import { type LoadedLesson, loadLessons } from '../workbook/load.ts';
import { type LessonPlan, planLessons, type Selection } from '../workbook/plan.ts';
import { type PageName, selectPages } from '../workbook/select.ts';
import { nothingToRun } from './nothing-to-run.ts';

export interface Asked extends Selection {
  /** Files, FILE:LINE, folders or globs. */
  pages: string[];
  /** Pages are going to be written: what is to come need not be there. */
  update?: unknown;
}

export interface Prepared {
  configuration: Configuration;
  /** All that were found, whatever is in them. */
  pages: PageName[];
  lessons: LoadedLesson[];
  plans: LessonPlan[];
  problems: Problem[];
}

/** `folder` is where the command was typed. */
export async function prepare(asked: Asked, folder: string): Promise<Prepared> {
  const { configuration, problems: wrongConfiguration } = await readConfiguration(folder);
  const { pages, problems: notFound } = await selectPages(asked.pages, folder, configuration);
  const { lessons, problems: invalid } = await loadLessons(pages, folder, configuration, { unjudged: Boolean(asked.update) });
  const { plans, problems: unplanned } = planLessons(lessons, asked);
  const nothing = nothingToRun(pages.length, lessons.length, [...notFound, ...invalid]);
  return { configuration, pages, lessons, plans, problems: [...wrongConfiguration, ...notFound, ...nothing, ...invalid, ...unplanned] };
}
