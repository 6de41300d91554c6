/** A page as text → a lesson: as much of the format as the kernel's tests need, so that they stand without the parser. */
import type { Code, Expectation, Fence, Lesson, LinkedStep, Step } from '../../../src/types.ts';

const NOTHING: Expectation = { output: null, error: null, state: null, consoles: [] };

interface Found {
  words: string[];
  fence: Fence;
}

/** Fences of three backticks; what stands before the opening ones is cut off every line of the fence, as in a list or a quote. */
function fencesOf(page: string): Found[] {
  const lines = page.split('\n');
  const found: Found[] = [];
  let offset = 0;
  let open: Found | null = null;
  for (const [index, line] of lines.entries()) {
    const at = line.indexOf('```');
    if (open === null && at !== -1) {
      const fence = { span: { start: offset, end: 0 }, info: { start: 0, end: 0 }, line: index + 1, column: at + 1, lastLine: 0, text: '', lines: [] };
      open = {
        words: line
          .slice(at + 3)
          .trim()
          .split(' '),
        fence,
      };
    } else if (open !== null && at !== -1) {
      open.fence.lastLine = index + 1;
      found.push(open);
      open = null;
    } else if (open !== null) {
      const cut = Math.min(open.fence.column - 1, line.length);
      open.fence.text += `${line.slice(cut)}\n`;
      open.fence.lines.push({ line: index + 1, column: cut + 1, offset: offset + cut });
    }
    offset += line.length + 1;
  }
  return found;
}

/** Words: `ts`, `js`, `error`, `exercise`, `solution`, `console`, and `timeout=` in milliseconds. */
export function lessonOf(page: string): Lesson {
  const steps: Step[] = [];
  for (const { words, fence } of fencesOf(page)) {
    const last = steps.at(-1);
    if (words.includes('error') && last !== undefined) last.expectation = { ...last.expectation, error: { fence } };
    else if (words.includes('solution') && last !== undefined) {
      last.starter = last.code;
      last.code = codeOf(words, fence);
    } else {
      const timeout = Number(words.find((word) => word.startsWith('timeout='))?.slice('timeout='.length) ?? 10_000);
      const code = words.includes('console') ? null : codeOf(words, fence);
      const { line, lastLine } = fence;
      steps.push({
        index: steps.length,
        line,
        lastLine,
        title: '',
        heading: '',
        code,
        starter: null,
        hints: [],
        node: false,
        timeout,
        fault: null,
        expectation: NOTHING,
      });
    }
  }
  const settings = { server: null, after: null, steps: 'all' as const, private: false, config: null, cluster: null, timeout: 10_000 };
  return { file: 'page.md', title: '', settings, settingPlaces: new Map(), frontMatter: null, steps };
}

function codeOf(words: string[], fence: Fence): Code {
  return { fence, language: words[0] === 'js' ? 'js' : 'ts' };
}

/** One fence a code, each with an empty line behind it. The first line of the first code is line 2; of the next, three after the last of the one before. */
export function pageOf(codes: string[], info = 'ts'): string {
  return codes.map((code) => `\`\`\`${info}\n${code}\n\`\`\`\n`).join('\n');
}

export function stepsOf(linked: (LinkedStep | null)[]): LinkedStep[] {
  return linked.filter((step) => step !== null);
}
