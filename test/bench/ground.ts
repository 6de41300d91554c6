/** Nothing → the ground on which all contenders run alike: one Node, one nats-server, every store and temporary folder on a memory-backed file system. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Binary, findServer, lookForNats } from '../../src/server/find.ts';

export const REPOSITORY = join(import.meta.dirname, '../..');

const MEMORY = '/dev/shm';

export interface Ground {
  /** Whether it is backed by memory; where the system has no such folder, its folder for temporary files has to do. */
  inMemory: boolean;
  server: Binary;
  /** Null: the rows with console commands are left out. */
  nats: Binary | null;
  env: NodeJS.ProcessEnv;
  /** The command line of `lockerroom ARGS` as a project has it that installed the package: built, and without the sources. */
  lockerroom(...args: string[]): string[];
  /** A new folder from which the packages of this repository can be imported. */
  folder(): Promise<string>;
  /** A cache as it is right after an installation: the programs, and no compiled code. */
  freshCache(): Promise<string>;
  remove(): Promise<void>;
}

export async function prepareGround(): Promise<Ground> {
  const onProgress = (text: string) => process.stderr.write(`${text}\n`);
  const server = await findServer({ onProgress });
  const nats = await lookForNats();
  const base = await mkdtemp(join(isWritable(MEMORY) ? MEMORY : tmpdir(), 'bench-'));
  const folder = async () => {
    const made = await mkdtemp(join(base, 'page-'));
    await symlink(join(REPOSITORY, 'node_modules'), join(made, 'node_modules'));
    return made;
  };
  const freshCache = async () => {
    const cache = await mkdtemp(join(base, 'cache-'));
    await mkdir(join(cache, 'lockerroom'));
    for (const [name, binary] of Object.entries({ 'nats-server': server, nats })) {
      if (binary !== null) await symlink(binary.path, join(cache, 'lockerroom', `${name}-v${binary.version}`));
    }
    return cache;
  };
  const command = await install(join(base, 'installed'));
  const temporary = join(base, 'tmp');
  await mkdir(temporary);
  const { LOCKERROOM_NATS_SERVER: _server, LOCKERROOM_NATS: _nats, NATS_URL: _url, NODE_OPTIONS: _options, ...inherited } = process.env;
  const env = { ...inherited, TMPDIR: temporary, XDG_CACHE_HOME: await freshCache(), NO_COLOR: '1' };
  const remove = () => rm(base, { recursive: true, force: true });
  return { inMemory: !base.startsWith(tmpdir()), server, nats, env, lockerroom: (...args) => [process.execPath, command, ...args], folder, freshCache, remove };
}

/** What npm would put there, and where it would link the command to. */
async function install(folder: string): Promise<string> {
  const { bin, files } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { bin: { lockerroom: string }; files: string[] };
  for (const file of ['package.json', ...files.filter((name) => !name.startsWith('!'))]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(REPOSITORY, file), join(folder, file), { recursive: true });
  }
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, bin.lockerroom);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the tables were made with. */
export function describeGround({ server, nats, inMemory }: Ground): string {
  const store = inMemory ? 'stores in memory (/dev/shm)' : `stores in ${tmpdir()}, which may be a disk`;
  return `Node ${process.versions.node}, nats-server ${server.version}, ${nats === null ? 'no nats CLI' : `nats ${nats.version}`}, ${store} (${basename(process.execPath)}, ${process.platform} ${process.arch})`;
}
