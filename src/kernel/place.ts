/** Offsets in a fence's text, and lines and columns as V8 counts them in a step's module → places in the page. */
import type { Fence, LinkedStep, Place } from '../types.ts';

/** Where the character at `offset` of the fence's text stands in the page; past the end, the end of the last line. */
export function placeAt(fence: Fence, offset: number): Place {
  const before = fence.text.slice(0, offset).split('\n');
  const last = fence.lines.length - 1;
  const index = Math.min(before.length - 1, last);
  const origin = fence.lines[index];
  if (origin === undefined) return { line: fence.line, column: fence.column };
  const line = fence.text.split('\n')[index] ?? '';
  const inLine = before.length - 1 > last ? line.length : (before.at(-1) ?? '').length;
  return { line: origin.line, column: origin.column + inLine };
}

/** How many empty lines stand before a step's code in its module: so line n of the module is line n of the page. */
export function linesBefore({ fence }: Pick<LinkedStep, 'fence'>): number {
  return (fence.lines[0]?.line ?? fence.line + 1) - 1;
}

/** The place of a stack frame in a step's module; null for the lines that are not the page's. V8 ends a line at U+2028 and U+2029 too. */
export function placeOfFrame(step: Pick<LinkedStep, 'fence'>, line: number, column: number): Place | null {
  const { fence } = step;
  const starts = [0];
  for (const end of fence.text.matchAll(/[\n\u2028\u2029]/g)) starts.push(end.index + 1);
  const start = starts[line - 1 - linesBefore(step)];
  if (start === undefined || start > fence.text.length) return null;
  return placeAt(fence, start + column - 1);
}
