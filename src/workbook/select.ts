/** What was named on the command line, or the configuration → the pages to read. */
import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { problem } from '../errors.ts';
import type { Problem } from '../types.ts';
import type { Configuration } from './configuration.ts';

export interface PageName {
  /** Absolute. */
  path: string;
  /** For reports: relative to the folder where the run was started, with `/`. */
  file: string;
  /** Named itself, so a lesson whatever is in it. */
  named: boolean;
  /** Up to the steps at these lines; null: all of it. */
  lines: number[] | null;
}

const NAME_PAGES = 'Name the pages to run or a folder that holds them, or say in package.json where they are: "lockerroom": { "lessons": ["docs/**/*.md"] }';
const CHECK_NAME = 'Check the name; it is looked for from the folder where the command is typed.';

/** Files that are no one's lessons, wherever a folder is searched. */
const NEVER = ['**/node_modules/**'];

/** The pages in the order of the arguments, those of a folder or a glob sorted by name; none twice. */
export async function selectPages(named: string[], folder: string, configuration: Configuration): Promise<{ pages: PageName[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const pages = new Map<string, PageName>();
  const add = (path: string, isNamed: boolean, line: number | null) => {
    const page = pages.get(path) ?? { path, file: nameOf(path, folder), named: false, lines: line === null ? null : [] };
    // A page that is named as a whole is run as a whole.
    page.lines = page.lines === null || line === null ? null : [...page.lines, line];
    page.named ||= isNamed;
    pages.set(path, page);
  };

  const ignore = [...NEVER, ...configuration.exclude];
  if (named.length === 0 && configuration.lessons !== null) {
    for (const path of await search(configuration.lessons, folder, ignore)) add(path, false, null);
    if (pages.size === 0)
      problems.push(problem('not-found', `no page matches ${configuration.lessons.join(', ')}`, 'see "lockerroom.lessons" in package.json'));
  }
  const wanted = named.length === 0 && configuration.lessons === null ? ['lessons'] : named;
  for (const argument of wanted) {
    const found = await locate(argument, folder);
    if (found === null && (await import('tinyglobby')).isDynamicPattern(argument)) {
      const matching = await search([argument], folder, ignore);
      for (const path of matching) add(path, false, null);
      if (matching.length === 0) problems.push(problem('not-found', 'no page matches this', CHECK_NAME, argument));
    } else if (found === null) problems.push(problem('not-found', 'there is no such file or folder', named.length === 0 ? NAME_PAGES : CHECK_NAME, argument));
    else if (found.isFolder) for (const path of await search(['**/*.md'], found.path, ignore)) add(path, false, null);
    else add(found.path, true, found.line);
  }
  return { pages: [...pages.values()], problems };
}

async function search(patterns: string[], folder: string, ignore: string[]): Promise<string[]> {
  // Most often a page is named, and nothing is searched.
  const { glob } = await import('tinyglobby');
  const found = await glob(patterns, { cwd: folder, ignore, absolute: true, expandDirectories: false });
  return found.map((path) => resolve(path)).sort((one, other) => (one < other ? -1 : 1));
}

/** `FILE`, `FOLDER` or `FILE:LINE`; a column behind the line, as editors copy it, is passed over. */
async function locate(argument: string, folder: string): Promise<{ path: string; isFolder: boolean; line: number | null } | null> {
  const isFolder = await kindOf(resolve(folder, argument));
  if (isFolder !== null) return { path: resolve(folder, argument), isFolder, line: null };
  const [, file, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(argument) ?? [];
  if (file === undefined || (await kindOf(resolve(folder, file))) !== false) return null;
  return { path: resolve(folder, file), isFolder: false, line: Number(line) };
}

async function kindOf(path: string): Promise<boolean | null> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => null,
  );
}

/** Relative to the folder, with `/`; of a file that lies elsewhere the shorter of its two names. */
export function nameOf(path: string, folder: string): string {
  const name = relative(folder, path).split(sep).join('/');
  return name.startsWith('../') && path.length < name.length ? path : name;
}
