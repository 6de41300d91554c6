/** A nats-server's file and where its store is → a process that takes connections. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describeEnding, ending, killGroup } from './child.ts';
import { LogTail } from './log.ts';
import { awaitReady, didNotStart } from './ready.ts';
import type { RunFolder } from './run-folder.ts';
import type { ServerProcess } from './running-server.ts';

export interface Launch {
  binary: { path: string; version: string };
  folder: RunFolder;
  /** The folder of the server within the run's: its store is in it. */
  home: string;
  name: string;
  /** Absolute: a configuration that it includes; null: none. */
  config: string | null;
  /** Where it listens for the others of its cluster, and where all of them do; null: it is alone, and has no monitoring. */
  cluster: { port: number; ports: number[] } | null;
  /** Milliseconds within which it must be ready. */
  limit: number;
}

/** As many lines of the log are kept as tell why a server did not start or went away. */
const KEPT_LINES = 200;

export function storeOf(home: string): string {
  return join(home, 'store');
}

/** `port` null: a free one. Rejects with a ProblemError of code `server` that has the last lines of its log; no process stays then. */
export async function launch(
  { binary, folder, home, name, config, cluster, limit }: Launch,
  port: number | null,
  signal?: AbortSignal,
): Promise<{ process: ServerProcess; port: number; monitor: number | null; version: string }> {
  // What a flag says wins over the configuration; its own monitoring port and log file would be in the way of the next server's, and of ours.
  const included = config === null ? [] : ['-c', config, '-l', ''];
  const monitored = cluster !== null ? ['-m', '-1'] : config !== null ? ['-m', '0'] : [];
  const joined = cluster === null ? [] : ['--cluster_name', 'lockerroom', '--cluster', routeTo(cluster.port), '--routes', cluster.ports.map(routeTo).join(',')];
  // A name with blanks is refused by the server.
  const named = name.replace(/\s+/g, '-') || 'lockerroom';
  const args = [...included, ...monitored, ...joined, '-a', '127.0.0.1', '-p', String(port ?? -1), '-js', '-sd', storeOf(home), '-n', named];
  const log = new LogTail(KEPT_LINES);
  const child = start(binary, args, home);
  const { pid } = child;
  const ended = ending(child);
  if (pid === undefined) throw didNotStart(binary, describeEnding(await ended), []);
  folder.track(pid);
  child.once('exit', () => folder.untrack(pid));
  const kill = () => killGroup(pid);
  signal?.addEventListener('abort', kill, { once: true });
  try {
    const ready = await awaitReady({ binary, stderr: child.stderr, ended, log, limit });
    return { process: { child, pid, ended, log, home, folder }, ...ready };
  } catch (error) {
    kill();
    await ended;
    throw error;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

function routeTo(port: number): string {
  return `nats://127.0.0.1:${port}`;
}

function start(binary: Launch['binary'], args: string[], cwd: string) {
  try {
    return spawn(binary.path, args, { detached: true, cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    // What `spawn` throws itself: a file that is no program for this system.
    throw error instanceof Error && 'syscall' in error ? didNotStart(binary, error.message, []) : error;
  }
}
