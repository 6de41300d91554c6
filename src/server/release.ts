/** The official release for this platform → the program's file, checked against the published SHA-256. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpack } from './archive.ts';
import { type DownloadLimits, download } from './download.ts';
import { releasePlatform } from './release-platform.ts';
import type { Program } from './version.ts';

export interface ReleaseOptions {
  env: NodeJS.ProcessEnv;
  onProgress: (text: string) => void;
  signal?: AbortSignal | undefined;
  limits: DownloadLimits;
}

export interface FindReleaseOptions extends Omit<ReleaseOptions, 'onProgress'> {
  onRetry?: (text: string) => void;
}

/** A release's archive for this platform. */
export interface Release {
  url: string;
  /** The archive's name. */
  name: string;
  /** Its SHA-256 as published. */
  sum: string;
}

/** Asks where releases stand for the one that suits this platform; one small file is read. Rejects with one sentence that says why there is none. */
export async function findRelease(program: Program, { env, signal, limits, onRetry }: FindReleaseOptions): Promise<Release> {
  const { url, base, name, os, arch } = releaseAt(program, env);
  const sum = sumOf(name, (await download(`${base}/SHA256SUMS`, { env, signal, limits, ...(onRetry && { onRetry }) })).toString('utf8'));
  if (sum === null) throw new Error(`there is no release for ${os} on ${arch} (${name} is not in ${base}/SHA256SUMS)`);
  return { url, name, sum };
}

/** Puts the program's file into `folder`. Rejects with one sentence that says what went wrong, or with the signal's reason. */
export async function fromRelease(program: Program, folder: string, { env, onProgress, signal, limits }: ReleaseOptions): Promise<void> {
  onProgress(`Installing ${program.name} ${program.version} from ${releaseAt(program, env).url}`);
  const { url, name, sum: published } = await findRelease(program, { env, signal, limits, onRetry: onProgress });
  const onBytes = progress(`${program.name} ${program.version}`, onProgress);
  const archive = await download(url, { env, signal, limits, onBytes, onRetry: onProgress });
  const sum = createHash('sha256').update(archive).digest('hex');
  if (sum !== published) throw new Error(`${url} is not what was published and is not used: its SHA-256 is ${sum}, the published one ${published}`);
  await writeFile(join(folder, program.name), await unpack(program.name, name, archive));
}

function releaseAt(program: Program, env: NodeJS.ProcessEnv) {
  const base = `${(env[program.downloadsVariable] || program.downloads).replace(/\/+$/, '')}/v${program.version}`;
  if (!/^https?:\/\//.test(base)) throw new Error(`${program.downloadsVariable} is no http or https address: ${base}`);
  const { os, arch } = releasePlatform();
  const name = program.archive(program.version, os, arch);
  return { url: `${base}/${name}`, base, name, os, arch };
}

/** The sum in a `SHA256SUMS` file; null where the file is not listed. */
function sumOf(name: string, sums: string): string | null {
  for (const line of sums.split('\n')) {
    const [, sum, file] = /^([0-9a-f]{64})\s+\*?(?:\.\/)?(\S+)\s*$/i.exec(line) ?? [];
    if (file === name && sum !== undefined) return sum.toLowerCase();
  }
  return null;
}

/** Tells how far it is, once a second and not before the first one is over. */
function progress(what: string, onProgress: (text: string) => void): (received: number, total: number | null) => void {
  let told = Date.now();
  return (received, total) => {
    if (Date.now() - told < 1_000) return;
    told = Date.now();
    const amount = `${(received / 2 ** 20).toFixed(1)} MB`;
    onProgress(total === null ? `${what}: ${amount}` : `${what}: ${Math.floor((received / total) * 100)} % of ${(total / 2 ** 20).toFixed(1)} MB`);
  };
}
