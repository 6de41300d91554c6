/** The environment → a nats-server, or a `nats` CLI, that runs and whose version suits; installed where there is none. */
import { resolve } from 'node:path';
import satisfies from 'semver/functions/satisfies.js';
import { ProblemError, problem } from '../errors.ts';
import { askVersion } from './ask-version.ts';
import { cachedPrograms, cacheFolder } from './cache.ts';
import { KnownVersions } from './known-versions.ts';
import { onPath } from './search-path.ts';
import { NATS, NATS_SERVER, type Program } from './version.ts';

export interface FindOptions {
  /** A semver range; default: the package's, `>=2.10`. */
  range?: string;
  /** Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** Takes one line of text at a time: what is passed over and why, and how an installation goes on. */
  onProgress: (text: string) => void;
  signal?: AbortSignal;
}

export interface Binary {
  path: string;
  /** Without a `v`. */
  version: string;
}

/** What is here of a program; nothing is installed. */
export interface Look {
  found: Binary | null;
  /** What is here and of no use, a sentence each. */
  passedOver: string[];
}

export interface LookOptions extends Partial<Omit<FindOptions, 'signal'>> {
  /** Milliseconds for each program to tell its version. */
  limit?: number;
  signal?: AbortSignal | undefined;
  /** Takes for the version of a program what it said before, as long as it is the same file; else each is asked. */
  remember?: boolean;
}

/**
 * Finds the file of a nats-server: `$LOCKERROOM_NATS_SERVER`, then PATH, then the cache, else by installing it. The version is without a `v`.
 * Rejects with a ProblemError of code `server` where there is none to be had, and with the signal's reason.
 */
export function findServer(options: FindOptions): Promise<Binary> {
  return find(NATS_SERVER, options);
}

/** The same for a nats-server of this version and no other; what is here and of another one is passed over in silence. */
export async function findServerOf(version: string, { env = process.env, onProgress, signal }: Omit<FindOptions, 'range'>): Promise<Binary> {
  const program: Program = { ...NATS_SERVER, version, range: version };
  const { found } = await lookFor(program, { env, signal, remember: true });
  if (found !== null) return found;
  const { install } = await import('./install.ts');
  return install(program, { env, onProgress, signal });
}

/** The same for the `nats` CLI, of version `>=0.4`: `$LOCKERROOM_NATS`, then PATH, then the cache, else by installing it. */
export function findNats(options: FindOptions): Promise<Binary> {
  return find(NATS, options);
}

/** The `nats` CLI that `findNats` would find without installing anything; null where there is none that suits. Rejects only with the signal's reason. */
export async function lookForNats(options: LookOptions = {}): Promise<Binary | null> {
  return (await lookFor(NATS, { ...options, remember: true })).found;
}

async function find(program: Program, { range = program.range, env = process.env, onProgress, signal }: FindOptions): Promise<Binary> {
  const { found, passedOver } = await lookFor(program, { range, env, onProgress, signal, remember: true });
  if (found !== null) return found;
  if (!suits(program.version, range)) {
    const message = [`No ${program.name} of version ${range} is here, and the one that could be installed is ${program.version}.`, ...passedOver].join('\n  ');
    throw new ProblemError(
      problem('server', message, `Name a ${program.name} of such a version in ${program.pathVariable}; it is to be had from ${program.pages}.`),
    );
  }
  // Loaded only here: most runs install nothing, and start sooner for it.
  const { install } = await import('./install.ts');
  return install(program, { env, onProgress, signal, passedOver });
}

/** Looks where `find…` looks, and says what is of no use; installs nothing. Rejects only with the signal's reason. */
export async function lookFor(program: Program, options: LookOptions = {}): Promise<Look> {
  const { range = program.range, env = process.env, onProgress, signal, limit, remember = false } = options;
  const passedOver: string[] = [];
  const known = new KnownVersions(cacheFolder(env));
  for await (const { path, source } of candidates(program, env)) {
    signal?.throwIfAborted();
    const before = remember ? known.versionOf(path) : null;
    const answer = before !== null ? { version: before } : await askVersion(program, path, { env, signal, ...(limit !== undefined && { limit }) });
    if (before === null && 'version' in answer) known.keep(path, answer.version);
    if ('version' in answer && suits(answer.version, range)) return { found: { path, version: answer.version }, passedOver };
    const reason = 'version' in answer ? `it is version ${answer.version}, and ${range} is needed` : answer.reason;
    const note = `${path} (${source}) is passed over: ${reason}.`;
    passedOver.push(note);
    onProgress?.(note);
  }
  return { found: null, passedOver };
}

function suits(version: string, range: string): boolean {
  return satisfies(version, range, { includePrerelease: true });
}

/** Where a program of that name would be looked for first; nothing is asked of it. */
export async function firstCandidate(program: Program, env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  for await (const { path } of candidates(program, env)) return path;
  return null;
}

async function* candidates(program: Program, env: NodeJS.ProcessEnv): AsyncGenerator<{ path: string; source: string }> {
  const named = env[program.pathVariable];
  if (named) yield { path: resolve(named), source: `$${program.pathVariable}` };
  for (const path of await onPath(program.name, env)) yield { path, source: 'on the PATH' };
  const cache = cacheFolder(env);
  for (const path of await cachedPrograms(cache, program)) yield { path, source: 'in the cache' };
}
