/**
 * Markdown → Lesson. The format (design §2), in rules:
 *
 *  1. A page is CommonMark in UTF-8. A BOM is passed over. Lines end with LF, CRLF or CR.
 *  2. Front matter is YAML between a first line `---` and the next line `---` or `...`. Ours are `title`, `server`, `after`, `steps`, `private`, `config`,
 *     `cluster` and `timeout`; other keys are other tools', but a near miss of ours is an error.
 *  3. An info string is `LANG WORD… NAME=VALUE…`, in any order after LANG, which is matched in any case. A value may stand in double or single quotes; escapes
 *     and entities are resolved after the string has been taken apart. Groups in `{…}` and `[…]` are passed over.
 *  4. A fence is ours if LANG is `ts`, `typescript`, `js`, `javascript` or `console`, else if its first word is `output`, `error`, `state` or `change`. In a fence
 *     of ours an unknown, doubled or contradicting word, and a value that is wrong, is an error. Under `steps: marked` code and console fences without `step`,
 *     `exercise` or `solution` are not ours.
 *  5. In a `text` or `yaml` fence a first word that is a near miss of rule 4's is an error. Every other fence is prose.
 *  6. Code is a step. With `no-run` it is prose, and no expectation may follow before the next step. A `console` fence with `no-run` is only shown.
 *  7. An `exercise` and the `solution` after it are one step, at the exercise's line, with one set of expectations, which follow either; a `state`, `change` or
 *     `output` is among them.
 *  8. Expectations follow their step, before the next: at most one `output`, one `error` and one of `state` and `change`, and any number of `console`.
 *  9. A `console` fence before the first step of code is a step by itself; of expectations it may have a `state`.
 * 10. A `console` fence is `$ command` lines, each with `> ` continuations, then what it prints, then `[N]` where it exits with N.
 * 11. A step's title is its `title=`, else the heading above it, else the lesson's: its front matter's, else its first heading, else the file's name.
 * 12. A `<details>` whose summary begins with "Hint" is a hint of the exercise that it follows.
 * 13. A fence of rule 4 inside an HTML block is an error, as CommonMark makes no fence of it; inside an HTML comment it is nothing.
 *
 * Every problem of a page is reported at once. Where there is one, the lesson is what could be made of the page.
 */
import type { Lesson, LessonSettings, Problem, Step } from '../types.ts';
import { blocksOf } from './blocks.ts';
import { readFence } from './fences.ts';
import { readFrontMatter } from './front-matter.ts';
import { HintReader } from './hints.ts';
import { Page } from './page.ts';
import { codeOf, type Draft, StepGatherer } from './steps.ts';
import { swallowedFences } from './swallowed.ts';

export { decodePage } from './page.ts';

export interface ParsedLesson {
  lesson: Lesson;
  /** What is wrong with the page, by line. */
  problems: Problem[];
}

export interface ParseDefaults {
  steps?: LessonSettings['steps'];
  server?: string;
  /** An exercise may be without what it is judged by: that is to come. */
  unjudged?: boolean;
}

/** Reads a page. `file` names it in reports; `defaults` are the project's, for what the front matter does not say. Never throws. */
export function parseLesson(text: string, file: string, defaults: ParseDefaults = {}): ParsedLesson {
  const page = new Page(text);
  const frontMatter = readFrontMatter(page, file);
  const { values, places } = frontMatter;
  const problems = [...frontMatter.problems];
  const settings: LessonSettings = {
    server: values.server ?? defaults.server ?? null,
    after: values.after ?? null,
    steps: values.steps ?? defaults.steps ?? 'all',
    private: values.private ?? false,
    config: values.config ?? null,
    cluster: values.cluster ?? null,
    timeout: values.timeout ?? 10_000,
  };
  const marked = settings.steps === 'marked';

  const gatherer = new StepGatherer(file);
  const hints = new HintReader(page);
  const headings: { text: string; line: number }[] = [];
  for (const block of blocksOf(page, frontMatter.lines)) {
    if (block.type === 'html') {
      problems.push(...swallowedFences(block.lines, marked, file));
      gatherer.addHints(hints.add(block.lines));
    } else if (block.type === 'heading') {
      if (block.text !== '') headings.push(block);
    } else {
      const read = readFence(block.fence, block.raw, marked, file);
      problems.push(...read.problems);
      if (read.ours === null) continue;
      gatherer.add(read.ours);
    }
  }
  gatherer.end(defaults.unjudged === true);
  problems.push(...gatherer.problems);

  const { drafts } = gatherer;
  const title = values.title ?? headings[0]?.text ?? fileTitle(file);
  const steps = drafts.map((draft, index) => {
    const line = draft.first.fence.line;
    const lastLine = (drafts[index + 1]?.first.fence.line ?? page.lastLine + 1) - 1;
    const heading = headings.findLast((above) => above.line < line)?.text ?? title;
    return stepOf(draft, { index, line, lastLine, heading, timeout: settings.timeout });
  });
  // On a cluster of one's own the steps before the first fault can be run.
  settings.private ||= settings.config !== null || (settings.cluster === null && steps.some(({ fault }) => fault !== null));
  const lesson: Lesson = { file, title, settings, settingPlaces: places, frontMatter: frontMatter.span, steps };
  return { lesson, problems: problems.sort(byPlace) };
}

type Given = Pick<Step, 'index' | 'line' | 'lastLine' | 'heading' | 'timeout'>;

function stepOf({ first, exercise, code, hints, expectation }: Draft, given: Given): Step {
  const solution = code?.words ?? null;
  return {
    ...given,
    title: first.words.title ?? solution?.title ?? given.heading,
    timeout: first.words.timeout ?? solution?.timeout ?? given.timeout,
    code: codeOf(code ?? exercise),
    starter: codeOf(exercise),
    hints,
    node: first.words.given.has('node') || solution?.given.has('node') === true,
    fault: first.words.fault ?? solution?.fault ?? null,
    expectation,
  };
}

function fileTitle(file: string): string {
  return (file.split('/').at(-1) ?? file).replace(/\.mdx?$/i, '');
}

function byPlace(one: Problem, other: Problem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
