/** Nothing on this machine → the pinned version of a program in the cache, or one message that says what to type. */
import { join } from 'node:path';
import { ProblemError, problem } from '../errors.ts';
import { cacheFolder, inCache, openCache, placeInCache } from './cache.ts';
import { type DownloadLimits, LIMITS } from './download.ts';
import { fromGo } from './go.ts';
import { withLock } from './install-lock.ts';
import { fromRelease } from './release.ts';
import type { Program } from './version.ts';

export interface InstallOptions {
  env: NodeJS.ProcessEnv;
  /** Takes one line of text at a time. */
  onProgress: (text: string) => void;
  signal?: AbortSignal | undefined;
  /** What was found and is of no use, a sentence each; part of the message where nothing can be installed either. */
  passedOver?: string[];
  limits?: DownloadLimits;
}

/** Installs the program. Rejects with a ProblemError of code `server`, and with the signal's reason; either way nothing half done stays. */
export async function install(program: Program, options: InstallOptions): Promise<{ path: string; version: string }> {
  const { env, onProgress, signal, passedOver = [], limits = LIMITS } = options;
  const cache = cacheFolder(env);
  const failures: string[] = [];
  try {
    await openCache(cache);
  } catch (error) {
    throw unobtainable(program, [...passedOver, `The cache cannot be written, so nothing can be installed: ${messageOf(error)}.`]);
  }
  const onWait = () => onProgress(`Another lockerroom is installing ${program.name} ${program.version}: it is waited for`);
  return withLock(join(cache, `.lock-${program.name}-v${program.version}`), { signal, onWait }, async () => {
    // The one that was waited for has done it, or one that was quicker.
    const there = await inCache(cache, program, signal);
    if (there !== null) return { path: there, version: program.version };
    for (const way of [fromRelease, fromGo]) {
      try {
        const path = await placeInCache(cache, program, (folder) => way(program, folder, { env, onProgress, signal, limits }), signal);
        onProgress(`${program.name} ${program.version} is installed: ${path}`);
        return { path, version: program.version };
      } catch (error) {
        signal?.throwIfAborted();
        const failure = `Not installed ${way === fromRelease ? 'from the release' : 'with Go'}: ${messageOf(error)}.`;
        failures.push(failure);
        onProgress(failure);
      }
    }
    throw unobtainable(program, [...passedOver, ...failures]);
  });
}

function unobtainable(program: Program, reasons: string[]): ProblemError {
  const { name, version, range, pathVariable, goPackage, pages } = program;
  const message = [`There is no ${name} ${range} here, and none could be installed.`, ...reasons].join('\n  ');
  const advice = [
    `Install ${name} and run this again. One of these will do:`,
    `with Go: go install ${goPackage}@v${version} (then have "$(go env GOPATH)/bin" on the PATH)`,
    `from ${pages}: have it on the PATH`,
    `a ${name} that is somewhere else: ${pathVariable}=/path/to/${name}`,
  ].join('\n  ');
  return new ProblemError(problem('server', message, advice));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
