/** The lines of an HTML block → the fences that were meant to be steps or expectations and that CommonMark takes for HTML. */
import { pageProblem } from '../errors.ts';
import type { Problem } from '../types.ts';
import type { HtmlLine } from './blocks.ts';
import { readInfo } from './info.ts';
import { fenceKind, isNoRun } from './vocabulary.ts';

/** Nothing inside an HTML comment counts. */
export function swallowedFences(lines: HtmlLine[], marked: boolean, file: string): Problem[] {
  const problems: Problem[] = [];
  // A block of these ends with its own end mark; any other ends with a blank line.
  const needsEnd = /^\s*<(script|pre|style|textarea|[?!])/i.test(lines[0]?.text ?? '');
  let inComment = false;
  let fence: string | null = null;
  for (const { text, line, column } of lines) {
    const [, indent = '', marks = '', raw = ''] = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(text) ?? [];
    if (fence !== null) {
      if (marks.startsWith(fence) && raw.trim() === '') fence = null;
      continue;
    }
    if (marks !== '' && !inComment) {
      fence = marks;
      const info = readInfo(raw);
      if (fenceKind(info, marked) === null || isNoRun(info)) continue;
      const place = { line, column: column + indent.length };
      const advice = needsEnd ? 'Move it out of the HTML.' : 'Put a blank line before it.';
      problems.push(pageProblem('fence', file, place, 'this fence is swallowed by the HTML block that begins above it', advice));
    }
    inComment = commentOpenAfter(text, inComment);
  }
  return problems;
}

function commentOpenAfter(text: string, open: boolean): boolean {
  let isOpen = open;
  for (let at = 0; at >= 0; ) {
    at = text.indexOf(isOpen ? '-->' : '<!--', at);
    if (at < 0) break;
    // `<!-->` is a comment that is over.
    at += isOpen ? 3 : 2;
    isOpen = !isOpen;
  }
  return isOpen;
}
