/** A mismatch of a step → the lines below its sentence: expected and actual as a diff, what the step changed, the page around it. */
import { diffLines } from 'diff';
import { stringify } from 'yaml';
import { readPointer } from '../document/pointer.ts';
import { writeDelta } from '../document/write.ts';
import type { Delta, Json, Mismatch } from '../types.ts';
import type { Colors } from './colors.ts';
import { printable } from './printable.ts';

/** At most so many rows of what a step changed, and lines of a diff, are shown. */
const MOST_ROWS = 12;
const MOST_LINES = 60;

/** `-` is what the page says, `+` what there is; of a state in the words of the state document. */
export function diffOf({ path, expected, actual }: Mismatch, colors: Colors): string[] {
  const name = path === null ? null : nameOf(path);
  const write = (value: Json) => {
    if (value === null) return '';
    return name === null && typeof value === 'string'
      ? `${value}\n`
      : stringify(name === null ? value : { [name]: value }, { lineWidth: 0, aliasDuplicateObjects: false });
  };
  const lines = diffLines(write(expected), write(actual)).flatMap(({ added, removed, value }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => (added ? colors.green(`+ ${printable(line)}`) : removed ? colors.red(`- ${printable(line)}`) : `  ${printable(line)}`)),
  );
  return [`${colors.red('- the page says')}   ${colors.green('+ the run shows')}`, ...cut(lines, MOST_LINES)];
}

/** One row for each thing that the step itself changed, before → after. */
export function changesOf(delta: Delta, colors: Colors): string[] {
  const rows = writeDelta(delta).map(({ pointer, before, after }) => `${printable(pointer)}  ${short(before)} ${colors.dim('→')} ${short(after)}`);
  return rows.length === 0
    ? ['The step itself changed nothing on the server.']
    : ['What the step itself changed:', ...cut(rows, MOST_ROWS).map((row) => `  ${row}`)];
}

/** The lines of the page around line `line`, which counts from 1. */
export function excerptOf(page: string, line: number, colors: Colors): string[] {
  const lines = page.split(/\r\n|\n|\r/);
  const [from, to] = [Math.max(1, line - 2), Math.min(lines.length, line + 2)];
  const width = String(to).length;
  return lines.slice(from - 1, to).map((text, index) => {
    const number = from + index;
    const row = `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${printable(text)}`;
    return number === line ? colors.bold(row) : colors.dim(row);
  });
}

/** Under which name the document has the thing; the value of a key stands under the key. */
function nameOf(path: string): string {
  const segments = readPointer(path);
  return (segments.at(-1) === 'value' ? segments.at(-2) : segments.at(-1)) ?? '';
}

function short(value: Json): string {
  if (value === null) return '(nothing)';
  const text = printable(typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function cut(lines: string[], most: number): string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more`];
}
