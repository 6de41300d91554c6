/** A child process in a group of its own → how it ended; and how a group is ended. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

export interface Ending {
  /** Null where a signal ended it, or it never began. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it could not be started at all. */
  error: NodeJS.ErrnoException | null;
}

/** After its exit a child's last words are waited for this long (ms): a grandchild may hold the pipe open for ever. The pipe is read once more after that. */
const LAST_WORDS = 200;

/** Resolves once the child has ended and what it printed has been read. Never rejects. */
export function ending(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => {
      const grace = setTimeout(() => setImmediate(() => resolve({ code, signal, error: null })), LAST_WORDS);
      child.once('close', () => {
        clearTimeout(grace);
        resolve({ code, signal, error: null });
      });
    });
  });
}

/** `exit code 1`, `signal SIGKILL`, or why it could not be started. */
export function describeEnding({ code, signal, error }: Ending): string {
  if (error !== null) return error.message;
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

/** Kills the process group that `pid` leads, what is left of it included; false where there is none. */
export function killGroup(pid: number): boolean {
  return kill(-pid);
}

/** Kills the process, and the group where it leads one. What is already gone is no error. */
export function killProcess(pid: number): void {
  if (!killGroup(pid)) kill(pid);
}

function kill(target: number): boolean {
  try {
    return process.kill(target, 'SIGKILL');
  } catch {
    // There is no such group or process (on macOS: or only a zombie), so nothing to be killed.
    return false;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until none of the killed processes is there, or a second has passed: a zombie that nobody buries stays. */
export async function gone(pids: Iterable<number>): Promise<void> {
  const deadline = Date.now() + 1_000;
  for (const pid of pids) {
    while (isThere(pid) && Date.now() < deadline) await delay(2);
  }
}

/** A line that a process printed, as data: no escapes, no control characters, no blanks at its end. */
export function plainLine(line: string): string {
  return stripVTControlCharacters(line)
    .replace(/[^\P{Cc}\t]/gu, '')
    .trimEnd();
}
