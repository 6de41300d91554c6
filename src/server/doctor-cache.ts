/** The cache → whether it can be written, and what it holds. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { cachedPrograms, cacheFolder } from './cache.ts';
import type { Check } from './doctor.ts';
import { NATS, NATS_SERVER } from './version.ts';

export async function checkCache(env: NodeJS.ProcessEnv): Promise<Check> {
  const path = cacheFolder(env);
  const programs = (await Promise.all([NATS_SERVER, NATS].map((program) => cachedPrograms(path, program)))).flat();
  const problem = await whyNotWritable(path);
  const holds = programs.length === 0 ? 'holds nothing' : `holds ${programs.map((program) => basename(program)).join(', ')}`;
  return {
    name: 'cache',
    status: problem === null ? 'ok' : 'unsuitable',
    version: null,
    path,
    detail: problem === null ? holds : `${holds}; ${problem}`,
    advice: problem === null ? null : 'make it writable, or name another folder for it in XDG_CACHE_HOME',
  };
}

/** Of a cache that is not there, the nearest folder above must be one in which it can be made. */
async function whyNotWritable(folder: string): Promise<string | null> {
  try {
    const info = await stat(folder);
    if (!info.isDirectory()) return `${folder} is no folder`;
    await access(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(folder) !== folder) return whyNotWritable(dirname(folder));
    return `${folder} cannot be written (${code})`;
  }
}
