/** A fence that is to come or to go → edits of the page's text. */
import { Page } from '../../lesson/page.ts';
import type { Fence } from '../../types.ts';
import { type Edit, isClosed, lineEndAt, prefixed, prefixOf } from './page-edit.ts';

/** A fence after which a new one comes. */
export interface Anchor {
  fence: Fence;
  /** Not inside of the `<details>` that it ends: what a solution is judged by is to be seen before it is opened. */
  outside: boolean;
}

/** A new fence directly after another one: with its marks, in its container. */
export function addFence(text: string, { fence: after, outside }: Anchor, info: string, lines: string[]): Edit {
  const page = new Page(text);
  const prefix = prefixOf(page, after);
  const mark = /^(`+|~+)/.exec(text.slice(after.span.start))?.[0] ?? '```';
  const end = lineEndAt(page, after.line);
  const written = ['', mark + info, ...lines, mark].map((line) => prefixed(prefix, line));
  if (!isClosed(after)) written.unshift(prefix + mark);
  const [rest = ''] = outside ? (/^(?:[ \t>]*(?:\r\n?|\n))+[ \t>]*<\/details>[ \t]*(?=[\r\n]|$)/.exec(text.slice(after.span.end)) ?? []) : [];
  const at = after.span.end + rest.length;
  return { start: at, end: at, text: written.map((line) => end + line).join('') };
}

/** Takes a fence away, with a blank line beside it. One on the line of a list's mark leaves the mark. */
export function removeFence(text: string, fence: Fence): Edit {
  const page = new Page(text);
  const first = page.lines[fence.line - 1] ?? { start: 0, end: 0 };
  const isAlone = /^[\s>]*$/.test(text.slice(first.start, fence.span.start));
  if (!isAlone) return { start: fence.span.start, end: fence.span.end, text: '' };
  const isBlank = (line: number) => {
    const one = page.lines[line - 1];
    return one !== undefined && line <= page.lastLine && /^[\s>]*$/.test(text.slice(one.start, one.end));
  };
  let last = fence.lastLine;
  let from = fence.line;
  if (isBlank(last + 1) && (from === 1 || isBlank(from - 1))) last += 1;
  else if (last === page.lastLine && isBlank(from - 1)) from -= 1;
  // What it stood between must not become one paragraph.
  const between =
    from > 1 && last < page.lastLine && ![from - 1, from, last, last + 1].some((line) => line !== fence.line && line !== fence.lastLine && isBlank(line));
  const written = between ? prefixed(prefixOf(page, fence), '') + lineEndAt(page, fence.line) : '';
  return { start: page.lines[from - 1]?.start ?? 0, end: page.lines[last]?.start ?? text.length, text: written };
}
