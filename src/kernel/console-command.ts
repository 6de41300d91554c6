/** A command line → what it printed and its exit code, run by zx in bash with no standard input. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { CommandGroup } from './console-group.ts';
import { OutputReader } from './output.ts';

export interface CommandOptions {
  command: string;
  /** A folder that is there. */
  cwd: string;
  env: Record<string, string>;
  /** An argument that the leading process has beside its own, so that it can be found by its command line. */
  mark: string;
  /** Bytes that it may print. */
  limit: number;
}

export interface CommandEnd {
  output: string;
  exitCode: number;
  /** The line on which the terminal's cursor stands waiting; null where there is no such line, or no terminal. */
  prompt: string | null;
}

/** After its exit a command's last words are waited for this long, in ms: a process that has left the group may hold the pipe open for ever. The pipe is read once more after that. */
const LAST_WORDS = 200;

/**
 * Leads the group and waits for the shell, which may replace itself by the command: so the mark stays to be found. One pipe for both streams, in true order;
 * what it would say itself of a shell that was killed goes nowhere.
 */
const SUPERVISOR = 'exec 2>/dev/null; (exec "$@" 2>&1); exit $?';

/** The file and the arguments that run a command line under the supervisor; to its shell it is `bash`, wherever that lies. */
export function supervised(shell: string, { command, mark }: CommandOptions): [file: string, args: string[]] {
  return ['/bin/sh', ['-c', SUPERVISOR, mark, shell, '-c', command, 'bash']];
}

/** A PATH → where bash lies on it: it is looked for once, as a look takes a millisecond and commands are many. */
const shells = new Map<string, string>();

/** Where bash lies on the command's PATH. */
export async function findShell({ env: { PATH = '' } }: CommandOptions): Promise<string> {
  const { which } = await import('zx/core');
  const shell = shells.get(PATH) ?? (await which('bash', { path: PATH, nothrow: true }));
  if (shell === null) throw new Error('there is no bash on the PATH');
  shells.set(PATH, shell);
  return shell;
}

/** Runs the command until it ends or `group` is stopped. Rejects where it cannot be started. */
export async function runInShell(options: CommandOptions, group: CommandGroup): Promise<CommandEnd> {
  const shell = await findShell(options);
  const { $ } = await import('zx/core');
  let output = '';
  let failure: Error | null = null;
  const reader = new OutputReader(options.limit, {
    onText: (text) => {
      output += text;
    },
    onMark: () => {},
    onLimit: () => group.stop({ cause: 'output' }),
  });
  const start = (_command: string, _args: readonly string[], given: SpawnOptions): ChildProcess => {
    const child = spawn(...supervised(shell, options), { ...given, shell: false });
    if (child.pid !== undefined) group.begin(child.pid);
    child.stdout?.on('data', (chunk: Buffer) => reader.push(chunk));
    child.once('error', (error) => {
      failure = error;
    });
    child.once('exit', () => {
      group.leaderEnded();
      const grace = setTimeout(() => setImmediate(() => child.stdout?.destroy()), LAST_WORDS);
      child.once('close', () => clearTimeout(grace));
    });
    return child;
  };
  const { cwd, env } = options;
  const run = $({
    spawn: start as typeof spawn,
    // Whatever ZX_… variables say: the exit code that counts is that of the command line as it stands on the page.
    prefix: '',
    postfix: '',
    shell,
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    preferLocal: false,
    nothrow: true,
    quiet: true,
    verbose: false,
  });
  const { exitCode, signal, cause } = await run([options.command] as unknown as TemplateStringsArray);
  failure ??= cause ?? null;
  if (failure !== null) throw failure;
  reader.flush();
  return { output, exitCode: exitCode ?? exitCodeOfSignal(constants.signals[signal as NodeJS.Signals]), prompt: null };
}

/** As the shell says it. */
export function exitCodeOfSignal(signal: number): number {
  return 128 + signal;
}
