/** Pages as tests write them → Markdown (`'''` stands for three backticks) → the steps, to be held against tables. */
import { expect } from 'vitest';
import { parseLesson } from '../../../src/lesson/parse.ts';
import type { Step } from '../../../src/types.ts';

export function fenced(page: string): string {
  return page.replaceAll("'''", '```');
}

/** A page as a template literal, with the common indentation cut off. */
export function markdown(strings: TemplateStringsArray, ...values: string[]): string {
  const lines = fenced(String.raw(strings, ...values))
    .replace(/^\n/, '')
    .replace(/\n *$/, '\n')
    .split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent)).join('\n');
}

/** The steps of a page that must be valid. */
export function stepsOf(page: string): Step[] {
  const { lesson, problems } = parseLesson(page, 'lessons/01-a.md');
  expect(problems).toEqual([]);
  expect(lesson.steps.map(({ index }) => index)).toEqual(lesson.steps.keys().toArray());
  return lesson.steps;
}

/** What a step expects, as `kind@line`. */
export function expected({ expectation: { output, error, state, consoles } }: Step): string {
  const parts = [output && `output@${output.fence.line}`, error && `error@${error.fence.line}`, state && `${state.kind}@${state.fence.line}`];
  return [...parts, ...consoles.map(({ fence, look }) => `console${look ? ' look' : ''}@${fence.line}`)].filter((part) => part !== null).join(' ');
}
