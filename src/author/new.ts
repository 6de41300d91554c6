/** A name → a new page in the project. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProblemError, problem } from '../errors.ts';
import { readConfiguration } from '../workbook/configuration.ts';
import { nameOf, selectPages } from '../workbook/select.ts';
import { newPage } from './new-page.ts';
import { placePage } from './place-page.ts';

export interface NewPage {
  /** Relative to the folder where the command was typed. */
  file: string;
  title: string;
  /** Whether `lockerroom run` finds it without its name. */
  isFound: boolean;
}

/** Rejects with a ProblemError for a name of which no page can be made, and where the file is there or cannot be written. */
export async function createPage(name: string, folder: string): Promise<NewPage> {
  const { configuration, problems } = await readConfiguration(folder);
  if (problems[0] !== undefined) throw new ProblemError(problems[0]);
  const { title, path } = await placePage(name, folder, configuration);
  const file = nameOf(path, folder);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, newPage(title, { marked: configuration.steps === 'marked' }), { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === 'EEXIST' ? 'is there already, and nothing is overwritten' : `cannot be written (${code})`;
    throw new ProblemError(problem('usage', message, code === 'EEXIST' ? 'choose another name' : null, file));
  }
  const { pages } = await selectPages([], folder, configuration);
  return { file, title, isFound: pages.some((page) => page.path === path) };
}
