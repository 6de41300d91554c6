/** The environment → a nats-server that runs and whose version suits; installed where there is none. */
import { resolve } from 'node:path';
import satisfies from 'semver/functions/satisfies.js';
import { ProblemError, problem } from '../errors.ts';
import { askVersion } from './ask-version.ts';
import { cachedPrograms, cacheFolder } from './cache.ts';
import { onPath } from './search-path.ts';
import { NATS_SERVER, type Program } from './version.ts';

export interface FindOptions {
  /** A semver range; default: the package's, `>=2.10`. */
  range?: string;
  /** Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** Takes one line of text at a time: what is passed over and why, and how an installation goes on. */
  onProgress: (text: string) => void;
  signal?: AbortSignal;
}

/**
 * Finds the file of a nats-server: `$LOCKERROOM_NATS_SERVER`, then PATH, then the cache, else by installing it. The version is without a `v`.
 * Rejects with a ProblemError of code `server` where there is none to be had, and with the signal's reason.
 */
export function findServer(options: FindOptions): Promise<{ path: string; version: string }> {
  return find(NATS_SERVER, options);
}

async function find(
  program: Program,
  { range = program.range, env = process.env, onProgress, signal }: FindOptions,
): Promise<{ path: string; version: string }> {
  const suits = (version: string) => satisfies(version, range, { includePrerelease: true });
  const passedOver: string[] = [];
  for await (const { path, source } of candidates(program, env)) {
    const answer = await askVersion(program, path, { env, signal });
    if ('version' in answer && suits(answer.version)) return { path, version: answer.version };
    const reason = 'version' in answer ? `it is version ${answer.version}, and ${range} is needed` : answer.reason;
    const note = `${path} (${source}) is passed over: ${reason}.`;
    passedOver.push(note);
    onProgress(note);
  }
  if (!suits(program.version)) {
    const message = [`No ${program.name} of version ${range} is here, and the one that could be installed is ${program.version}.`, ...passedOver].join('\n  ');
    throw new ProblemError(
      problem('server', message, `Name a ${program.name} of such a version in ${program.pathVariable}; it is to be had from ${program.pages}.`),
    );
  }
  // Loaded only here: most runs install nothing, and start sooner for it.
  const { install } = await import('./install.ts');
  return install(program, { env, onProgress, signal, passedOver });
}

async function* candidates(program: Program, env: NodeJS.ProcessEnv): AsyncGenerator<{ path: string; source: string }> {
  const named = env[program.pathVariable];
  if (named) yield { path: resolve(named), source: `$${program.pathVariable}` };
  for (const path of await onPath(program.name, env)) yield { path, source: 'on the PATH' };
  const cache = cacheFolder(env);
  for (const path of await cachedPrograms(cache, program)) yield { path, source: 'in the cache' };
}
