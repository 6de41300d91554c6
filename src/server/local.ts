/** A nats-server's file and a run's folder → a private server with JetStream, on a free loopback port, that goes with the run. */
import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describeEnding, ending, killGroup } from './child.ts';
import { LogTail } from './log.ts';
import { awaitReady, didNotStart } from './ready.ts';
import { removeTree } from './remove.ts';
import type { RunFolder } from './run-folder.ts';
import { type LocalServer, RunningServer } from './running-server.ts';

export type { LocalServer };

export interface LocalServerOptions {
  binary: { path: string; version: string };
  folder: RunFolder;
  /** The server's name in its log and in what it tells clients; default `lockerroom`. */
  name?: string;
  /** Milliseconds within which it must be ready; default 10 s, where a server takes about 20 ms. */
  limit?: number;
}

const LIMIT = 10_000;

/** As many lines of the log are kept as tell why a server did not start or went away. */
const KEPT_LINES = 200;

/** Resolves when the server takes connections. Rejects with a ProblemError of code `server` that has the last lines of its log; nothing of it stays then. */
export async function startLocalServer({ binary, folder, name = 'lockerroom', limit = LIMIT }: LocalServerOptions): Promise<LocalServer> {
  const home = await mkdtemp(join(folder.path, 'server-')).catch((error: Error) => {
    throw didNotStart(binary, `its store cannot be made: ${error.message}`, []);
  });
  const storeDir = join(home, 'store');
  // A name with blanks is refused by the server.
  const args = ['-a', '127.0.0.1', '-p', '-1', '-js', '-sd', storeDir, '-n', name.replace(/\s+/g, '-') || 'lockerroom'];
  const log = new LogTail(KEPT_LINES);
  try {
    const child = spawn(binary.path, args, { detached: true, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
    const { pid } = child;
    const ended = ending(child);
    if (pid === undefined) throw didNotStart(binary, describeEnding(await ended), []);
    folder.track(pid);
    child.once('exit', () => folder.untrack(pid));
    try {
      const { port, version } = await awaitReady({ binary, stderr: child.stderr, ended, log, limit });
      return new RunningServer({ url: `nats://127.0.0.1:${port}`, version, storeDir }, { child, pid, ended, log, home, folder });
    } catch (error) {
      killGroup(pid);
      await ended;
      throw error;
    }
  } catch (error) {
    await removeTree(home);
    // What `spawn` throws itself: a file that is no program for this system.
    throw error instanceof Error && 'syscall' in error ? didNotStart(binary, error.message, []) : error;
  }
}
