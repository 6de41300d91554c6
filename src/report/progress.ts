/** Events → one line at the bottom of the terminal that says what is running; where it cannot be drawn, a plain line now and then. */

import type { RunEvent } from '../types.ts';
import { printable } from './printable.ts';
import type { Sink } from './reporter.ts';

/** A sink that cannot be redrawn gets progress at most so often, in milliseconds. */
const PLAIN_EVERY = 5000;

export class Progress {
  readonly #sink: Sink | null;
  #line = '';
  #drawn = false;
  #lastPlain = Number.NEGATIVE_INFINITY;
  readonly #running = new Map<string, string>();

  /** Null: nothing is drawn. */
  constructor(sink: Sink | null) {
    this.#sink = sink;
  }

  event(event: RunEvent): void {
    if (event.type === 'step-started') this.#running.set(event.file, `${event.file}:${event.line} ${event.title}`);
    else if (event.type === 'lesson-started') this.#running.set(event.file, event.file);
    else if (event.type === 'lesson-finished') this.#running.delete(event.file);
    else return;
    if (this.#sink?.columns) this.#draw([...this.#running.values()].join('  ·  '));
  }

  /** Says how far something slow is, such as an installation. */
  say(text: string): void {
    if (this.#sink === null) return;
    if (this.#sink.columns !== null) {
      this.#draw(text);
      return;
    }
    const now = performance.now();
    if (now - this.#lastPlain < PLAIN_EVERY) return;
    this.#lastPlain = now;
    this.#sink.write(`${printable(text)}\n`);
  }

  /** Writes something that stays, above the line. */
  above(write: () => void): void {
    this.#erase();
    write();
    if (this.#line !== '') this.#draw(this.#line);
  }

  end(): void {
    this.#erase();
    this.#line = '';
  }

  #draw(text: string): void {
    this.#erase();
    this.#line = text;
    const width = (this.#sink?.columns ?? 80) - 1;
    const line = printable(text).replaceAll('\n', ' ');
    this.#sink?.write(line.length > width ? `${line.slice(0, width - 1)}…` : line);
    this.#drawn = true;
  }

  #erase(): void {
    if (this.#drawn) this.#sink?.write('\r\x1b[2K');
    this.#drawn = false;
  }
}
