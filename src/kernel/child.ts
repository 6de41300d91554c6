/** (host file, lesson, environment) → a Node process in a group of its own: one pipe for all that it prints, one for control. */
import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, extname } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface HostChild {
  child: ChildProcess;
  output: Readable;
  control: Duplex;
}

export interface HostChildOptions {
  /** Absolute. */
  lessonFile: string;
  /** An argument that the process has beside its own, so that it can be found by its command line. */
  mark: string;
  /** Bytes that the heap may take. */
  memory: number;
}

/** What a step's environment says whatever the runner's does. */
export const FIXED_ENV: Readonly<Record<string, string>> = { TZ: 'UTC', LANG: 'C.UTF-8', NO_COLOR: '1', COLUMNS: '100' };

const NOT_INHERITED = /^(?:NATS_.*|LC_.*|FORCE_COLOR|NODE_OPTIONS|NODE_CHANNEL_.*|NODE_UNIQUE_ID|NODE_V8_COVERAGE|NODE_DEBUG|NODE_DEBUG_NATIVE)$/;

/** The runner's own environment, without what would make a page say something else on another machine. */
export function inheritedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !NOT_INHERITED.test(entry[0]));
  return Object.fromEntries(entries);
}

/** The host beside this file is TypeScript where this is. */
const HOST = fileURLToPath(new URL(`./process-host${extname(fileURLToPath(import.meta.url))}`, import.meta.url));

export function spawnHost({ lessonFile, mark, memory }: HostChildOptions): HostChild {
  // A small part of the heap for what is short-lived. No flag of V8 but for sizes: with any other, Node compiles its own code anew, a sixth of a kernel's work.
  const flags = ['--no-warnings', '--max-semi-space-size=2', `--max-old-space-size=${Math.ceil(memory / 2 ** 20)}`];
  const child = spawn('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, ...flags, HOST, mark], {
    cwd: dirname(lessonFile),
    env: { ...inheritedEnv(), ...FIXED_ENV },
    // A group of its own: Ctrl-C in the terminal does not reach it, and all that the steps start can be ended with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  return { child, output: child.stdio[1] as Readable, control: child.stdio[3] as Duplex };
}

/** Kills a process that `spawnHost` started, with all that it started itself. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}

/** Waits until nothing of the killed group is left, half a second at most: a zombie that nobody buries stays. */
export async function groupGone(pid: number): Promise<void> {
  for (const deadline = performance.now() + 500; performance.now() < deadline; await delay(2)) {
    try {
      process.kill(-pid, 0);
    } catch {
      return;
    }
  }
}
