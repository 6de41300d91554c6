/** Pages → steps. */
import { describe, expect, test } from 'vitest';
import { parseLesson } from '../../../src/lesson/parse.ts';
import { expected, fenced, markdown, stepsOf } from './pages.ts';

test('a lesson', () => {
  const page = markdown`
    ---
    timeout: 3s
    ---
    # The building

    '''ts
    import { connect } from '@nats-io/transport-node';
    '''

    ## A *first* room

    Rooms are buckets.

    '''typescript node title="Create it" timeout=1m30s
    console.log('created');
    '''

    '''text output
    created
    '''

    '''yaml state within=500ms
    buckets: { Bucket1: {} }
    '''

    ### Twice

    '''JavaScript
    throw new Error('it is there');
    '''

    '''text error
    Error: it is there
    '''

    '''yaml change
    buckets: {}
    '''

    '''sh
    nats kv ls
    '''
    The end.
  `;
  expect(stepsOf(page).map((step) => [`${step.line}–${step.lastLine}`, step.title, step.code?.language, step.node, step.timeout, expected(step)])).toEqual([
    ['6–13', 'The building', 'ts', false, 3000, ''],
    ['14–27', 'Create it', 'ts', true, 90_000, 'output@18 state@22'],
    ['28–43', 'Twice', 'js', false, 3000, 'error@32 change@36'],
  ]);
  const [, second] = stepsOf(page);
  expect(second?.code?.fence.text).toBe("console.log('created');\n");
  expect(second?.starter).toBeNull();
  expect(second?.expectation.state?.within).toBe(500);
});

describe('which fences are steps', () => {
  test.each([
    ['each language of code, in any case', "'''ts\n'''\n'''TypeScript\n'''\n'''JS\n'''\n'''javascript{1} [x]\n'''\n", ['ts', 'ts', 'js', 'js']],
    ['no other language', "'''tsx\n'''\n'''jsx step\n'''\n'''\n'''\n'''json\n'''\n'''typescript,ignore\n'''\n", []],
    ['no-run is prose', "'''ts no-run node title=\"x\"\n'''\n", []],
    ['a page without a fence', '# Title\n', []],
    ['nothing', '', []],
  ])('%s', (_, page, languages) => {
    expect(stepsOf(fenced(page)).map(({ code }) => code?.language)).toEqual(languages);
  });

  test('under `steps: marked` only those with a mark, whatever words the others have', () => {
    const page = markdown`
      ---
      steps: marked
      ---
      '''ts twoslash no-run fault=x
      '''
      '''console
      no command here
      '''
      '''js step
      '''
      '''ts {1} filename=x
      '''
      '''text output
      '''
      '''console step look
      $ nats kv ls
      '''
      '''ts exercise
      '''
      '''ts solution
      '''
      '''yaml change
      buckets: {}
      '''
    `;
    expect(stepsOf(page).map((step) => [step.line, expected(step)])).toEqual([
      [9, 'output@13 console look@15'],
      [18, 'change@22'],
    ]);
  });

  test('unmarked with the default of the project', () => {
    const page = '```ts twoslash\n```\n';
    expect(parseLesson(page, 'a.md', { steps: 'marked' })).toMatchObject({ lesson: { steps: [] }, problems: [] });
    expect(parseLesson(page, 'a.md')).toMatchObject({ problems: [{ line: 1, column: 7 }] });
  });
});

describe('the title of a step', () => {
  test.each([
    ['its own', "# A\n'''ts title='B &amp; \"C\"'\n'''\n", 'B & "C"'],
    ['the nearest heading', "# A\n### B\n'''ts\n'''\n## C\n", 'B'],
    ['a heading in a quote, set with a line below', "# A\n> B\n> ---\n\n'''ts\n'''\n", 'B'],
    ['the last heading that has text', "# A\n##\n'''ts\n'''\n", 'A'],
    ['without a heading above, the title of the lesson', "'''ts\n'''\n# A\n", 'A'],
    ['without any, the name of the file', "'''ts\n'''\n", '01-a'],
    ['no id that documentation tools read', "# A\n## B c {#b}\n'''ts\n'''\n", 'B c'],
    ['no heading of a comment', "# A\n\n<!--\n# B\n-->\n'''ts\n'''\n", 'A'],
  ])('%s', (_, page, title) => {
    expect(stepsOf(fenced(page))[0]?.title).toBe(title);
  });
});

test('beside its title a step has the heading above it', () => {
  const steps = stepsOf(fenced("# A\n'''ts title=own\n'''\n## B\n'''ts\n'''\n"));
  expect(steps.map(({ title, heading }) => [title, heading])).toEqual([
    ['own', 'A'],
    ['B', 'B'],
  ]);
});

test('a fault implies a private server', () => {
  const { lesson, problems } = parseLesson('---\nprivate: false\n---\n```ts fault="kill-server"\n```\n', 'a.md');
  expect(problems).toEqual([]);
  expect([lesson.steps[0]?.fault, lesson.settings.private]).toEqual(['kill-server', true]);
  // On a cluster of one's own the steps before it can be run.
  expect(parseLesson('---\ncluster: 3\n---\n```ts fault="kill-server"\n```\n', 'a.md').lesson.settings).toMatchObject({ cluster: 3, private: false });
});
