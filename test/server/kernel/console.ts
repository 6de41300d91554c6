/** Command lines → what the real console kernel makes of them, and the proof that no process is left of them. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect } from 'vitest';
import { type ConsoleKernelOptions, startConsoleKernel } from '../../../src/kernel/console.ts';
import type { CommandExecution, ConsoleExpectation, ConsoleKernel } from '../../../src/types.ts';
import { processesWith } from './lesson.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'console ü ')));
/** Where commands begin. */
export const lessonFolder: string = base;
/** The kernel's own, made by it. */
export const ownFolder: string = join(base, 'own', 'home');
/** An argument of every process that a test starts: whoever looks for processes of its commands puts it into them. */
export const mark = `console-test-${randomBytes(6).toString('hex')}`;

const started: ConsoleKernel[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kernel) => kernel.end()));
  expect(processesWith(mark)).toEqual([]);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

export function consoleOf(options: Partial<ConsoleKernelOptions> = {}): ConsoleKernel {
  const kernel = startConsoleKernel({ env: () => ({ NATS_URL: 'nats://127.0.0.1:4222' }), folder: ownFolder, cwd: lessonFolder, mark, ...options });
  started.push(kernel);
  return kernel;
}

/** A fence whose first command stands on line 11, each on a line of its own. */
export function fenceOf(commands: string[], answers: string[] | null = null): ConsoleExpectation {
  const span = { start: 0, end: 0 };
  return {
    fence: { span, info: span, line: 10, column: 1, lastLine: 11 + commands.length, text: '', lines: [] },
    commands: commands.map((command, index) => ({ place: { line: 11 + index, column: 1 }, command, output: [], exitCode: 0, exitPlace: null })),
    look: false,
    answers,
  };
}

export interface RunOptions extends Partial<ConsoleKernelOptions> {
  answers?: string[];
  timeout?: number;
}

/** Runs the commands as one fence of a kernel of their own. */
export function runCommands(commands: string[], { answers, timeout = 10_000, ...options }: RunOptions = {}): Promise<CommandExecution[]> {
  return consoleOf(options).run(fenceOf(commands, answers ?? null), timeout);
}

/** Runs one command; answers with what a table says of it: `[exit code] output`, or `reason: sentence`. */
export async function sayOf(command: string, options: RunOptions = {}): Promise<string> {
  const [execution] = await runCommands([command], options);
  return execution === undefined ? 'nothing' : summaryOf(execution);
}

export function summaryOf({ output, exitCode, stopped }: CommandExecution): string {
  return stopped === null ? `[${exitCode}] ${output}` : `${stopped.reason}: ${stopped.message}`;
}
