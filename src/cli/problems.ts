/** Problems → lines on standard error, each beginning with its place. */
import { printable } from '../report/printable.ts';
import type { Problem } from '../types.ts';
import type { Streams } from './sinks.ts';

/** One line a problem, beginning with its place so that editors can jump there, and its advice below. */
export function writeProblems(problems: Problem[], { stderr }: Streams): void {
  for (const { file, line, column, message, advice } of problems) {
    const place = [file ?? 'lockerroom', line, column].filter((part) => part !== null).join(':');
    stderr.write(printable(`${place}: ${message}\n${advice === null ? '' : `  ${advice}\n`}`));
  }
}

/** What `check --reporter json` prints (design §4). */
export function checkDocument(problems: Problem[]): { ok: boolean; problems: Problem[] } {
  return { ok: problems.length === 0, problems };
}
