/** The HTML blocks of a page, in order → the `<details>` whose summary begins with "Hint", each with the Markdown inside. */
import type { Hint } from '../types.ts';
import type { HtmlLine } from './blocks.ts';
import type { Page } from './page.ts';

/** One `<details>` that is open; offsets into the page's text. */
interface Open {
  /** Where its summary's text begins; null before the summary. */
  summaryStart: number | null;
  summary: string | null;
  /** Where what is inside begins. */
  inside: number;
}

const MARK = /<!--|-->|<(\/?)(details|summary)\b[^>]*>/gi;

export class HintReader {
  readonly #page: Page;
  /** The innermost last. */
  readonly #open: Open[] = [];
  #inComment = false;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Takes the next HTML block and answers with the hints that end in it. */
  add(lines: HtmlLine[]): Hint[] {
    this.#inComment = false;
    return lines.flatMap(({ text, line, column }) => {
      const start = (this.#page.lines[line - 1]?.start ?? 0) + column - 1;
      return [...text.matchAll(MARK)].flatMap((mark) => this.#take(mark, start + mark.index) ?? []);
    });
  }

  #take([mark, closing, name]: RegExpExecArray, offset: number): Hint | null {
    if (name === undefined) this.#inComment = mark === '<!--';
    if (name === undefined || this.#inComment) return null;
    const end = offset + mark.length;
    const isEnd = closing === '/';
    if (name.toLowerCase() === 'details') {
      if (isEnd) return this.#close(offset);
      this.#open.push({ summaryStart: null, summary: null, inside: end });
      return null;
    }
    const open = this.#open.at(-1);
    if (open === undefined || open.summary !== null) return null;
    if (!isEnd) open.summaryStart = end;
    else if (open.summaryStart !== null) {
      open.summary = plain(this.#page.text.slice(open.summaryStart, offset));
      open.inside = end;
    }
    return null;
  }

  #close(offset: number): Hint | null {
    const { summary = null, inside = 0 } = this.#open.pop() ?? {};
    return summary !== null && /^hints?\b/i.test(summary) ? { summary, span: { start: inside, end: offset } } : null;
  }
}

function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
