/** What is to become of a fence's lines → edits of the page's text, which touch nothing else: list and quote prefixes, line ends, a BOM. */
import type { LineEdit } from '../../document/rewrite-lines.ts';
import { Page } from '../../lesson/page.ts';
import type { Fence } from '../../types.ts';

/** Replaces `[start, end)` of the page's text. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The edits must not overlap. Of those that begin at the same place the first given comes first. */
export function applyEdits(text: string, edits: Edit[]): string {
  const sorted = edits.map((edit, order) => ({ ...edit, order })).sort((one, other) => one.start - other.start || one.order - other.order);
  let result = '';
  let from = 0;
  for (const { start, end, text: written } of sorted) {
    result += text.slice(from, start) + written;
    from = end;
  }
  return result + text.slice(from);
}

/** Whether it has a closing line: the last fence of a page, a list item or a quote need not. */
export function isClosed({ line, lines, lastLine }: Fence): boolean {
  return lastLine > line + lines.length;
}

/** The line ending in use at a line (from 1), else the page's. */
export function lineEndAt({ text, lines }: Page, line: number): string {
  const [one, next] = [lines[line - 1], lines[line]];
  if (one !== undefined && next !== undefined) return text.slice(one.end, next.start);
  return /\r\n?|\n/.exec(text)?.[0] ?? '\n';
}

/** What stands before each further line of a fence's container: quotes as they are, blanks for a list's mark; where the closing line has it with tabs, as there. */
export function prefixOf(page: Page, fence: Fence): string {
  const before = (line: number) => page.text.slice(page.lines[line - 1]?.start ?? 0, page.lines[line - 1]?.end).replace('\uFEFF', '');
  const first = before(fence.line)
    .slice(0, fence.column - 1 - (page.text.startsWith('\uFEFF') && fence.line === 1 ? 1 : 0))
    .replace(/[^\s>]/g, ' ');
  const [last = ''] = isClosed(fence) ? (/^[\s>]*/.exec(before(fence.lastLine)) ?? []) : [];
  return isClosed(fence) && withoutTabs(last) === withoutTabs(first) ? last : first;
}

/** A tab goes to the next column that 4 divides. */
function withoutTabs(prefix: string): string {
  return [...prefix].reduce((text, one) => text + (one === '\t' ? ' '.repeat(4 - (text.length % 4)) : one), '');
}

/** A line of the fence as the page writes it. A blank one gets no blanks at its end. */
export function prefixed(prefix: string, line: string): string {
  return line === '' ? prefix.trimEnd() : prefix + line;
}

export function editLines(text: string, fence: Fence, lines: LineEdit[]): Edit[] {
  const page = new Page(text);
  const prefix = prefixOf(page, fence);
  const lineEnd = lineEndAt(page, fence.line);
  const startOf = (line: number) => page.lines[line - 1]?.start ?? text.length;
  const edits: Edit[] = [];
  for (const [index, edit] of lines.entries()) {
    if (edit.do === 'add') {
      const [before = null] = lines.slice(index).flatMap((one) => (one.do === 'add' ? [] : [one.old]));
      const at = before === null ? null : fence.line + 1 + before;
      if (at !== null || isClosed(fence)) edits.push(insertion(startOf(at ?? fence.lastLine), prefixed(prefix, edit.text) + lineEnd));
      else edits.push(insertion(page.lines[fence.lastLine - 1]?.end ?? text.length, lineEnd + prefixed(prefix, edit.text)));
    } else if (edit.do !== 'keep') {
      const line = fence.line + 1 + edit.old;
      const { start, end } = page.lines[line - 1] ?? { start: text.length, end: text.length };
      if (edit.do === 'remove') edits.push({ start, end: Math.max(end, startOf(line + 1)), text: '' });
      else edits.push({ start: Math.min(fence.lines[edit.old]?.offset ?? start, end), end, text: edit.text });
    }
  }
  return edits;
}

function insertion(at: number, text: string): Edit {
  return { start: at, end: at, text };
}
