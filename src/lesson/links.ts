/** A page → its links and images, each with its place, and the anchors that a link to it may name. */
import MarkdownIt from 'markdown-it';
import type { Place } from '../types.ts';
import { htmlLines, type Token, tokensOf } from './blocks.ts';
import { readFrontMatter } from './front-matter.ts';
import { htmlParts } from './html.ts';
import { Page } from './page.ts';
import { Slugger } from './slug.ts';

/** `target` is as the browser gets it: percent-encoded, empty for `[text]()`. The place is that of `[`, `!` or, in HTML, of the target. */
export interface PageLink extends Place {
  target: string;
}

export interface PageLinks {
  links: PageLink[];
  /** Headings by GitHub's rules, `{#id}` at their end, and `id` and `name` of HTML tags. */
  anchors: Set<string>;
}

/** Where each inline token begins in its block's content; of `[` the character behind. */
type Positions = Map<Token, number>;

const markdown = new MarkdownIt('commonmark', { maxNesting: 100 });

markdown.inline.State = class extends markdown.inline.State {
  override push(...args: Parameters<InstanceType<typeof markdown.inline.State>['push']>): Token {
    const token = super.push(...args);
    (this.env.positions as Positions).set(token, this.pos);
    return token;
  }
};

/** Never throws. Links in code and in HTML comments are none; a reference `[text][name]` without a definition is text. */
export function readLinks(text: string): PageLinks {
  const page = new Page(text);
  const positions: Positions = new Map();
  const env = { positions };
  const { lines, tokens } = tokensOf(page, readFrontMatter(page, '').lines, env);
  const reader = new LinkReader();
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'html_block') {
      const places = htmlLines(page, lines, token);
      reader.html(token.content, (offset) => placeIn(token.content, offset, (line) => places[line]));
    } else if (token.type === 'inline') {
      const first = token.map?.[0] ?? 0;
      const content = token.content.split('\n');
      const placeOf = (offset: number) => placeIn(token.content, offset, (line) => originOf(page, first + line, content[line] ?? ''));
      const children: Token[] = [];
      markdown.inline.parse(token.content, markdown, env, children);
      if (tokens[index - 1]?.type === 'heading_open') reader.heading(children);
      reader.inline(children, positions, placeOf);
    }
  }
  return { links: reader.links, anchors: reader.anchors };
}

class LinkReader {
  readonly links: PageLink[] = [];
  readonly anchors = new Set<string>();
  readonly #slugger = new Slugger();

  heading(children: Token[]): void {
    const text = children.map(({ type, content }) =>
      type === 'text' || type === 'text_special' || type === 'code_inline' ? content : type.endsWith('break') ? ' ' : '',
    );
    const heading = text.join('').trim();
    this.anchors.add(this.#slugger.next(heading));
    const [, id] = /\{#([^\s{}]+)\}$/.exec(heading) ?? [];
    if (id !== undefined) this.anchors.add(id);
  }

  inline(children: Token[], positions: Positions, placeOf: (offset: number) => Place): void {
    for (const token of children) {
      const position = positions.get(token) ?? 0;
      if (token.type === 'link_open' && token.markup !== 'autolink') {
        this.links.push({ target: String(token.attrGet('href') ?? ''), ...placeOf(position - 1) });
      } else if (token.type === 'image') this.links.push({ target: String(token.attrGet('src') ?? ''), ...placeOf(position) });
      else if (token.type === 'html_inline') this.html(token.content, (offset) => placeOf(position + offset));
    }
  }

  html(source: string, placeOf: (offset: number) => Place): void {
    const { anchors, links, headings } = htmlParts(source);
    for (const heading of headings) this.anchors.add(this.#slugger.next(heading));
    for (const anchor of anchors) this.anchors.add(anchor);
    for (const { target, offset } of links) this.links.push({ target, ...placeOf(offset) });
  }
}

/** The place of an offset in a block's content, whose lines begin where `lineAt` says. */
function placeIn(content: string, offset: number, lineAt: (line: number) => Place | undefined): Place {
  const before = content.slice(0, offset).split('\n');
  const { line, column } = lineAt(before.length - 1) ?? { line: 1, column: 1 };
  return { line, column: column + (before.at(-1)?.length ?? 0) };
}

/** Where `content` begins in line `index` of the page. A prefix that ends within a tab leaves blanks in it that the page does not have. */
function originOf(page: Page, index: number, content: string): Place {
  const { start, end } = page.lines[index] ?? { start: 0, end: 0 };
  const line = page.text.slice(start, end);
  let rest = content.trimEnd();
  while (!line.includes(rest)) rest = rest.slice(1);
  return { line: index + 1, column: line.lastIndexOf(rest) - (content.trimEnd().length - rest.length) + 1 };
}
