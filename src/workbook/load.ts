/** Pages → lessons that can be run, each with those it comes after, and every problem of every page at once. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pageProblem, problem } from '../errors.ts';
import { linkLesson } from '../kernel/link.ts';
import { decodePage, parseLesson } from '../lesson/parse.ts';
import type { SessionStep } from '../session.ts';
import type { Lesson, Place, Problem } from '../types.ts';
import { checkConfig, configOfPage } from './config.ts';
import type { Configuration } from './configuration.ts';
import { nameOf, type PageName } from './select.ts';

export interface LoadedLesson {
  /** Absolute. */
  path: string;
  text: string;
  lesson: Lesson;
  steps: SessionStep[];
  /** Null: it starts in an empty account. `invalid`: the page that it comes after is. */
  after: LoadedLesson | 'invalid' | null;
  page: PageName;
}

interface Page {
  lesson: LoadedLesson | null;
  /** Its own problems; none where it is no lesson. */
  problems: Problem[];
}

/** A page that holds a step, whatever is wrong with it. */
export interface ReadPage {
  page: PageName;
  text: string;
  /** What could be made of the page. */
  lesson: Lesson;
}

export interface LoadedPages {
  lessons: LoadedLesson[];
  /** All pages that hold a step, those that a lesson comes after included. */
  read: ReadPage[];
  problems: Problem[];
}

export interface LoadOptions {
  /** Exercises may be without what they are judged by: that is going to be written. */
  unjudged?: boolean;
}

/** Reads and checks all pages. A page with a problem is not among the lessons; the others are run all the same. */
export async function loadLessons(pages: PageName[], folder: string, configuration: Configuration, options: LoadOptions = {}): Promise<LoadedPages> {
  const loader = new Loader(folder, configuration, options);
  const lessons: LoadedLesson[] = [];
  for (const page of pages) {
    const { lesson } = await loader.load(page, []);
    if (lesson !== null) lessons.push(lesson);
  }
  return { lessons, read: loader.read, problems: loader.problems };
}

class Loader {
  readonly problems: Problem[] = [];
  readonly read: ReadPage[] = [];
  /** Pages that come after each other in a circle. */
  readonly #circular = new Set<string>();
  readonly #pages = new Map<string, Promise<Page>>();
  readonly #folder: string;
  readonly #configuration: Configuration;
  readonly #unjudged: boolean;

  constructor(folder: string, configuration: Configuration, options: LoadOptions) {
    this.#unjudged = options.unjudged === true;
    this.#folder = folder;
    this.#configuration = configuration;
  }

  /** Each page once. `before` are the pages whose `after` led here. */
  load(page: PageName, before: string[]): Promise<Page> {
    const known = this.#pages.get(page.path);
    if (known !== undefined) return known;
    const loading = this.#read(page, [...before, page.path]).then((read) => {
      this.problems.push(...read.problems);
      return read;
    });
    this.#pages.set(page.path, loading);
    return loading;
  }

  async #read(page: PageName, chain: string[]): Promise<Page> {
    const { file, path } = page;
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => problem('unreadable', `it cannot be read (${error.code})`, null, file));
    if (!(bytes instanceof Uint8Array)) return { lesson: null, problems: [bytes] };
    const decoded = decodePage(bytes, file);
    if ('problem' in decoded) return { lesson: null, problems: [decoded.problem] };

    const { steps: marked, server } = this.#configuration;
    const parsed = parseLesson(decoded.text, file, { steps: marked, unjudged: this.#unjudged, ...(server === null ? {} : { server }) });
    const { lesson } = parsed;
    if (lesson.steps.length === 0) return { lesson: null, problems: pageWithoutStep(page, parsed.problems) };
    this.read.push({ page, text: decoded.text, lesson });
    const linked = linkLesson(lesson);
    const after = await this.#after(page, lesson, chain);
    const config = checkConfig(configOfPage(lesson, path));
    const problems = [...parsed.problems, ...linked.problems, ...after.problems, ...config].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
    if (problems.length > 0) return { lesson: null, problems };
    const steps = lesson.steps.map((step, index) => ({ step, linked: linked.steps[index] ?? null, starter: linked.starters[index] ?? null }));
    return { lesson: { path, text: decoded.text, lesson, steps, after: after.lesson, page }, problems };
  }

  async #after(page: PageName, { settings, settingPlaces, file }: Lesson, chain: string[]): Promise<{ lesson: LoadedLesson['after']; problems: Problem[] }> {
    if (settings.after === null) return { lesson: null, problems: [] };
    const place: Place = settingPlaces.get('after') ?? { line: 1, column: 1 };
    const beside = join(dirname(page.path), `${settings.after}.md`);
    const path = !existsSync(beside) && existsSync(`${beside}x`) ? `${beside}x` : beside;
    const name = nameOf(path, this.#folder);
    if (!existsSync(path))
      return { lesson: null, problems: [pageProblem('after', file, place, `there is no lesson ${name} beside this page`, 'give the file name without .md')] };
    if (chain.includes(path)) for (const member of chain.slice(chain.indexOf(path))) this.#circular.add(member);
    const target = this.#circular.has(page.path) ? null : await this.load({ path, file: name, named: false, lines: null }, chain);
    // Known only now where the circle was closed by a page further on.
    if (this.#circular.has(page.path)) {
      return {
        lesson: null,
        problems: [pageProblem('after', file, place, `it comes after ${name}, and that in the end after it`, 'let one of them start in an empty account')],
      };
    }
    if (target?.lesson === null && target.problems.length === 0) {
      return { lesson: null, problems: [pageProblem('after', file, place, `${name} is no lesson: it holds no step`, WHAT_A_STEP_IS)] };
    }
    return { lesson: target?.lesson ?? 'invalid', problems: [] };
  }
}

export const WHAT_A_STEP_IS = 'A step is a fence in ts, typescript, js, javascript or console; under `steps: marked`, one with the word `step`.';

/** A page in a folder that holds no step is other people's; one that was named should hold one. */
function pageWithoutStep({ file, named }: PageName, problems: Problem[]): Problem[] {
  if (!named) return problems.filter((one) => one.code === 'fence');
  if (problems.length > 0) return problems;
  return [pageProblem('not-found', file, { line: 1, column: 1 }, 'the page holds no step', WHAT_A_STEP_IS)];
}
