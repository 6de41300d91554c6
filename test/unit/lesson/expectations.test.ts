/** What is wrong inside an expectation is reported at its true place. */
import { describe, expect, test } from 'vitest';
import { parseLesson } from '../../../src/lesson/parse.ts';
import { markdown } from './pages.ts';

const problemsOf = (page: string) =>
  parseLesson(page, 'a.md').problems.map(({ code, line, column, message }) => `${code} ${line}:${column} ${/`([^`]*)`/.exec(message)?.[1]}`);

describe('matchers', () => {
  test('in output, error and console text, behind any prefix', () => {
    const page = markdown`
      '''ts
      '''
      > '''text output
      > <number> of <numbr>
      >  and <x:nmber>
      > '''

      - '''text error
        Error: <datee>
        '''
      '''console
      $ echo <numbr>
      > <numbr>
      took <duraton>
      '''
    `;
    expect(problemsOf(page)).toEqual(['matcher 4:15 <numbr>', 'matcher 5:8 nmber', 'matcher 9:10 <datee>', 'matcher 14:6 <duraton>']);
  });

  test('a line that is taken literally, or an escaped `<`, holds none', () => {
    expect(problemsOf('```ts\n```\n```text output\n\\$ <numbr>\n\\<numbr>\n[<flags>]\n```\n')).toEqual([]);
  });

  test('a name that the step captured is its own, until the next step', () => {
    const page = markdown`
      '''ts
      '''
      '''text output
      <numbr:number>
      '''
      '''console
      $ again
      <numbr>
      '''
      '''ts
      '''
      '''text output
      <numbr>
      '''
    `;
    expect(problemsOf(page)).toEqual(['matcher 13:1 <numbr>']);
  });
});

describe('state documents', () => {
  test('a mistake stands at its line and column in the page', () => {
    const page = markdown`
      '''ts
      '''
      > '''yaml state
      > buckets:
      >   Bucket1: { histroy: 5 }
      > '''
      '''ts
      '''
      - '''yaml change
        bukets: {}
        '''
    `;
    expect(problemsOf(page).map((problem) => problem.split(' ').slice(0, 2).join(' '))).toEqual(['state 5:16', 'state 10:3']);
  });

  test('an expectation holds what its document says', () => {
    const { lesson, problems } = parseLesson('```ts\n```\n```yaml change within=1m\nbuckets: { A: null }\n```\n', 'a.md');
    expect(problems).toEqual([]);
    const state = lesson.steps[0]?.expectation.state;
    expect([state?.kind, state?.within, state?.fence.line]).toEqual(['change', 60_000, 3]);
    expect(state?.patch.buckets?.get('A')).toBeNull();
    expect(state?.places.get('/buckets/A')).toEqual({ line: 4, column: 12 });
  });
});
