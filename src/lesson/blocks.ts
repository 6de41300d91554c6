/** A page → its headings, fences and HTML blocks in order, each with its true place in the file. */
import MarkdownIt from 'markdown-it';
import type { Fence, LineOrigin, Place } from '../types.ts';
import type { Page } from './page.ts';

/** One line of an HTML block, container prefixes cut off. */
export interface HtmlLine extends Place {
  text: string;
}

export type Block =
  | { type: 'heading'; text: string; line: number }
  /** `raw` is the info string as written; its offset is `fence.info.start`. */
  | { type: 'fence'; fence: Fence; raw: string }
  | { type: 'html'; lines: HtmlLine[] };

export type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number];

// Deeper than anyone nests, and shallow enough that a page of 100,000 `>` does not exhaust the stack.
const markdown = new MarkdownIt('commonmark', { maxNesting: 100 });

/** The page as markdown-it reads it: its lines and its block tokens. The first `skip` lines (the front matter) are read as if they were empty. */
export function tokensOf(page: Page, skip: number, env: Record<string, unknown>): { lines: string[]; tokens: Token[] } {
  // Ended by a line ending, because markdown-it drops a last line of blanks that has none; NUL as CommonMark has it.
  const lines = page.lines.map((_, index) => (index < skip ? '' : page.line(index).replaceAll('\0', '\uFFFD')));
  const source = `${lines.slice(0, page.lastLine).join('\n')}\n`;
  const tokens: Token[] = [];
  markdown.block.parse(source, markdown, env, tokens);
  return { lines, tokens };
}

/** The blocks of a page. The first `skip` lines (the front matter) are read as if they were empty. */
export function blocksOf(page: Page, skip: number): Block[] {
  const env = {};
  const { lines, tokens } = tokensOf(page, skip, env);
  const blocks: Block[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'fence') blocks.push(fenceBlock(page, lines, token));
    else if (token.type === 'html_block') blocks.push({ type: 'html', lines: htmlLines(page, lines, token) });
    else if (token.type === 'heading_open') {
      const content: Token[] = [];
      markdown.inline.parse(tokens[index + 1]?.content ?? '', markdown, env, content);
      blocks.push({ type: 'heading', text: withoutId(plainText(content).replace(/\s+/g, ' ').trim()), line: (token.map?.[0] ?? 0) + 1 });
    }
  }
  return blocks;
}

function fenceBlock(page: Page, lines: string[], token: Token): Block {
  const [first, end] = token.map ?? [0, 1];
  const origins: LineOrigin[] = contentLines(token).map((content, index) => originOf(page, lines, first + 1 + index, content));
  const open = originOf(page, lines, first, token.markup + token.info);
  const raw = token.info.trim();
  const info = open.offset + token.markup.length + token.info.length - token.info.trimStart().length;
  // The map takes in the closing line, the content does not; an unclosed fence has none.
  const lastLine = end - first - 1 > origins.length ? end : first + 1 + origins.length;
  return {
    type: 'fence',
    raw,
    fence: {
      span: { start: open.offset, end: page.lines[lastLine - 1]?.end ?? page.text.length },
      info: { start: info, end: info + raw.length },
      line: open.line,
      column: open.column,
      lastLine,
      text: token.content,
      lines: origins,
    },
  };
}

export function htmlLines(page: Page, lines: string[], token: Token): HtmlLine[] {
  return contentLines(token).map((text, index) => {
    const { line, column } = originOf(page, lines, (token.map?.[0] ?? 0) + index, text);
    return { text, line, column };
  });
}

/** The lines of a token's content, each of which ends with a line ending. */
function contentLines(token: Token): string[] {
  return token.content.split('\n').slice(0, -1);
}

/**
 * Where `content`, the rest of a line after its list and quote prefixes, begins in the page. A prefix that ends within a tab leaves blanks in the content that
 * the page does not have: then it is the character after the tab.
 */
function originOf(page: Page, lines: string[], index: number, content: string): LineOrigin {
  const line = lines[index] ?? '';
  let rest = content;
  while (!line.endsWith(rest)) rest = rest.slice(1);
  const { start, end } = page.lines[index] ?? { start: page.text.length, end: page.text.length };
  const offset = end - rest.length;
  return { offset, line: index + 1, column: offset - start + 1 };
}

function plainText(tokens: Token[]): string {
  let text = '';
  for (const token of tokens) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') text += ' ';
    else if (token.type === 'image') text += plainText(token.children ?? []);
    else if (token.type !== 'html_inline') text += token.content;
  }
  return text;
}

/** Documentation tools take `{#id}` at the end of a heading for its anchor. */
function withoutId(heading: string): string {
  return heading.replace(/ +\{#[^\s{}]+\}$/, '');
}
