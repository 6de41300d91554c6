/** This machine → what is here of all that a run can use, what is missing, and what to do; nothing is installed or changed. */
import satisfies from 'semver/functions/satisfies.js';
import { cacheFolder } from './cache.ts';
import { checkCache } from './doctor-cache.ts';
import { checkDocker, checkGo } from './doctor-tools.ts';
import type { DownloadLimits } from './download.ts';
import { lookFor } from './find.ts';
import { findRelease } from './release.ts';
import { NATS, NATS_SERVER, type Program } from './version.ts';

export interface Check {
  name: string;
  /** `unsuitable`: it is here, and of no use. */
  status: 'ok' | 'missing' | 'unsuitable';
  version: string | null;
  path: string | null;
  /** What there is to know beside the version; null: nothing. */
  detail: string | null;
  /** What to do or to type; null where nothing need be done. */
  advice: string | null;
}

export interface Diagnosis {
  /** Lessons can be run: Node suits, and a nats-server is here or can be installed. */
  ok: boolean;
  checks: Check[];
}

export interface DoctorOptions {
  env: NodeJS.ProcessEnv;
  /** The Node that runs us; its range is the package's. */
  node: { version: string; path: string; range: string };
  signal?: AbortSignal | undefined;
  /** Milliseconds for each program to answer. */
  limit?: number;
  limits?: DownloadLimits;
}

const LIMIT = 5_000;
const DOWNLOAD_LIMITS: DownloadLimits = { connect: 5_000, stall: 5_000, retries: 0, backoff: 0, whole: 5_000 };

/** Looks at everything side by side. Rejects only with the signal's reason. */
export async function diagnose({ env, node, signal, limit = LIMIT, limits = DOWNLOAD_LIMITS }: DoctorOptions): Promise<Diagnosis> {
  const context = { env, signal, limit };
  const [go, docker, cache] = await Promise.all([checkGo(context), checkDocker(context), checkCache(env)]);
  const way = (program: Program) => wayToInstall(program, go, cache, { env, signal, limits });
  const programs = [NATS_SERVER, NATS].map(async (program) => {
    const look = await lookFor(program, context);
    return { program, ...look, way: look.found === null ? await way(program) : null };
  });
  const [server, nats] = (await Promise.all(programs)).map(describeProgram);
  const nodeCheck = checkNode(node);
  const checks = [nodeCheck, server?.check, nats?.check, go, ...docker, cache].filter((check) => check !== undefined);
  return { ok: nodeCheck.status === 'ok' && server?.canBeHad === true, checks };
}

function checkNode({ version, path, range }: DoctorOptions['node']): Check {
  const isSuitable = satisfies(version, range, { includePrerelease: true });
  return {
    name: 'Node',
    status: isSuitable ? 'ok' : 'unsuitable',
    version,
    path,
    detail: isSuitable ? null : `${range} is needed`,
    advice: isSuitable ? null : 'install a newer one from https://nodejs.org, or: npm install --save-dev node@24',
  };
}

/** Of the ways that `install` goes, in its order, the first that is open. */
type Way = { how: string } | { closed: string };

async function wayToInstall(
  program: Program,
  go: Check,
  cache: Check,
  context: { env: NodeJS.ProcessEnv; signal: AbortSignal | undefined; limits: DownloadLimits },
): Promise<Way> {
  if (cache.status !== 'ok') return { closed: `the cache ${cacheFolder(context.env)} cannot be written` };
  try {
    await findRelease(program, context);
    return { how: 'from its release' };
  } catch (error) {
    context.signal?.throwIfAborted();
    if (go.status === 'ok') return { how: 'with Go' };
    return { closed: `its release cannot be had (${error instanceof Error ? error.message : String(error)}), and there is no Go` };
  }
}

interface Looked {
  program: Program;
  found: { path: string; version: string } | null;
  passedOver: string[];
  way: Way | null;
}

function describeProgram({ program, found, passedOver, way }: Looked): { check: Check; canBeHad: boolean } {
  const { name, version, range, goPackage, pages, pathVariable } = program;
  const use = program === NATS ? 'console fences run where it is found' : 'every run needs it';
  const details = [...passedOver, ...(found === null ? [`${name} ${range}: ${use}${way !== null && 'closed' in way ? `; ${way.closed}` : ''}`] : [])];
  const command = program === NATS ? 'lockerroom run --twin require' : 'lockerroom run';
  const byHand = `have it on the PATH (go install ${goPackage}@v${version}, or ${pages}), or name it: ${pathVariable}=/path/to/${name}`;
  const advice = way === null ? null : 'how' in way ? `\`${command}\` installs ${name} ${version} ${way.how} into the cache` : byHand;
  return {
    check: {
      name,
      status: found !== null ? 'ok' : passedOver.length > 0 ? 'unsuitable' : 'missing',
      version: found?.version ?? null,
      path: found?.path ?? null,
      detail: details.length === 0 ? null : details.join('\n'),
      advice,
    },
    canBeHad: way === null || 'how' in way,
  };
}
