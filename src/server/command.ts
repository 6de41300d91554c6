/** A short-lived command → what it printed and how it ended, within limits of time and memory. */
import { spawn } from 'node:child_process';
import { type Ending, ending, killGroup } from './child.ts';
import { readLines } from './lines.ts';

export interface CommandOptions {
  /** Default: ours. PATH in it also says where the command is looked for. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Milliseconds after which the command and all that it started are killed. */
  limit: number;
  signal?: AbortSignal | undefined;
  onLine?: (line: string) => void;
}

export interface CommandResult extends Ending {
  /** The first lines of both streams, without colours. */
  lines: string[];
  timedOut: boolean;
}

const MOST_LINES = 1_000;

/** Runs a command without a shell and without input. A command that cannot be started is a result; rejects only with the signal's reason. */
export async function runCommand(command: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const lines: string[] = [];
  let child: ReturnType<typeof start>;
  try {
    child = start(command, args, options);
  } catch (error) {
    // Node throws what it does not emit: a file that is no program, a NUL in an argument.
    return { code: null, signal: null, error: error as NodeJS.ErrnoException, lines, timedOut: false };
  }
  const { pid } = child;
  const kill = () => {
    if (pid !== undefined) killGroup(pid);
  };
  const ended = ending(child);
  const keep = (line: string) => {
    if (lines.length < MOST_LINES) lines.push(line);
    options.onLine?.(line);
  };
  readLines(child.stdout, keep);
  readLines(child.stderr, keep);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, options.limit);
  options.signal?.addEventListener('abort', kill);
  const result = await ended;
  clearTimeout(timer);
  // What it left in the background goes too.
  kill();
  options.signal?.removeEventListener('abort', kill);
  child.stdout.destroy();
  child.stderr.destroy();
  options.signal?.throwIfAborted();
  return { ...result, lines, timedOut };
}

function start(command: string, args: string[], options: CommandOptions) {
  return spawn(command, args, { cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}
