/** What a watched run says between the reports: what was saved, what is run of it, what still fails, which keys there are. */
import { createColors } from '../report/colors.ts';
import { printable } from '../report/printable.ts';
import type { Sink } from '../report/reporter.ts';
import type { Narrowed } from '../workbook/standing.ts';

/** More names than this are counted. */
const MOST_NAMES = 5;

/** Names of files, as the reader knows them. */
export interface Saved {
  there: string[];
  /** Deleted, or called otherwise now. */
  gone: string[];
}

export class WatchScreen {
  readonly #sink: Sink;
  readonly #quiet: boolean;
  readonly #hasKeys: boolean;
  readonly #colors;
  #isFirst = true;

  constructor(sink: Sink, { quiet, hasKeys }: { quiet: boolean; hasKeys: boolean }) {
    this.#sink = sink;
    this.#quiet = quiet;
    this.#hasKeys = hasKeys;
    this.#colors = createColors(sink.colors);
  }

  /** Above the reports of a run; on a terminal those of the run before are gone. */
  begin(saved: Saved, todo: Narrowed[]): void {
    if (!this.#isFirst && this.#sink.columns !== null) this.#sink.write('\x1b[2J\x1b[H');
    this.#isFirst = false;
    const places = todo.map(({ plan, line }) => `${plan.plan.lesson.file}:${line}`);
    const what = places.length === 0 ? '' : `, so this is run: ${inWords(places)}`;
    if (isSome(saved)) this.#say(`${describe(saved)}${what}`);
  }

  unchanged(saved: Saved): void {
    this.#say(`${describe(saved)}; nothing that runs has changed.`);
  }

  /** Below them; `failing` are places that were not run again. */
  foot(lessons: number, failing: string[]): void {
    if (failing.length > 0) this.#sink.write(`${this.#colors.red(printable(`Still not as the page says: ${inWords(failing)}`))}\n`);
    this.#say(
      `Watching ${lessons} ${lessons === 1 ? 'lesson' : 'lessons'} · ${this.#hasKeys ? 'a runs all · Enter runs this again · q ends it' : 'Ctrl-C ends it'}`,
    );
  }

  /** On a terminal it is said even to those who want to hear little: they would not know what they are looking at. */
  #say(text: string): void {
    if (!this.#quiet || this.#sink.columns !== null) this.#sink.write(`${this.#colors.dim(printable(text))}\n`);
  }
}

function isSome({ there, gone }: Saved): boolean {
  return there.length + gone.length > 0;
}

function describe({ there, gone }: Saved): string {
  return [...(there.length === 0 ? [] : [`Saved: ${inWords(there)}`]), ...(gone.length === 0 ? [] : [`Gone: ${inWords(gone)}`])].join('. ');
}

function inWords(names: string[]): string {
  return names.length <= MOST_NAMES ? names.join(', ') : `${names.slice(0, MOST_NAMES - 1).join(', ')} and ${names.length - MOST_NAMES + 1} more`;
}
