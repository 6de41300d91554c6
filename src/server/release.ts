/** The official release for this platform → the program's file, checked against the published SHA-256. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseTar } from 'nanotar';
import { type DownloadLimits, download, useProxy } from './download.ts';
import type { Program } from './version.ts';

export interface ReleaseOptions {
  env: NodeJS.ProcessEnv;
  onProgress: (text: string) => void;
  signal?: AbortSignal | undefined;
  limits: DownloadLimits;
}

const LARGEST_PROGRAM = 512 * 2 ** 20;

/** Puts the program's file into `folder`. Rejects with one sentence that says what went wrong, or with the signal's reason. */
export async function fromRelease(program: Program, folder: string, { env, onProgress, signal, limits }: ReleaseOptions): Promise<void> {
  const base = `${(env[program.downloadsVariable] || program.downloads).replace(/\/+$/, '')}/v${program.version}`;
  if (!/^https?:\/\//.test(base)) throw new Error(`${program.downloadsVariable} is no http or https address: ${base}`);
  const { os, arch } = goPlatform();
  const name = program.archive(program.version, os, arch);
  const url = `${base}/${name}`;
  const restore = useProxy(env);
  try {
    onProgress(`Installing ${program.name} ${program.version} from ${url}`);
    const published = sumOf(name, (await download(`${base}/SHA256SUMS`, { signal, limits })).toString('utf8'));
    if (published === null) throw new Error(`there is no release for ${os} on ${arch} (${name} is not in ${base}/SHA256SUMS)`);
    const archive = await download(url, { signal, limits, onBytes: progress(`${program.name} ${program.version}`, onProgress) });
    const sum = createHash('sha256').update(archive).digest('hex');
    if (sum !== published) throw new Error(`${url} is not what was published and is not used: its SHA-256 is ${sum}, the published one ${published}`);
    await writeFile(join(folder, program.name), await unpack(program.name, archive));
  } finally {
    restore();
  }
}

/** The names that Go and the releases have for the platform. */
function goPlatform(): { os: string; arch: string } {
  const names: Record<string, string> = { x64: 'amd64', ia32: '386', arm: 'arm7', ppc64: endianness() === 'LE' ? 'ppc64le' : 'ppc64' };
  return { os: process.platform, arch: names[process.arch] ?? process.arch };
}

/** The sum in a `SHA256SUMS` file; null where the file is not listed. */
function sumOf(name: string, sums: string): string | null {
  for (const line of sums.split('\n')) {
    const [, sum, file] = /^([0-9a-f]{64})\s+\*?(?:\.\/)?(\S+)\s*$/i.exec(line) ?? [];
    if (file === name && sum !== undefined) return sum.toLowerCase();
  }
  return null;
}

async function unpack(name: string, archive: Buffer): Promise<Uint8Array> {
  const tar = await promisify(gunzip)(archive, { maxOutputLength: LARGEST_PROGRAM });
  // A copy in memory of its own: nanotar reads from the beginning of the memory that a buffer may share with others.
  const file = parseTar(Uint8Array.from(tar)).find((item) => item.type === 'file' && basename(item.name) === name);
  if (file?.data === undefined) throw new Error(`there is no file ${name} in the release's archive`);
  return file.data;
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
