/** The text of a `console` fence → its commands, each with what it prints and its exit code. */
import { pageProblem } from '../errors.ts';
import type { ConsoleCommand, Fence, Problem } from '../types.ts';

type OutputLine = ConsoleCommand['output'][number];

/** Reads `$ command`, `> ` continuations, output lines and the `[1]` of a command that fails. */
export function readCommands(fence: Fence, file: string): { commands: ConsoleCommand[]; problems: Problem[] } {
  const commands: ConsoleCommand[] = [];
  const early: OutputLine[] = [];
  const problems: Problem[] = [];
  let continuing = false;
  for (const [index, text] of fence.text.split('\n').slice(0, -1).entries()) {
    const { line, column } = fence.lines[index] ?? fence;
    const place = { line, column };
    const command = commands.at(-1);
    if (text.startsWith('$ ')) {
      if (text.slice(2).trim() === '')
        problems.push(pageProblem('fence', file, place, 'there is no command after `$`', 'To expect this line as output, write `\\$ `.'));
      commands.push({ place, command: text.slice(2), output: [], exitCode: 0, exitPlace: null });
      continuing = true;
    } else if (continuing && command !== undefined && /^>( |$)/.test(text)) {
      command.command += `\n${text.slice(2)}`;
    } else {
      (command?.output ?? early).push({ text, place });
      continuing = false;
    }
  }
  for (const command of commands) takeExitCode(command);

  const stray = early.find(({ text }) => text.trim() !== '');
  if (commands.length === 0) {
    problems.push(pageProblem('fence', file, fence, 'a `console` fence needs a command', 'Begin the line of a command with `$ `, or mark the fence `no-run`.'));
  } else if (stray !== undefined) {
    problems.push(pageProblem('fence', file, stray.place, 'nothing can be printed before the first `$ ` line', 'Begin the line of a command with `$ `.'));
  }
  return { commands, problems };
}

/** A last line `[N]` is no output but the exit code; blank lines after it do not count. */
function takeExitCode(command: ConsoleCommand): void {
  const last = command.output.findLastIndex(({ text }) => text.trim() !== '');
  const line = command.output[last];
  const code = Number(/^\[(\d{1,3})\]\s*$/.exec(line?.text ?? '')?.[1] ?? Number.NaN);
  if (line === undefined || !(code <= 255)) return;
  command.exitCode = code;
  command.exitPlace = line.place;
  command.output.length = last;
}
