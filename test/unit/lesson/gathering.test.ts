/** Which step the fences after it belong to. */
import { describe, expect, test } from 'vitest';
import { expected, markdown, stepsOf } from './pages.ts';

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
