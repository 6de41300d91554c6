/** A folder for temporary files → the same without what dead runs of this user left in it. */
import { lstat, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killProcess } from './child.ts';
import { processesIn } from './processes.ts';
import { removeTree } from './remove.ts';
import { isDead, SOCKET } from './sign-of-life.ts';

/** A run's folder is named so, with six characters behind. */
export const BORN = 'lockerroom-';
/** And so until it shows a sign of life. */
export const UNBORN = '.lockerroom-';

/** Milliseconds after which a folder that is still unborn never will be. */
const STILLBORN = 60_000;

/** Ends what dead runs left: their processes first, then their folders. What cannot be removed is left to the next run; never rejects. */
export async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base).catch(() => [])) {
    if (/^\.?lockerroom-[A-Za-z0-9]{6}$/.test(name)) await sweepFolder(join(base, name), name.startsWith(UNBORN)).catch(() => {});
  }
}

async function sweepFolder(folder: string, unborn: boolean): Promise<void> {
  const info = await lstat(folder);
  if (!info.isDirectory() || info.uid !== process.getuid?.()) return;
  if (unborn && Date.now() - info.mtimeMs < STILLBORN) return;
  if (await isDead(folder)) {
    await killProcessesIn(folder);
    await removeFolder(folder);
  } else if (unborn) {
    // Its run was killed before it could listen. Of a folder that is not empty we know nothing.
    await rmdir(folder);
  }
}

/** Removes a run's folder, its sign of life last: who is stopped in the middle leaves what the next run still knows for a dead run's. */
export async function removeFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name !== SOCKET) await removeTree(join(folder, name));
  }
  await removeTree(folder);
}

/** Kills until none is left, for two seconds at most. */
export async function killProcessesIn(folder: string): Promise<void> {
  const deadline = Date.now() + 2_000;
  for (let pids = await processesIn(folder); pids.length > 0; pids = await processesIn(folder)) {
    for (const pid of pids) killProcess(pid);
    if (Date.now() > deadline) return;
    await delay(5);
  }
}
