/** One lesson while its page is brought up to date: run, put into the page, run again, written. */
import type { Lesson, LessonRecording, LessonReport, Mismatch, Problem, RunEvent } from '../../types.ts';
import type { LessonPlan } from '../../workbook/plan.ts';
import { describeUpdate } from './describe.ts';
import { type Parse, planAnew, readAnew } from './lessons.ts';
import type { UpdateOptions } from './update.ts';
import { judgeAgain, type UpdatedPage, updatePage } from './update-page.ts';
import { writePage } from './write-page.ts';

/** A page is run until a run tells nothing new, but no more often than this. */
const MOST_RUNS = 4;
/** And no less often, where it changes: what is the same twice may be so by chance. */
const LEAST_RUNS = 3;

export class LessonUpdate {
  readonly file: string;
  readonly path: string;
  /** As it is to be written; until then as it was. */
  page: UpdatedPage;
  /** Of the page as it was; null until it is known. */
  report: LessonReport | null = null;
  done = false;
  readonly #one: LessonPlan;
  readonly #options: UpdateOptions;
  readonly #parse: Parse;
  readonly #from = Date.now();
  readonly #recordings: LessonRecording[] = [];
  /** The steps that were judged, by index. */
  #judged = new Set<number>();
  /** Steps after which the state is not there at once each time, by index. */
  readonly #late = new Set<number>();
  #skipped: LessonReport | null = null;
  #held: RunEvent[] = [];
  /** Lines of the new page that do not hold. */
  #wrong = new Set<number>();

  constructor(one: LessonPlan, options: UpdateOptions) {
    this.#one = one;
    this.#options = options;
    this.file = one.plan.lesson.file;
    this.path = one.loaded.path;
    this.page = { text: one.loaded.text, lesson: one.loaded.lesson, left: [] };
    this.#parse = (text) => {
      const { lesson, problems } = readAnew(text, this.file, options.configuration, true);
      return problems.length > 0 ? null : lesson;
    };
  }

  /** `lessons`: what pages say now, by path. */
  planAnew(lessons: ReadonlyMap<string, Lesson>): LessonPlan {
    this.#held = [];
    return planAnew(this.#one, lessons);
  }

  /** Only the run of the page as it was is shown; of one that comes after another only when it is known that it stays at that. */
  event(event: RunEvent): void {
    if (this.report !== null) return;
    if (this.#one.plan.after === null) this.#options.onEvent(event);
    else this.#held.push(event);
  }

  /** Takes what a run came to; whether the page has changed by it. Null: its server could not be started, or took not its configuration. */
  take(report: LessonReport | null, recording: LessonRecording | null): boolean {
    if (this.report !== null) return this.#takeAnother(report, recording);
    if (report?.afterFailed) {
      this.#skipped = report;
      return false;
    }
    if (report === null) {
      this.done = true;
      return false;
    }
    this.#accept(report);
    this.done = true;
    if (recording === null || report.status === 'passed' || report.status === 'skipped') return false;
    const lines = new Set(report.steps.filter(({ status }) => status === 'passed' || status === 'failed').map(({ line }) => line));
    this.#judged = new Set(this.page.lesson.steps.filter(({ line }) => lines.has(line)).map(({ index }) => index));
    this.#recordings.push(recording);
    this.page = this.#update();
    this.done = !this.#isChanged();
    return this.#isChanged();
  }

  /** It could not begin, and that stays so. */
  settle(): void {
    if (this.#skipped !== null) this.#accept(this.#skipped);
    this.done = true;
  }

  /** What is wrong with the page as it is to be written; only of one that was so before. */
  problems(): Problem[] {
    return readAnew(this.page.text, this.file, this.#options.configuration, false).problems;
  }

  /** The lines that say what was written, and what was not and why. */
  write(): string[] {
    if (this.report === null) return [];
    const { propose } = this.#options;
    const was = this.#one.loaded;
    const left = this.page.left.map(
      (index) => `${this.file}:${this.page.lesson.steps[index]?.line}: this step is left as it is: no valid page says what it came to.`,
    );
    if (!this.#isChanged()) return left;
    const to = propose ? `${this.path}.corrected` : null;
    const failed = writePage(this.path, { was: was.text, text: this.page.text, to });
    if (failed !== null) return [`${this.file}: it ${failed}.`];
    const name = propose ? `${this.file}.corrected` : this.file;
    const wrong = [...this.#wrong]
      .sort((one, other) => one - other)
      .map((line) => `${name}:${line}: this does not hold each time, or not on both servers; mend it by hand.`);
    return [`${name}: ${describeUpdate(was.lesson, this.page.lesson)}.`, ...wrong, ...left];
  }

  #accept(report: LessonReport): void {
    this.report = report;
    for (const event of this.#held.splice(0)) this.#options.onEvent(event);
  }

  #isChanged(): boolean {
    return this.page.text !== this.#one.loaded.text;
  }

  #update(): UpdatedPage {
    const recordings = this.#recordings;
    const { text, lesson } = this.#one.loaded;
    const during = { from: this.#from, to: Date.now() };
    return updatePage({ text, lesson, judged: this.#judged, late: this.#late, recordings, during, parse: this.#parse });
  }

  /** A run of the page as it is to be written: what differs each time shows, and what no page can mend. Whether the page has changed by it. */
  #takeAnother(report: LessonReport | null, recording: LessonRecording | null): boolean {
    this.done = true;
    if (recording === null || report === null) return false;
    const { text, lesson } = this.page;
    this.#recordings.push(recording);
    const late = report.steps.filter(({ mismatches }) => mismatches.some(({ path }) => path !== null)).map(({ line }) => line);
    for (const { line, index } of lesson.steps) if (late.includes(line)) this.#late.add(index);
    this.page = this.#update();
    const { steps } = this.page.lesson;
    const wrong = judgeAgain(this.page.lesson, recording, this.#judged).map(({ mismatch }) => mismatch.place.line);
    // What only a run can tell: that the commands do what the code does, that it can be judged at all, that an exercise teaches something.
    const failed = report.steps.filter(({ mismatches, status }) => status === 'errored' || mismatches.some(isBeyondWords)).map(({ line }) => line);
    const atStep = lesson.steps
      .filter(({ line, index }) => failed.includes(line) && this.#judged.has(index))
      .map(({ line, index }) => steps[index]?.line ?? line);
    this.#wrong = new Set([...wrong, ...atStep]);
    const isChanged = this.page.text !== text;
    const runs = this.#recordings.length;
    this.done = (!isChanged && runs >= LEAST_RUNS) || runs >= MOST_RUNS;
    return isChanged;
  }
}

/** What no page can say otherwise. */
function isBeyondWords({ by, path, kind }: Mismatch): boolean {
  return (by === 'twin' && path !== null) || kind === 'exercise';
}
