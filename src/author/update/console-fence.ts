/** (a `console` fence, what its commands came to) → edits of what the page says that they print, and of their exit codes. */
import { type Captures, matchLines, normalizeConsole, plainBlanks } from '../../document/matchers.ts';
import { type LineEdit, linesAfter, rewriteLines } from '../../document/rewrite-lines.ts';
import type { CommandExecution, ConsoleCommand, ConsoleExpectation } from '../../types.ts';
import { type Edit, editLines } from './page-edit.ts';
import { type VariantOptions, writeRows } from './variants.ts';

export interface ConsoleCase {
  text: string;
  expectation: ConsoleExpectation;
  executions: CommandExecution[];
  /** Of other runs. */
  others: CommandExecution[][];
  captures: Captures;
  options: VariantOptions;
}

/** Commands that did not run, or had to be stopped, are left as they are. */
export function editConsole({ text, expectation, executions, others, captures, options }: ConsoleCase): Edit[] {
  const { fence, commands } = expectation;
  const lines = fence.text.split('\n').slice(0, -1);
  const seen: Captures = new Map(captures);
  const edits: LineEdit[] = [];
  let at = 0;
  for (const [index, command] of commands.entries()) {
    const execution = executions[index];
    if (execution === undefined || execution.stopped !== null) break;
    const { first, last } = outputOf(command, lines, fence.line);
    for (; at < first; at += 1) edits.push({ do: 'keep', old: at });
    edits.push(
      ...editCommand({
        command,
        execution,
        others: others.flatMap((other) => other[index] ?? []),
        old: lines.slice(first, last).map(plainBlanks),
        first,
        captures: seen,
        options,
      }),
    );
    at = command.exitPlace === null ? last : command.exitPlace.line - fence.line;
  }
  for (; at < lines.length; at += 1) edits.push({ do: 'keep', old: at });
  return editLines(text, fence, edits);
}

interface CommandCase {
  command: ConsoleCommand;
  execution: CommandExecution;
  others: CommandExecution[];
  /** The lines that say what it prints, and the index of the first. */
  old: string[];
  first: number;
  captures: Captures;
  options: VariantOptions;
}

function editCommand({ command, execution, others, old, first, captures, options }: CommandCase): LineEdit[] {
  const rows = normalizeConsole(execution.output);
  const matched = matchLines(old, rows, captures).matched;
  const written = writeRows(
    rows,
    others.map(({ output }) => normalizeConsole(output)),
    options,
  );
  const edits: LineEdit[] = matched
    ? old.map((_, index) => ({ do: 'keep', old: index }))
    : rewriteLines(old, rows, { ...options, captures, write: written.of });
  if (!matched) matchLines(linesAfter(old, edits), rows, captures);
  const moved = edits.map((edit): LineEdit => (edit.do === 'add' ? edit : { ...edit, old: edit.old + first }));
  const exitAt = command.exitPlace === null ? null : first + old.length;
  const exit = `[${execution.exitCode}]`;
  if (exitAt === null) return execution.exitCode === 0 ? moved : [...moved, { do: 'add', text: exit }];
  if (execution.exitCode === command.exitCode) return [...moved, { do: 'keep', old: exitAt }];
  return [...moved, execution.exitCode === 0 ? { do: 'remove', old: exitAt } : { do: 'rewrite', old: exitAt, text: exit }];
}

/** Where in the fence's lines a command's output stands: without the blank lines at its end, which belong to the page. */
function outputOf(command: ConsoleCommand, lines: string[], fenceLine: number): { first: number; last: number } {
  let first = command.place.line - fenceLine;
  while (/^>( |$)/.test(lines[first] ?? '')) first += 1;
  const printed = command.exitPlace === null ? command.output.findLastIndex(({ text }) => text.trim() !== '') + 1 : command.output.length;
  return { first, last: first + printed };
}
