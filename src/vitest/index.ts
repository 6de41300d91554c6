/** `lockerroom/vitest`: a project's pages → vitest tests, one a step, which fail at their Markdown lines. */
import { resolve } from 'node:path';
import { satisfies } from 'semver';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import type { LessonPlan } from '../workbook/plan.ts';
import { afterError, problemError, reportErrors } from './errors.ts';
import { LessonRun } from './lesson-run.ts';
import { namesOfSteps, unique } from './names.ts';
import { readPages } from './pages.ts';

export interface LessonSuiteOptions {
  /** `console` fences: `auto` (where the `nats` CLI is found; the default), `require` (installs it) or `off`. */
  twin?: 'auto' | 'require' | 'off';
  /**
   * What the lessons run on: `auto` or `local` (a private server of this machine; the default), `docker[:TAG]`, or your own as `nats://HOST:PORT`. Into your own
   * the variables of the `nats` CLI let us in, its account must be empty, and files that share it must not run at once (`fileParallelism: false`).
   */
  server?: string;
  /** `marked`: only fences with the word `step` are steps. Default: what package.json says, else `all`. */
  steps?: 'all' | 'marked';
  /** Globs of pages that are no lessons, beside those of package.json. */
  exclude?: string[];
}

/** A server may have to be installed first; a step's own limit ends what takes too long in it. In milliseconds. */
const START_LIMIT = 15 * 60_000;
const END_LIMIT = 60_000;

/**
 * Defines a test for each step of the pages: `describe` a lesson, named by its title; `test` a step, named by its heading and title.
 * `pages` are globs, folders, files or `FILE:LINE`, seen from vitest's root as the globs of its configuration are; default: the lessons of
 * package.json, else `lessons/`. What is wrong with a page is a failing test of its own. Each lesson has a private server while its tests run;
 * with `-t` the steps before those that are wanted run unjudged. A step has the time that its page gives it, whatever `testTimeout` says.
 */
export function lessonSuite(pages: string | string[] = [], options: LessonSuiteOptions = {}): void {
  const wanted = typeof pages === 'string' ? [pages] : pages;
  // Pages are read inside `describe`, for which vitest waits: a promise that nobody awaits would lose its tests.
  describe(wanted.join(', ') || 'lessons', async () => {
    checkRuntime();
    const root = vitestRoot();
    const { plans, problems } = await readPages(wanted, root, options);
    const wrong = Map.groupBy(problems, ({ file }) => file);
    await Promise.all(
      [...plans.map(({ loaded }) => loaded.path), ...[...wrong.keys()].flatMap((file) => (file === null ? [] : resolve(root, file)))].map(load),
    );
    for (const [file, ofPage] of wrong) {
      test(file === null ? 'there are lessons' : `${file} is valid`, () => {
        throw ofPage.map((problem) => problemError(problem, root));
      });
    }
    const titles = unique(plans.map(({ plan }) => ({ name: plan.lesson.title, place: plan.lesson.file })));
    for (const [index, plan] of plans.entries()) describeLesson(titles[index] ?? '', plan, root, options);
  });
}

function describeLesson(title: string, lesson: LessonPlan, root: string, { twin = 'auto', server = 'auto' }: LessonSuiteOptions): void {
  const steps = lesson.plan.steps.filter(lesson.plan.listed).map(({ step }) => step);
  const names = namesOfSteps(lesson.plan.lesson.title, steps);
  const run = new LessonRun(lesson, { twin, server });
  const defined = describe(title, () => {
    beforeAll(async () => {
      const left = new Set(defined.tasks.filter(({ mode }) => mode === 'skip' || mode === 'todo').map(({ name }) => name));
      const asked = steps.filter((_, index) => !left.has(names[index] ?? ''));
      await run.start(new Set(asked.map(({ line }) => line)));
    }, START_LIMIT);
    for (const [index, step] of steps.entries()) {
      // A step that failed has failed: it is not run again, so neither is its test.
      test(names[index] ?? '', { timeout: run.limit, retry: 0, repeats: 0 }, async ({ expect, skip, signal }) => {
        // What a project's hooks do to time is meant for its own code.
        vi.useRealTimers();
        signal.addEventListener('abort', () => run.abort(), { once: true });
        const report = await run.reportOf(step.line);
        if (report === null || run.problems.length > 0) throw run.problems.map((problem) => problemError(problem, root));
        if (report.status === 'skipped') skip(report.reason === null ? '' : `it ${report.reason}`);
        const errors = reportErrors(lesson.loaded, report);
        if (errors.length > 0) throw errors;
        // For projects that want an assertion in every test.
        expect(errors).toEqual([]);
      });
    }
    afterAll(async () => {
      const { late, report, notes } = await run.end();
      if (twin !== 'off') for (const note of notes) console.warn(`${lesson.plan.lesson.file}: ${note}`);
      const errors = [...late.flatMap((step) => reportErrors(lesson.loaded, step)), ...(report?.afterFailed ? [afterError(lesson, report)] : [])];
      if (errors.length > 0) throw errors;
    }, END_LIMIT);
  });
}

/** Says before anything else what no lesson can be run with. */
function checkRuntime(): void {
  const { node } = process.versions;
  if (!satisfies(node, manifest.engines.node)) throw new Error(`lockerroom needs Node ${manifest.engines.node} to run lessons, and this is ${node}`);
  // jsdom brings a Uint8Array that Node's own buffers, and so the client's messages, are none of.
  if (!(Buffer.alloc(0) instanceof Uint8Array))
    throw new Error('lessons are run by Node, and the environment of this file takes its place: begin the file with `// @vitest-environment node`');
}

/** The configuration's root: a workspace's project has another than its process, and no public name for it. */
function vitestRoot(): string {
  const { __vitest_worker__: worker } = globalThis as { __vitest_worker__?: { config?: { root?: string } } };
  return worker?.config?.root ?? process.cwd();
}

/** Of a file that vitest has not loaded itself it shows no lines around an error, and makes no annotations on GitHub. */
async function load(path: string): Promise<void> {
  // A page that it cannot load has its place in the error all the same.
  await vi.importActual(`${path}?raw`).catch(() => {});
}
