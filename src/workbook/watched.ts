/** What was named on the command line, or the configuration → the folders in which a page may change, come or go. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Configuration } from './configuration.ts';

export interface WatchedFolders {
  /** With all that is below them. */
  deep: string[];
  /** Only what lies right in them. */
  flat: string[];
}

/** Absolute paths. package.json is among what lies in `folder`, where the command was typed. */
export function watchedFolders(named: string[], folder: string, { lessons }: Configuration): WatchedFolders {
  const found: WatchedFolders = { deep: [], flat: [folder] };
  for (const one of named.length > 0 ? named : (lessons ?? ['lessons'])) {
    const path = resolve(folder, one);
    const kind = kindOf(path);
    if (kind === 'folder') found.deep.push(path);
    else if (kind === 'file') found.flat.push(dirname(path));
    // FILE:LINE, a glob, or the folder that is looked for where nothing is named.
    else if (kindOf(path.replace(/(:\d+){1,2}$/, '')) === 'file') found.flat.push(dirname(path));
    else found.deep.push(resolve(folder, folderOf(one)));
  }
  return found;
}

/** Of a glob the folders before its first sign: `docs/guides/*.md` is looked for in `docs/guides`. What is no glob is a folder. */
export function folderOf(glob: string): string {
  const parts = glob.split('/');
  const first = parts.findIndex((part) => /[*?[\]{}()!+@]/.test(part));
  return first === -1 ? glob : parts.slice(0, first).join('/') || (glob.startsWith('/') ? '/' : '.');
}

function kindOf(path: string): 'file' | 'folder' | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  return found.isDirectory() ? 'folder' : 'file';
}
