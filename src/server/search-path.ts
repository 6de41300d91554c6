/** A command's name → its files on the PATH, in order. */
import { stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';

/** Every file of that name on the PATH, runnable or not. Empty parts of the PATH (the current folder) are left out: nothing is run from there by accident. */
export async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = [...new Set(folders.map((folder) => resolve(folder, name)))];
  // All at once: one after the other is what a run would wait for before it begins.
  const infos = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  return paths.filter((_, index) => infos[index]?.isFile());
}
