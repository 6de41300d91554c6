/** Pages → all that is wrong with them and can be known without a server. */
import { ProblemError } from '../errors.ts';
import { openRunFolder, type RunFolder } from '../server/run-folder.ts';
import { checkTypes } from '../typecheck/check.ts';
import type { TypedLesson } from '../typecheck/steps.ts';
import type { Problem } from '../types.ts';
import type { Configuration } from './configuration.ts';
import { checkLinks } from './links.ts';
import { loadLessons } from './load.ts';
import type { PageName } from './select.ts';
import { typedLesson } from './types.ts';

export interface CheckOptions {
  /** The folder in which the command was typed. */
  folder: string;
  configuration: Configuration;
  /** The temporary folder, as soon as there is one: for a clean-up that cannot wait. */
  onFolder: (folder: RunFolder) => void;
  /** Types are being checked, which takes its time. */
  onTypes: () => void;
  signal: AbortSignal;
}

export interface CheckResult {
  /** Those that hold a step, with how many. */
  pages: { file: string; steps: number }[];
  /** By page and place; those of the environment last. */
  problems: Problem[];
}

/** Rejects only with the signal's reason, and for defects of ours. */
export async function checkPages(pages: PageName[], options: CheckOptions): Promise<CheckResult> {
  const { folder, configuration, signal } = options;
  // Made ready while the pages are read.
  const opening = openFolder(options);
  // It is told where it is waited for.
  opening.catch(() => {});
  const { read, problems } = await loadLessons(pages, folder, configuration);
  const asked = new Set(pages.map(({ path }) => path));
  const checked = read.filter(({ page }) => asked.has(page.path));
  const lessons = checked.map(typedLesson);
  let links: Promise<Problem[]> | null = null;
  const checkAllLinks = () => (links ??= checkLinks(checked.map(({ page, text }) => ({ ...page, text }))));
  options.onTypes();
  const types = await typeProblems(
    lessons.map(({ typed }) => typed),
    opening,
    // It has a process of its own, beside which there is time for the links.
    { ...options, onTsc: () => void checkAllLinks().catch(() => {}) },
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof ProblemError) return [error.problem];
    throw error;
  });
  const all = [...problems, ...lessons.flatMap((one) => one.problems), ...(await checkAllLinks())];
  const known = new Set(all.map(placeOf));
  // What a rule of the format says better is not said again by TypeScript.
  all.push(...types.filter((one) => one.code !== 'type' || !known.has(placeOf(one))));
  return { pages: checked.map(({ lesson }) => ({ file: lesson.file, steps: lesson.steps.length })), problems: inOrder(all, pages) };
}

async function openFolder({ onFolder }: CheckOptions): Promise<RunFolder> {
  const folder = await openRunFolder();
  onFolder(folder);
  return folder;
}

async function typeProblems(lessons: TypedLesson[], opening: Promise<RunFolder>, options: CheckOptions & { onTsc: () => void }): Promise<Problem[]> {
  const folder = await opening;
  const onStart = (pid: number) => {
    folder.track(pid);
    options.onTsc();
  };
  try {
    return await checkTypes(lessons, { folder: folder.path, root: options.folder, signal: options.signal, onStart });
  } finally {
    await folder.close();
  }
}

function placeOf({ file, line, column }: Problem): string {
  return `${file}:${line}:${column}`;
}

/** Pages that were not asked for, such as one that a lesson comes after, follow; a problem without a page is last. */
function inOrder(problems: Problem[], pages: PageName[]): Problem[] {
  const order = new Map(pages.map(({ file }, index) => [file, index]));
  const rank = ({ file }: Problem) => (file === null ? pages.length + 1 : (order.get(file) ?? pages.length));
  return problems.sort((one, other) => rank(one) - rank(other) || (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0));
}
