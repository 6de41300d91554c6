/** `2.10`, as somebody types it → the newest nats-server 2.10 that can be had: by Go's list of versions, else by what is known and cached here. */
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import rcompare from 'semver/functions/rcompare.js';
import valid from 'semver/functions/valid.js';
import { ProblemError, problem } from '../errors.ts';
import { cachedPrograms, cacheFolder } from './cache.ts';
import { runCommand } from './command.ts';
import { type Binary, findServerOf } from './find.ts';
import { onPath } from './search-path.ts';
import { NATS_SERVER, NEWEST_PATCHES } from './version.ts';

export interface WantedVersion {
  /** As it was typed: `2.10` or `2.10.27`. */
  asked: string;
  /** Without a `v`. */
  version: string;
  /** How far this can be relied on, where that is not far; one sentence. */
  note: string | null;
  /** A version of the same minor that is in the cache: better than none, where that one cannot be had. */
  instead: string | null;
}

export interface ResolveOptions {
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/** Milliseconds: a list is small, and without a network nothing answers. */
const LIST_LIMIT = 15_000;

/** All versions that there are, or in one sentence why they cannot be known. */
export type VersionList = { versions: string[] } | { unread: string };

/** Asks Go, where it is present, for the list of versions. Rejects only with the signal's reason. */
export async function listVersions({ env, signal }: ResolveOptions): Promise<VersionList> {
  const [go] = await onPath('go', env);
  if (go === undefined) return { unread: 'there is no go on the PATH that would tell' };
  // Elsewhere than in the reader's folder, whose go.mod may say otherwise.
  const args = ['list', '-m', '-f', '{{range .Versions}}{{println .}}{{end}}', '-versions', NATS_SERVER.goPackage];
  const result = await runCommand(go, args, { env: { ...env, GOFLAGS: '' }, cwd: tmpdir(), limit: LIST_LIMIT, signal });
  if (result.timedOut) return { unread: `go list did not end within ${LIST_LIMIT / 1_000} s` };
  const versions = result.lines.map((line) => line.trim().replace(/^v/, '')).filter((line) => valid(line) !== null);
  if (result.code === 0 && versions.length > 0) return { versions };
  return { unread: `go list says ${JSON.stringify(result.lines.find((line) => line !== '') ?? 'nothing')}` };
}

/** What was typed, `2.10` or a full version, in the light of what there is. Throws a ProblemError where it names no nats-server. */
export function resolveVersion(asked: string, list: VersionList, cached: string[]): WantedVersion {
  if (valid(asked) !== null) return { asked, version: asked, note: null, instead: null };
  const newest = (versions: readonly string[]) => versions.filter((one) => isPatchOf(asked, one)).sort(rcompare)[0];
  const here = newest(cached);
  if ('versions' in list) {
    const version = newest(list.versions);
    if (version !== undefined) return { asked, version, note: null, instead: here ?? null };
    throw new ProblemError(problem('usage', `--matrix: there is no nats-server ${asked}`, `There are ${minorsOf(list.versions).join(', ')}.`));
  }
  const version = newest([...NEWEST_PATCHES, ...cached]);
  if (version === undefined) {
    const message = `--matrix: which nats-server ${asked} there is cannot be known, because ${list.unread}`;
    throw new ProblemError(problem('server', message, `Give the whole version, as in ${asked}.0; known here are ${minorsOf(NEWEST_PATCHES).join(', ')}.`));
  }
  const note = `${version} is the newest nats-server ${asked} that is known here; there may be a newer one, but ${list.unread}.`;
  return { asked, version, note, instead: here ?? null };
}

/** All of them, the list read once and only where it is needed. Those that name no nats-server are in `problems`. */
export async function resolveVersions(asked: string[], options: ResolveOptions): Promise<{ wanted: WantedVersion[]; problems: ProblemError[] }> {
  const isListed = asked.some((one) => valid(one) === null);
  const list = isListed ? await listVersions(options) : { versions: [] };
  const prefix = `${NATS_SERVER.name}-v`;
  const cached = isListed ? (await cachedPrograms(cacheFolder(options.env), NATS_SERVER)).map((path) => basename(path).slice(prefix.length)) : [];
  const wanted = new Map<string, WantedVersion>();
  const problems: ProblemError[] = [];
  for (const one of asked) {
    try {
      const found = resolveVersion(one, list, cached);
      // 2.10 and 2.10.27 can be one.
      if (!wanted.has(found.version)) wanted.set(found.version, found);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(error);
    }
  }
  return { wanted: [...wanted.values()], problems };
}

/** Finds or installs it, or what stands in for it. Rejects with a ProblemError of code `server`, and with the signal's reason. */
export async function obtainVersion(
  { asked, version, note, instead }: WantedVersion,
  { env, onProgress, signal }: ResolveOptions & { onProgress: (text: string) => void },
): Promise<{ server: Binary; note: string | null }> {
  const own = { env, onProgress, ...(signal && { signal }) };
  try {
    return { server: await findServerOf(version, own), note };
  } catch (error) {
    if (!(error instanceof ProblemError) || instead === null || instead === version) throw error;
    const why = `${instead} stands in for nats-server ${asked}, because ${version} could not be installed.`;
    return { server: await findServerOf(instead, own), note: why };
  }
}

function isPatchOf(minor: string, version: string): boolean {
  return version.startsWith(`${minor}.`) && /^\d+\.\d+\.\d+$/.test(version);
}

/** From the oldest that suits us, in order. */
function minorsOf(versions: readonly string[]): string[] {
  const minors = new Set(versions.flatMap((version) => /^(2\.\d{2,})\.\d+$/.exec(version)?.[1] ?? []));
  return [...minors].sort((one, other) => Number(one.slice(2)) - Number(other.slice(2)));
}
