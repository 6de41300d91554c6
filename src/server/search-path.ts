/** A command's name → its files on the PATH, in order. */
import { stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';

/** Every file of that name on the PATH, runnable or not. Empty parts of the PATH (the current folder) are left out: nothing is run from there by accident. */
export async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const paths = new Set(
    (env.PATH ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => resolve(folder, name)),
  );
  const found: string[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info?.isFile()) found.push(path);
  }
  return found;
}
