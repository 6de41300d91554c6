/** A page as it was when it was last run, and as it is → from which step on it must be run again. */
import { describe, expect, test } from 'vitest';
import { linkLesson } from '../../../src/kernel/link.ts';
import { parseLesson } from '../../../src/lesson/parse.ts';
import type { LessonReport, Status } from '../../../src/types.ts';
import { firstChange } from '../../../src/workbook/changes.ts';
import type { LoadedLesson } from '../../../src/workbook/load.ts';
import { planLessons } from '../../../src/workbook/plan.ts';
import { type Current, Standing } from '../../../src/workbook/standing.ts';
import { lesson as report, step } from '../report/scene.ts';

const PAGE = `---
title: Three
timeout: 5s
---

## One

\`\`\`ts
const one = 1;
\`\`\`

## Two

\`\`\`ts exercise
console.log('?');
\`\`\`

\`\`\`ts solution
console.log(2);
\`\`\`

\`\`\`text output
2
\`\`\`

\`\`\`console look
$ nats kv ls
...
\`\`\`

## Three

\`\`\`ts title="Last"
const three = one;
\`\`\`

\`\`\`yaml state within=1s
buckets: {}
\`\`\`
`;

function load(text: string): LoadedLesson {
  const { lesson, problems } = parseLesson(text, 'a.md');
  expect(problems).toEqual([]);
  const linked = linkLesson(lesson);
  const steps = lesson.steps.map((one, index) => ({ step: one, linked: linked.steps[index] ?? null, starter: linked.starters[index] ?? null }));
  return { path: '/a.md', text, lesson, steps, after: null, page: { path: '/a.md', file: 'a.md', named: true, lines: null } };
}

const last = PAGE.slice(PAGE.indexOf('## Three'));

describe('the first step that has changed', () => {
  const rows: [string, (page: string) => string, number | null][] = [
    ['nothing', (page) => page, null],
    ['prose, headings and blank lines', (page) => page.replace('## One', 'Prose.\n\n## Uno').replace('## Two', '\n\n\n## Dos'), null],
    ['code', (page) => page.replace('const one = 1', 'const one = 2'), 0],
    ['the starter of an exercise', (page) => page.replace("'?'", "'!'"), 1],
    ['a solution', (page) => page.replace('log(2)', 'log(3)'), 1],
    ['an output', (page) => page.replace('output\n2', 'output\n3'), 1],
    ['a console fence', (page) => page.replace('kv ls', 'kv ls -n'), 1],
    ['the words of a console fence', (page) => page.replace('console look', 'console'), 1],
    ['a state', (page) => page.replace('buckets: {}', 'buckets: { A: {} }'), 2],
    ['how long a state may take', (page) => page.replace('within=1s', 'within=2s'), 2],
    ['a title', (page) => page.replace('"Last"', '"The last"'), 2],
    ['a new step in between', (page) => page.replace('## Three', '```ts\n1;\n```\n\n## Three'), 2],
    ['a new step at the end', (page) => `${page}\n\`\`\`ts\n1;\n\`\`\`\n`, 3],
    ['the last step, taken away', (page) => page.replace(last, ''), 1],
    ['the first step, taken away', (page) => page.replace('```ts\nconst one = 1;\n```\n', '').replace('= one', '= 1'), 0],
    ['the time limit of all steps', (page) => page.replace('timeout: 5s', 'timeout: 6s'), 0],
    ['the server that the lesson needs', (page) => page.replace('title: Three', 'server: ">=2.11"'), 0],
    ['the title of the lesson', (page) => page.replace('title: Three', 'title: Four'), null],
  ];
  test.each(rows)('%s', (_, change, expected) => {
    expect(firstChange(load(PAGE), load(change(PAGE)))).toBe(expected);
  });
});

function current(text: string, dependencies: [string, string][] = []): Current {
  const [plan] = planLessons([load(text)], { grep: null, from: null, bail: false }).plans;
  if (plan === undefined) throw new Error('there must be a plan');
  return { plan, dependencies: new Map(dependencies) };
}

/** What became of the listed steps. */
function came(text: string, statuses: Status[]): LessonReport {
  const { steps } = load(text).lesson;
  return report(statuses.map((status, index) => step({ line: steps[steps.length - statuses.length + index]?.line ?? 0, status })));
}

function judged(text: string, statuses: Status[]): Standing {
  const standing = new Standing();
  for (const one of standing.narrow([current(text)], ['/a.md'])) standing.judge(one, came(text, statuses));
  return standing;
}

describe('what stands', () => {
  const fromOf = (standing: Standing, now: Current) => standing.narrow([now], ['/a.md']).map(({ from, line }) => [from, line]);

  test('a page that was never run is run whole; one that is as it was, not at all', () => {
    expect(fromOf(new Standing(), current(PAGE))).toEqual([[0, 8]]);
    expect(fromOf(judged(PAGE, ['passed', 'passed', 'passed']), current(PAGE))).toEqual([]);
  });

  test('from the first change on, and no step before it is listed', () => {
    const [narrowed] = judged(PAGE, ['passed', 'passed', 'passed']).narrow([current(PAGE.replace('log(2)', 'log(3)'))], ['/a.md']);
    expect(narrowed?.plan.plan.steps.map(narrowed.plan.plan.listed)).toEqual([false, true, true]);
  });

  test('what failed before stands, at its line, until it is run again', () => {
    const standing = judged(PAGE, ['failed', 'passed', 'passed']);
    const prose = PAGE.replace('## Two', 'Prose.\n\n## Two').replace('log(2)', 'log(3)');
    for (const one of standing.narrow([current(prose)], ['/a.md'])) standing.judge(one, came(prose, ['passed', 'errored']));
    expect(standing.failing()).toEqual([
      { file: 'a.md', line: 8 },
      { file: 'a.md', line: 35 },
    ]);
  });

  test('prose alone runs again only what failed, as its lines have moved', () => {
    const prose = PAGE.replace('## One', 'Prose.\n\n## One');
    expect(fromOf(judged(PAGE, ['passed', 'failed', 'skipped']), current(prose))).toEqual([[1, 16]]);
    expect(fromOf(judged(PAGE, ['passed', 'passed', 'passed']), current(prose))).toEqual([]);
  });

  test('what it depends on has changed: all of it', () => {
    expect(fromOf(judged(PAGE, ['passed', 'passed', 'passed']), current(PAGE, [['/b.ts', '1']]))).toEqual([[0, 8]]);
  });

  test('a page that was gone is run whole when it is back', () => {
    const standing = judged(PAGE, ['failed', 'passed', 'passed']);
    expect(standing.narrow([], [])).toEqual([]);
    expect(standing.failing()).toEqual([]);
    expect(fromOf(standing, current(PAGE))).toEqual([[0, 8]]);
  });
});
