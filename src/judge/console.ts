/** (a `console` fence, what its commands came to) → the first thing that is not as the page says: what comes after it follows from it. */
import { type Captures, matchLines, normalizeConsole } from '../document/matchers.ts';
import type { CommandExecution, ConsoleCommand, ConsoleExpectation, Mismatch, Place } from '../types.ts';

/** `executions` may be shorter than the commands, where one had to be stopped. */
export function judgeConsole({ fence, commands }: ConsoleExpectation, executions: CommandExecution[], captures: Captures): Mismatch | null {
  for (const [index, command] of commands.entries()) {
    const execution = executions[index];
    if (execution === undefined || execution.stopped !== null) return null;
    const mismatch = judgeCommand(command, execution, { line: fence.lastLine, column: fence.column }, captures);
    if (mismatch !== null) return mismatch;
  }
  return null;
}

/** `end` is where the page says no more of what it prints. */
function judgeCommand(command: ConsoleCommand, { output, exitCode }: CommandExecution, end: Place, captures: Captures): Mismatch | null {
  const expected = normalizeConsole(command.output.map(({ text }) => text).join('\n'));
  const actual = normalizeConsole(output);
  const result = matchLines(expected, actual, captures);
  if (!result.matched) {
    const place = command.output[result.expectedIndex]?.place;
    const isMore = result.expectedIndex >= expected.length;
    return {
      kind: 'console',
      path: null,
      place: isMore || place === undefined ? end : place,
      expected: expected.join('\n'),
      actual: actual.join('\n'),
      by: 'twin',
    };
  }
  if (exitCode === command.exitCode) return null;
  return { kind: 'exit', path: null, place: command.place, expected: command.exitCode, actual: exitCode, by: 'twin' };
}
