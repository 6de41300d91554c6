/** Our lessons → a copy of them in which commands may be typed, inside of the project, so that what they import is found. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Run, runIn } from './command.ts';

const PROJECT = join(import.meta.dirname, '../..');

export interface LessonsCopy extends AsyncDisposable {
  folder: string;
  /** Of the pages. */
  names: string[];
  lockerroom(...args: string[]): Promise<Run>;
}

/** `change` says what stands in each page of the copy. What lies beside the pages comes along. */
export async function copyOfLessons(change: (name: string, text: string) => string = (_, text) => text): Promise<LessonsCopy> {
  const cache = join(PROJECT, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'lessons-'));
  await cp(join(PROJECT, 'lessons'), folder, { recursive: true });
  const names = (await readdir(folder)).filter((file) => file.endsWith('.md'));
  for (const name of names) {
    const path = join(folder, name);
    await writeFile(path, change(name, await readFile(path, 'utf8')));
  }
  return {
    folder,
    names,
    lockerroom: (...args) => runIn(folder, args),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
