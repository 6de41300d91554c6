/** The `console` fences of a lesson → their commands, run one after the other on the command line. */
import { mkdir, stat } from 'node:fs/promises';
import type { CommandExecution, ConsoleCommand, ConsoleExpectation, ConsoleKernel } from '../types.ts';
import { type CommandEnd, type CommandOptions, runInShell } from './console-command.ts';
import { consoleEnv } from './console-environment.ts';
import { CommandGroup } from './console-group.ts';
import { stopOfCommand } from './console-stops.ts';

export interface ConsoleKernelOptions {
  /** What commands find in their environment beside the runner's own: NATS_URL. Asked for before each fence. */
  env: () => Record<string, string>;
  /** Absolute, this kernel's own; made where it is not there. Programs that heed the XDG variables keep configuration and data in it. */
  folder: string;
  /** Absolute: where each command begins, the lesson's folder. */
  cwd: string;
  /** A folder that is put first on the PATH, where `nats` lies. */
  path?: string;
  /** An argument that each command's process has beside its own, so that it can be found by its command line. */
  mark: string;
  /** A command's process, which leads a group, has begun. */
  onStart?: (pid: number) => void;
  /** It is gone, and its id may soon be another's. */
  onEnd?: (pid: number) => void;
  /** Bytes that a command may print; 1 MiB where not given. */
  limits?: { output: number };
}

const OUTPUT_LIMIT = 2 ** 20;

/** What a killed command's shell would say. */
const KILLED = 137;

/** Each command has a shell of its own: `cd`, variables and what runs in the background end with it. Never throws: what fails is in the executions. */
export function startConsoleKernel(options: ConsoleKernelOptions): ConsoleKernel {
  const limit = options.limits?.output ?? OUTPUT_LIMIT;
  let group: CommandGroup | null = null;
  let running: Promise<unknown> = Promise.resolve();
  let isEnded = false;
  // While nobody waits for it; where it fails, the first command says so.
  import('zx/core').catch(() => {});

  const runCommand = async (command: ConsoleCommand, left: number, total: number, answers: string[] | null, isLast: boolean): Promise<CommandExecution> => {
    const started = performance.now();
    const own = new CommandGroup(options);
    group = own;
    if (isEnded) own.stop({ cause: 'ended' });
    const timer = setTimeout(() => own.stop({ cause: 'timeout' }), left);
    let end: CommandEnd | null = null;
    try {
      const { cwd, mark } = options;
      end = await start({ command: command.command, cwd, env: await prepare(), mark, limit }, own, answers);
    } catch (error) {
      own.stop({ cause: 'start', message: error instanceof Error ? error.message : String(error) });
    }
    clearTimeout(timer);
    await own.gone();
    group = null;
    const cause = own.cause ?? (isLast && answers !== null && answers.length > 0 ? { cause: 'answers' as const, left: answers } : null);
    return {
      output: end?.output ?? '',
      exitCode: end?.exitCode ?? KILLED,
      stopped: cause === null ? null : stopOfCommand(cause, { place: command.place, timeout: total, limit, answers, end }),
      duration: performance.now() - started,
    };
  };

  const prepare = async (): Promise<Record<string, string>> => {
    const { folder, path, cwd } = options;
    await mkdir(folder, { recursive: true });
    const info = await stat(cwd).catch(() => null);
    if (!info?.isDirectory()) throw new Error(`the folder ${cwd}, where it begins, is not there`);
    return consoleEnv({ folder, path, given: options.env() });
  };

  const runFence = async (fence: ConsoleExpectation, timeout: number): Promise<CommandExecution[]> => {
    const deadline = performance.now() + timeout;
    const answers = fence.answers === null ? null : [...fence.answers];
    const executions: CommandExecution[] = [];
    for (const [index, command] of fence.commands.entries()) {
      const execution = await runCommand(command, deadline - performance.now(), timeout, answers, index === fence.commands.length - 1);
      executions.push(execution);
      if (execution.stopped !== null) break;
    }
    return executions;
  };

  return {
    run(fence, timeout) {
      const executions = runFence(fence, timeout);
      running = executions;
      return executions;
    },
    async end() {
      isEnded = true;
      group?.stop({ cause: 'ended' });
      await running;
    },
  };
}

async function start(options: CommandOptions, group: CommandGroup, answers: string[] | null): Promise<CommandEnd> {
  if (group.cause !== null) return { output: '', exitCode: KILLED, prompt: null };
  if (answers === null) return runInShell(options, group);
  // Loaded only here: most fences need no terminal.
  const { runInTerminal } = await import('./terminal.ts');
  return runInTerminal(options, group, answers);
}
