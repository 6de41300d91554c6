/** An `output`, `error` or `console` expectation → the same with one thing demanded otherwise; never less. */
import type { ConsoleCommand, ConsoleExpectation, Fence, Place, TextExpectation } from '../types.ts';
import { becomes, type Mutation, quoted } from './mutant.ts';

/** What no page and no run has at the end of a line. */
const MARK = '~';

/** A line that nothing prints. */
const MORE = '~ mutant ~';

interface Changed<Expected> extends Mutation {
  changed: Expected;
}

/** Each line of an `output` fence otherwise; of one that says nothing but `...`, a line more. */
export function mutateOutput({ fence }: TextExpectation): Changed<TextExpectation>[] {
  const lines = linesOf(fence);
  const changed = lines.flatMap(({ text, place }, index) => (saysNothing(text) ? [] : [changeLine(fence, index, place, text, `${text}${MARK}`)]));
  if (changed.length > 0) return changed;
  return [{ place: placeOf(fence), mutation: `the line ${quoted(MORE)} is demanded too`, changed: { fence: { ...fence, text: `${fence.text}${MORE}\n` } } }];
}

/** Name, code and message otherwise, each by itself, and each further line of the message. */
export function mutateError({ fence }: TextExpectation): Changed<TextExpectation>[] {
  return linesOf(fence).flatMap(({ text, place }, index) => {
    if (saysNothing(text)) return [];
    const [, name, code = '', message = ''] = (index === 0 && /^([^\s:[]+)( \[[^\]]*\])?(: .*)?$/.exec(text)) || [];
    if (name === undefined) return [changeLine(fence, index, place, text, `${text}${MARK}`)];
    const others = [`${name}${MARK}${code}${message}`];
    if (code !== '') others.push(`${name}${code.slice(0, -1)}${MARK}]${message}`);
    if (message !== '') others.push(`${name}${code}${message}${MARK}`);
    return others.map((other) => changeLine(fence, index, place, text, other));
  });
}

/** Each line that a command prints, and each exit code, otherwise. */
export function mutateConsole(said: ConsoleExpectation): Changed<ConsoleExpectation>[] {
  return said.commands.flatMap((command, index) => {
    const change = (changed: ConsoleCommand, place: Place, mutation: string): Changed<ConsoleExpectation> => ({
      place,
      mutation,
      changed: { ...said, commands: said.commands.with(index, changed) },
    });
    const printed = command.output.flatMap((line, at) => {
      if (saysNothing(line.text)) return [];
      const text = `${line.text}${MARK}`;
      return [change({ ...command, output: command.output.with(at, { ...line, text }) }, line.place, becomes(line.text, text))];
    });
    const more = { ...command, output: [...command.output, { text: MORE, place: command.place }] };
    const lines = printed.length > 0 ? printed : [change(more, command.place, `${quoted(command.command)} is to print the line ${quoted(MORE)} too`)];
    const exitCode = (command.exitCode + 1) % 256;
    const exit = `${quoted(command.command)} is to exit with ${exitCode} instead of ${command.exitCode}`;
    return [...lines, change({ ...command, exitCode }, command.exitPlace ?? command.place, exit)];
  });
}

function changeLine(fence: Fence, index: number, place: Place, text: string, changed: string): Changed<TextExpectation> {
  return { place, mutation: becomes(text, changed), changed: { fence: { ...fence, text: fence.text.split('\n').with(index, changed).join('\n') } } };
}

function linesOf(fence: Fence): { text: string; place: Place }[] {
  const lines = fence.text.split('\n').slice(0, -1);
  return lines.map((text, index) => ({ text: text.trimEnd(), place: placeOf(fence.lines[index] ?? fence) }));
}

function placeOf({ line, column }: Place): Place {
  return { line, column };
}

function saysNothing(line: string): boolean {
  return line.trim() === '' || line.trimEnd() === '...';
}
