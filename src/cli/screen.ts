/** One drawing after the other → a terminal on which each takes the place of the one before; elsewhere one below the other. */
import type { Sink } from '../report/reporter.ts';

export class Screen {
  readonly #sink: Sink;
  #size = '';

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** The terminal has another size than the last drawing was made for. */
  get isResized(): boolean {
    return this.#isTerminal && this.#size !== this.#now;
  }

  /** What does not fit on the terminal is cut off below, and that is said. */
  draw(lines: string[]): void {
    const isFirst = this.#size === '';
    this.#size = this.#now;
    if (!this.#isTerminal) {
      this.#sink.write(`${isFirst ? '' : '\n'}${lines.join('\n')}\n`);
      return;
    }
    const { rows } = this.#sink;
    const most = Math.max(2, (rows ?? Number.POSITIVE_INFINITY) - 1);
    const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more lines; the terminal is too small`];
    // Over what is there, so that nothing flickers.
    this.#sink.write(`${isFirst ? '\x1b[2J' : ''}\x1b[H${shown.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`);
  }

  get #isTerminal(): boolean {
    return this.#sink.columns !== null;
  }

  get #now(): string {
    return `${this.#sink.columns}x${this.#sink.rows}`;
  }
}
