/** What the reading of one state document collects: problems, and where each entry stands in the page. */
import type { Node } from 'yaml';
import { pageProblem } from '../errors.ts';
import type { Fence, Place, Problem } from '../types.ts';
import { textProblems } from './matchers.ts';

export class DocumentReader {
  /** In a `change`, null takes a thing away. */
  readonly kind: 'state' | 'change';
  readonly text: string;
  /** JSON Pointer, as a mismatch's path → where that entry stands. */
  readonly places = new Map<string, Place>();
  readonly problems: Problem[] = [];
  readonly #fence: Fence;
  readonly #file: string;
  readonly #captured: Set<string>;
  /** Where each line of the text begins. */
  readonly #starts: number[];

  constructor(kind: 'state' | 'change', fence: Fence, file: string, captured: Set<string>) {
    this.kind = kind;
    this.text = fence.text;
    this.#fence = fence;
    this.#file = file;
    this.#captured = captured;
    this.#starts = [0, ...[...fence.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** Where an offset in the text stands in the page; its end is the closing fence. */
  placeAt(offset: number): Place {
    const line = this.#lineOf(offset);
    const origin = this.#fence.lines[line];
    if (origin !== undefined) return { line: origin.line, column: origin.column + offset - (this.#starts[line] ?? 0) };
    return this.#fence.lines.length === 0 ? { line: this.#fence.line, column: this.#fence.column } : { line: this.#fence.lastLine, column: 1 };
  }

  /** The last line that begins at the offset or before it. */
  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  remember(path: string, offset: number): void {
    this.places.set(path, this.placeAt(offset));
  }

  report(offset: number, message: string, advice: string | null = null): void {
    this.problems.push(pageProblem('state', this.#file, this.placeAt(offset), message, advice));
  }

  /** Reports what is wrong with the matchers of a text, where they stand. */
  checkMatchers(text: string, node: Node): void {
    const [begin = 0, end = this.text.length] = node.range ?? [];
    let from = begin;
    for (const { column, message, advice } of textProblems(text, this.#captured)) {
      const written = text.slice(column, text.indexOf('>', column) + 1);
      // Escapes and folded lines have moved it, so it is looked for; one behind a `\` is literal.
      let at = this.text.indexOf(written, from);
      while (at > begin && this.text[at - 1] === '\\') at = this.text.indexOf(written, at + 1);
      const found = at >= from && at < end;
      this.report(found ? at : begin, message, advice);
      if (found) from = at + written.length;
    }
  }

  /** In the order of the page. */
  sortedProblems(): Problem[] {
    return this.problems.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0));
  }
}
