/** Names of tests: by heading and title, and each just once. */
import { expect, test } from 'vitest';
import { namesOfSteps, unique } from '../../../src/vitest/names.ts';

const step = (line: number, heading: string, title = heading) => ({ line, heading, title });

test('a step is named by its heading', () => {
  expect(namesOfSteps('Guide', [step(4, 'Connect')])).toEqual(['Connect']);
});

test('a title of its own stands behind the heading', () => {
  expect(namesOfSteps('Guide', [step(4, 'Values', 'Put one')])).toEqual(['Values: Put one']);
});

test("the lesson's own heading is not said again", () => {
  expect(namesOfSteps('Guide', [step(4, 'Guide', 'Put one'), step(9, 'Guide')])).toEqual(['Put one', 'Guide']);
});

test('names that come twice get their line, all of them', () => {
  expect(namesOfSteps('Guide', [step(4, 'Put'), step(9, 'Get'), step(14, 'Put')])).toEqual(['Put (line 4)', 'Get', 'Put (line 14)']);
});

test('lessons of one title get their file', () => {
  const lessons = ['docs/a/index.md', 'docs/b/index.md'].map((place) => ({ name: 'Overview', place }));
  expect(unique(lessons)).toEqual(['Overview (docs/a/index.md)', 'Overview (docs/b/index.md)']);
});
