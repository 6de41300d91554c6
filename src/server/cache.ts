/** The cache: whole, tried programs, each under its version; what is being made stands apart until it is done. */
import { chmod, mkdir, mkdtemp, open, readdir, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import rcompare from 'semver/functions/rcompare.js';
import valid from 'semver/functions/valid.js';
import { askVersion } from './ask-version.ts';
import { removeTree } from './remove.ts';
import type { Program } from './version.ts';

const PARTIAL = '.partial-';
/** Milliseconds after which what a killed installation left is nobody's. */
const ABANDONED = 24 * 60 * 60 * 1_000;

/** `$XDG_CACHE_HOME/lockerroom`, else `~/.cache/lockerroom`. It need not be there. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME;
  // The XDG rules: a path that is not absolute is ignored.
  return join(base && isAbsolute(base) ? base : join(env.HOME || homedir(), '.cache'), 'lockerroom');
}

/** The program's files in the cache, the newest version first; none where there is no cache. */
export async function cachedPrograms(cache: string, program: Program): Promise<string[]> {
  const prefix = `${program.name}-v`;
  const names = await readdir(cache).catch(() => []);
  const versions = names.filter((name) => name.startsWith(prefix) && valid(name.slice(prefix.length))).map((name) => name.slice(prefix.length));
  return versions.sort(rcompare).map((version) => join(cache, prefix + version));
}

/** The program of the very version that is installed, where it is there and runs. Rejects only with the signal's reason. */
export async function inCache(cache: string, program: Program, signal: AbortSignal | undefined): Promise<string | null> {
  const path = join(cache, `${program.name}-v${program.version}`);
  if (!(await cachedPrograms(cache, program)).includes(path)) return null;
  const answer = await askVersion(program, path, { signal });
  return 'version' in answer && answer.version === program.version ? path : null;
}

/**
 * Has `make` put the program's file (named as the program) into a folder of its own, tries it, and moves it into place in one stroke: the cache never
 * holds half a file, and of two installations at once the later one replaces the earlier. Gives its path; rejects with what went wrong.
 */
export async function placeInCache(cache: string, program: Program, make: (folder: string) => Promise<void>, signal: AbortSignal | undefined): Promise<string> {
  const folder = await mkdtemp(join(cache, PARTIAL));
  try {
    await make(folder);
    const made = join(folder, program.name);
    await chmod(made, 0o755);
    const answer = await askVersion(program, made, { signal });
    if ('reason' in answer) throw new Error(`what was installed does not run: ${answer.reason}`);
    if (answer.version !== program.version) throw new Error(`what was installed is version ${answer.version}, not ${program.version}`);
    await flush(made);
    const path = join(cache, `${program.name}-v${program.version}`);
    await rename(made, path);
    return path;
  } finally {
    await removeTree(folder);
  }
}

/** Makes the cache where there is none, and removes what installations that were killed left in it. */
export async function openCache(cache: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  for (const name of await readdir(cache)) {
    if (!name.startsWith(PARTIAL) && !name.startsWith('.lock-')) continue;
    const path = join(cache, name);
    const info = await stat(path).catch(() => null);
    if (info !== null && Date.now() - info.mtimeMs > ABANDONED) await removeTree(path);
  }
}

/** On the disk before the rename: else a power cut could leave an empty file under the final name. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync().finally(() => file.close());
}
