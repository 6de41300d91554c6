/** Several installations of one program at once → one at a time, also where the one that holds the lock is killed. */
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called once, where another one holds it. */
  onWait: () => void;
}

/** Milliseconds between two signs of life of the holder, and after which one that gives none is dead. */
const BEAT = 1_000;
const DEAD = 15_000;
/** Milliseconds between two looks of who waits. */
const LOOK = 100;

/**
 * Runs `use` while nobody else on this machine does for that file, which goes with it. It only saves work: what is installed is moved into place in one
 * stroke, so that two at once would do no harm. Where no lock can be had, for files cannot be made or removed there, `use` is run without.
 */
export async function withLock<Result>(file: string, { signal, onWait }: LockOptions, use: () => Promise<Result>): Promise<Result> {
  const mine = `${hostname()} ${process.pid} ${crypto.randomUUID()}`;
  for (let hasSaid = false; !(await take(file, mine)); ) {
    signal?.throwIfAborted();
    const mayBeFree = await removeDead(file).catch(() => null);
    if (mayBeFree === null) return use();
    if (mayBeFree) continue;
    if (!hasSaid) onWait();
    hasSaid = true;
    await sleep(LOOK, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), BEAT);
  try {
    return await use();
  } finally {
    clearInterval(beat);
    if ((await textOf(file).catch(() => null)) === mine) await rm(file, { force: true });
  }
}

/** False where another one has it. */
async function take(file: string, mine: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(mine).finally(() => handle.close());
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
}

/**
 * Whether another try to take it may succeed at once: it is gone, or was a dead holder's and is now. One at a time removes it, and looks once more before
 * that, so that it is never the lock of one that took it meanwhile.
 */
async function removeDead(file: string): Promise<boolean> {
  const text = await textOf(file);
  if (text === null) return true;
  if (!(await isDead(file, text))) return false;
  const removal = `${file}.removal`;
  if (!(await take(removal, ''))) {
    if (await isSilent(removal)) await rm(removal, { force: true });
    return false;
  }
  try {
    if ((await textOf(file)) === text && (await isDead(file, text))) await rm(file, { force: true });
  } finally {
    await rm(removal, { force: true });
  }
  return true;
}

async function isDead(file: string, text: string): Promise<boolean> {
  const [host, pid] = text.split(' ');
  if (host === hostname() && pid !== undefined && !isThere(Number(pid))) return true;
  return isSilent(file);
}

/** Whether it has given no sign of life for long. */
async function isSilent(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > DEAD;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Null where it is not there; throws where it cannot be read. */
function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
