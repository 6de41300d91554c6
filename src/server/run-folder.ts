/** A run → one folder for all that it makes, which goes with it whatever happens. */
import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ProblemError, problem } from '../errors.ts';
import { gone, killProcess } from './child.ts';
import { startReaper } from './reaper.ts';
import { fitsSocket, listen, SOCKET } from './sign-of-life.ts';
import { BORN, killProcessesIn, removeFolder, sweep, UNBORN } from './sweep.ts';

export interface RunFolder {
  path: string;
  /** Resolves when those of dead runs have been removed. */
  readonly swept: Promise<void>;
  /** The process (and the group that it leads) is killed with the run. On a closed folder it is killed at once. */
  track(pid: number): void;
  /** The process has ended, or shall outlive the run. */
  untrack(pid: number): void;
  /** The folder stays; processes that are still tracked are killed all the same. */
  keep(): void;
  /** Kills what is tracked and removes the folder. Safe to call twice. */
  close(): Promise<void>;
  /** The same at once, for `exit` and crashes. */
  closeNow(): void;
}

/**
 * Makes a folder `lockerroom-` and six characters in the folder for temporary files, after it has removed those of dead runs there (`beside`: until `close`). Even a kill -9 leaves
 * nothing: the reaper cleans up at once, and were it killed too, the next run does. Rejects with a ProblemError of code `server`.
 */
export async function openRunFolder({ sweeping = 'before' }: { sweeping?: 'before' | 'beside' } = {}): Promise<RunFolder> {
  const { path, life } = await createAnywhere();
  const reaper = startReaper(path);
  const swept = sweep(dirname(path));
  if (sweeping === 'before') await swept;
  return new OpenFolder(path, life, reaper, swept);
}

class OpenFolder implements RunFolder {
  readonly path: string;
  #life: Server;
  #reaper: ReturnType<typeof startReaper>;
  readonly swept: Promise<void>;
  #tracked = new Set<number>();
  #kept = false;
  #closing: Promise<void> | null = null;
  #closed = false;

  constructor(path: string, life: Server, reaper: ReturnType<typeof startReaper>, swept: Promise<void>) {
    this.path = path;
    this.#life = life;
    this.#reaper = reaper;
    this.swept = swept;
  }

  track(pid: number): void {
    // A kill of -1 would be one of everything.
    if (!Number.isSafeInteger(pid) || pid <= 1 || pid === process.pid) throw new RangeError(`not a process to track: ${pid}`);
    if (this.#closed) {
      killProcess(pid);
      return;
    }
    this.#tracked.add(pid);
    this.#reaper.say(`+${pid}`);
  }

  untrack(pid: number): void {
    if (this.#tracked.delete(pid)) this.#reaper.say(`-${pid}`);
  }

  keep(): void {
    if (this.#kept || this.#closed) return;
    this.#kept = true;
    this.#reaper.say('keep');
    // Without the sign of life the folder is nobody's, so no later run takes it for a dead one's.
    rmSync(join(this.path, SOCKET), { force: true });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    const killed = this.#killTracked();
    try {
      await gone(killed);
      // What a step put into a session of its own no group leads to.
      if (!this.#kept) await killProcessesIn(this.path);
      if (!this.#kept) await removeFolder(this.path);
    } catch (error) {
      throw new ProblemError(problem('server', `The run's folder could not be removed: ${(error as Error).message}`, `Remove it by hand: ${this.path}`));
    } finally {
      this.#life.close();
      await Promise.all([this.swept, this.#reaper.end()]);
    }
  }

  closeNow(): void {
    this.#killTracked();
    if (!this.#kept) {
      try {
        rmSync(this.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 10 });
      } catch {
        // The reaper sees our end without a `done`, and does it.
        return;
      }
    }
    this.#reaper.say('done');
  }

  #killTracked(): number[] {
    this.#closed = true;
    const pids = [...this.#tracked];
    this.#tracked.clear();
    for (const pid of pids) killProcess(pid);
    return pids;
  }
}

/** In TMPDIR; where that is not there, may not be written or is too long for a socket's path, in /tmp. */
async function createAnywhere(): Promise<{ path: string; life: Server }> {
  const failures: string[] = [];
  for (const base of new Set([tmpdir(), '/tmp'])) {
    try {
      return await create(await realpath(base));
    } catch (error) {
      failures.push(`${base}: ${(error as Error).message}`);
    }
  }
  const message = `No folder can be made for what a run needs (${failures.join('; ')}).`;
  throw new ProblemError(problem('server', message, 'Name a folder that can be written, with a short path, in TMPDIR.'));
}

/** It gets its name only when it shows a sign of life: a run that starts beside this one must not take it for a dead run's. */
async function create(base: string): Promise<{ path: string; life: Server }> {
  if (!fitsSocket(join(base, `${UNBORN}123456`))) throw new Error('its path is too long');
  const unborn = await mkdtemp(join(base, UNBORN));
  try {
    const life = await listen(unborn);
    const path = join(base, BORN + basename(unborn).slice(UNBORN.length));
    await rename(unborn, path).catch((error) => {
      life.close();
      throw error;
    });
    return { path, life };
  } catch (error) {
    await rm(unborn, { recursive: true, force: true });
    throw error;
  }
}
