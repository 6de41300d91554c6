/** A page → its steps run in real kernels, and the proof that no process is left of them. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect } from 'vitest';
import { linkLesson } from '../../../src/kernel/link.ts';
import { type ProcessKernelOptions, startProcessKernel } from '../../../src/kernel/process.ts';
import type { Execution, Kernel, LinkedStep } from '../../../src/types.ts';
import { lessonOf, pageOf, stepsOf } from '../../unit/kernel/page.ts';

const mark = `kernel-test-${randomBytes(6).toString('hex')}`;
export const folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'kernel ü ')));
const started: Kernel[] = [];

/** No test leaves a process, whatever its steps did. */
afterEach(async () => {
  await Promise.all(started.splice(0).map((kernel) => kernel.end()));
  expect(processesWith(mark)).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Command lines that hold the text. */
export function processesWith(text: string): string[] {
  const all =
    process.platform === 'linux'
      ? readdirSync('/proc')
          .filter((name) => /^\d+$/.test(name))
          .map(commandLine)
      : execFileSync('ps', ['-axo', 'args=']).toString().split('\n');
  return all.filter((line) => line.includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

export function kernelOf(options: Partial<ProcessKernelOptions> = {}): Kernel {
  const kernel = startProcessKernel({ lessonFile: join(folder, 'a lesson.md'), env: () => ({ NATS_URL: 'nats://127.0.0.1:4222' }), mark, ...options });
  started.push(kernel);
  return kernel;
}

export function linkPage(page: string): LinkedStep[] {
  return stepsOf(linkLesson(lessonOf(page)).steps);
}

/** A step whose first line is line 2 of the page; `timeout` in milliseconds. */
export function stepOf(code: string, timeout = 10_000): LinkedStep {
  const step = linkPage(pageOf([code], `ts timeout=${timeout}`))[0];
  if (step === undefined) throw new Error('a page of one step has one');
  return step;
}

/** Runs codes as the steps of one lesson, a new kernel after each that is lost. Fence i's first line is 2, 6, 10, … for codes of one line. */
export async function runCodes(codes: string[], options: Partial<ProcessKernelOptions> = {}, info = 'ts'): Promise<Execution[]> {
  return runPage(pageOf(codes, info), options);
}

export async function runPage(page: string, options: Partial<ProcessKernelOptions> = {}): Promise<Execution[]> {
  const executions: Execution[] = [];
  let kernel = kernelOf(options);
  for (const step of linkPage(page)) {
    const execution = await kernel.run(step);
    executions.push(execution);
    if (execution.kernelLost) kernel = kernelOf(options);
  }
  return executions;
}

export function writeBeside(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

/** Runs the codes as steps of one lesson, each followed by `check`; answers with what each came to, lines counted as if its fence stood on line 1, and the checks. */
export async function runRows(codes: string[], check: string): Promise<{ rows: string[]; checks: Execution[] }> {
  const page = pageOf(codes.flatMap((code) => [code, check]));
  const steps = linkPage(page);
  const executions = await runPage(page);
  return {
    rows: executions.map((execution, index) => summaryOf(execution, (steps[index]?.fence.line ?? 1) - 1)).filter((_row, index) => index % 2 === 0),
    checks: executions.filter((_execution, index) => index % 2 === 1),
  };
}

/** What a table of steps says of one: `prints …`, `throws NAME [code]: message @line:column`, `REASON (NAME: message) @line:column`, `lost`. */
export function summaryOf({ output, thrown, stopped, kernelLost }: Execution, linesBefore = 0): string {
  const at = (place: { line: number; column: number } | null) => (place === null ? '' : ` @${place.line - linesBefore}:${place.column}`);
  const parts: string[] = [];
  if (output !== '') parts.push(`prints ${JSON.stringify(output)}`);
  if (thrown !== null) parts.push(`throws ${thrown.name}${thrown.code === null ? '' : ` [${thrown.code}]`}: ${thrown.message}${at(thrown.place)}`);
  if (stopped !== null)
    parts.push(`${stopped.reason}${stopped.error === null ? '' : ` (${stopped.error.name}: ${stopped.error.message})`}${at(stopped.place)}`);
  if (kernelLost) parts.push('lost');
  return parts.join(', ');
}
