/** Pages → steps. */
import { describe, expect, test } from 'vitest';
import { parseLesson } from '../../../src/lesson/parse.ts';
import type { Step } from '../../../src/types.ts';
import { fenced, markdown } from './markdown.ts';

/** The steps of a page that must be valid. */
function stepsOf(page: string): Step[] {
  const { lesson, problems } = parseLesson(page, 'lessons/01-a.md');
  expect(problems).toEqual([]);
  expect(lesson.steps.map(({ index }) => index)).toEqual(lesson.steps.keys().toArray());
  return lesson.steps;
}

/** What a step expects, as `kind@line`. */
function expected({ expectation: { output, error, state, consoles } }: Step): string {
  const parts = [output && `output@${output.fence.line}`, error && `error@${error.fence.line}`, state && `${state.kind}@${state.fence.line}`];
  return [...parts, ...consoles.map(({ fence, look }) => `console${look ? ' look' : ''}@${fence.line}`)].filter((part) => part !== null).join(' ');
}

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
    ['no heading of a comment', "# A\n\n<!--\n# B\n-->\n'''ts\n'''\n", 'A'],
  ])('%s', (_, page, title) => {
    expect(stepsOf(fenced(page))[0]?.title).toBe(title);
  });
});

describe('expectations', () => {
  test('may be of any language but one of code, have any distance, and stand in details', () => {
    const page = markdown`
      '''ts
      '''
      prose

      <details>

      '''TEXT{1} output
      '''

      </details>

      - '''json state
        { "buckets": {} }
        '''
      '''x error
      '''
    `;
    expect(stepsOf(page).map(expected)).toEqual(['output@7 error@15 state@12']);
  });

  test('`console no-run` is only shown and ends nothing', () => {
    const page = markdown`
      '''console no-run
      anything
      '''
      '''ts
      '''
      '''console no-run
      $ nats kv add Bucket1
      '''
      '''yaml state
      buckets: { Bucket1: {} }
      '''
    `;
    expect(stepsOf(page).map((step) => [step.line, expected(step)])).toEqual([[4, 'state@9']]);
  });

  test('a `no-run` fence does not keep what follows the next step', () => {
    expect(stepsOf('```ts\n```\n```ts no-run\n```\n```ts\n```\n```text output\n```\n').map(expected)).toEqual(['', 'output@7']);
  });

  test('commands are steps by themselves until the first step of code', () => {
    const page = markdown`
      # Help

      '''console title="Ask" timeout=2s
      $ nats -h
      '''
      '''console
      $ nats kv -h
      '''
      '''yaml state
      streams: []
      '''
      '''ts
      '''
      '''console look
      $ nats kv ls
      '''
      '''console answers="Bucket1,,y"
      $ nats kv del
      '''
    `;
    expect(stepsOf(page).map((step) => [step.line, step.lastLine, step.title, step.timeout, step.code === null, expected(step)])).toEqual([
      [3, 5, 'Ask', 2000, true, 'console@3'],
      [6, 11, 'Help', 10_000, true, 'state@9 console@6'],
      [12, 19, 'Help', 10_000, false, 'console look@14 console@17'],
    ]);
    expect(stepsOf(page)[2]?.expectation.consoles.map(({ answers }) => answers)).toEqual([null, ['Bucket1', '', 'y']]);
  });
});

describe('exercises', () => {
  test('an exercise and its solution are one step', () => {
    const page = markdown`
      # Do it

      '''ts exercise node
      // yours
      '''

      '''text output
      done
      '''

      <details>
      <summary>Solution</summary>

      '''js solution title="Doing" timeout=20s
      console.log('done');
      '''

      </details>

      '''yaml change
      buckets: { A: {} }
      '''
      '''ts
      '''
    `;
    const [step, next] = stepsOf(page);
    expect(step).toMatchObject({ line: 3, lastLine: 22, title: 'Doing', timeout: 20_000, node: true });
    expect(step?.starter).toMatchObject({ language: 'ts', fence: { line: 3, text: '// yours\n' } });
    expect(step?.code).toMatchObject({ language: 'js', fence: { line: 14, text: "console.log('done');\n" } });
    expect(step && expected(step)).toBe('output@7 change@20');
    expect(next?.line).toBe(23);
  });
});

test('a fault implies a private server', () => {
  const { lesson, problems } = parseLesson('---\nprivate: false\n---\n```ts fault="kill-server"\n```\n', 'a.md');
  expect(problems).toEqual([]);
  expect([lesson.steps[0]?.fault, lesson.settings.private]).toEqual(['kill-server', true]);
});

test('what is not built yet is named where it stands', () => {
  const page = markdown`
    '''ts fault=restart-server
    '''
    '''console no-run
    '''
    '''ts exercise
    '''
    - '''js node solution
      '''
    '''text output
    '''
    '''console look
    $ nats kv ls
    '''
    '''console answers=y
    $ nats kv del Bucket1
    '''
  `;
  const { problems, notBuilt } = parseLesson(page, 'a.md');
  expect(problems).toEqual([]);
  expect(notBuilt.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`)).toEqual([
    'not-built 1:7 `fault` is not built yet',
    'not-built 5:7 `exercise` is not built yet',
    'not-built 7:14 `solution` is not built yet',
    'not-built 11:1 `console` is not built yet',
    'not-built 14:1 `console` is not built yet',
    'not-built 14:12 `answers` is not built yet',
  ]);
});

test('a page that runs today uses nothing of a later day', () => {
  const page = '```ts node timeout=1s\n```\n```text output\n```\n```console no-run\n$ nats kv ls\n```\n';
  expect(parseLesson(page, 'a.md').notBuilt).toEqual([]);
});
