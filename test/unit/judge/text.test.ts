/** What was printed or thrown, against what the page says → the mismatch and the line at which it stands. */
import { describe, expect, test } from 'vitest';
import { judgeConsole } from '../../../src/judge/console.ts';
import { judgeError, judgeOutput } from '../../../src/judge/text.ts';
import type { CommandExecution, ConsoleExpectation, Fence, Thrown } from '../../../src/types.ts';

/** A fence whose text begins at line 11. */
function fence(text: string): Fence {
  const lines = text === '' ? [] : text.split('\n');
  const origins = lines.map((_, index) => ({ offset: 0, line: 11 + index, column: 1 }));
  const body = lines.map((line) => `${line}\n`).join('');
  return { span: { start: 0, end: 0 }, info: { start: 0, end: 0 }, line: 10, column: 1, lastLine: 11 + lines.length, text: body, lines: origins };
}

const step = { line: 5, column: 1 };

describe('output', () => {
  test.each([
    ['the same', 'a\nb', 'a\nb\n', null],
    ['colours and blanks at line ends do not count', 'a\nb', '\u001b[31ma\u001b[0m  \nb\n\n\n', null],
    ['another line', 'a\nb', 'a\nc\n', 12],
    ['a line too few: the line that is missing', 'a\nb', 'a\n', 12],
    ['more printed: the closing fence', 'a', 'a\nb\n', 12],
    ['nothing printed', 'a', '', 11],
    ['... stands for any lines', 'a\n...\nz', 'a\nb\nc\nz\n', null],
    ['... and the furthest line that was reached', 'a\n...\ny\nz', 'a\nb\ny\nx\n', 14],
    ['an empty fence says that nothing is printed', '', 'x\n', 11],
  ])('%s', (_, expected, actual, line) => {
    expect(judgeOutput({ fence: fence(expected) }, actual, step, new Map())?.place.line ?? null).toBe(line);
  });

  test('none declared: nothing may be printed, and the step’s line is named', () => {
    expect(judgeOutput(null, '\n', step, new Map())).toBe(null);
    expect(judgeOutput(null, 'x\n', step, new Map())).toMatchObject({ kind: 'output', place: step, expected: null, actual: 'x' });
  });
});

describe('error', () => {
  const thrown = (part: Partial<Thrown> = {}): Thrown => ({
    name: 'JetStreamApiError',
    message: 'wrong last sequence: 2',
    code: '10071',
    place: { line: 7, column: 3 },
    ...part,
  });

  test.each([
    ['name and message', 'JetStreamApiError: wrong last sequence: 2', thrown(), null],
    ['with its code, where the page gives it', 'JetStreamApiError [10071]: wrong last sequence: <number>', thrown(), null],
    ['another code', 'JetStreamApiError [10072]: wrong last sequence: 2', thrown(), 11],
    ['a code where the error has none', 'Error [X]: m', thrown({ name: 'Error', message: 'm', code: null }), 11],
    ['another message', 'JetStreamApiError: no', thrown(), 11],
    ['several lines', 'Error: one\ntwo', thrown({ name: 'Error', message: 'one\ntwo' }), null],
    ['the second of several lines', 'Error: one\ntwo', thrown({ name: 'Error', message: 'one\nthree' }), 12],
    ['a thrown non-Error is its text', 'just a text', thrown({ name: '', message: 'just a text' }), null],
    ['no message', 'Error', thrown({ name: 'Error', message: '' }), null],
    ['it does not throw', 'Error: x', null, 11],
  ])('%s', (_, expected, actual, line) => {
    expect(judgeError({ fence: fence(expected) }, actual, step, new Map())?.place.line ?? null).toBe(line);
  });

  test('none declared: the line of code that threw', () => {
    expect(judgeError(null, thrown(), step, new Map())).toMatchObject({
      place: { line: 7, column: 3 },
      expected: null,
      actual: 'JetStreamApiError: wrong last sequence: 2',
    });
  });
});

describe('console', () => {
  const said: ConsoleExpectation = {
    fence: fence('$ one\na\n$ two\nb\n[1]'),
    look: false,
    answers: null,
    commands: [
      { place: { line: 11, column: 1 }, command: 'one', output: [{ text: 'a', place: { line: 12, column: 1 } }], exitCode: 0, exitPlace: null },
      {
        place: { line: 13, column: 1 },
        command: 'two',
        output: [{ text: 'b', place: { line: 14, column: 1 } }],
        exitCode: 1,
        exitPlace: { line: 15, column: 1 },
      },
    ],
  };
  const did = (output: string, exitCode = 0): CommandExecution => ({ output, exitCode, stopped: null, duration: 1 });

  test.each([
    ['as the page says', [did('a\n'), did('b\n', 1)], null],
    ['another line of the second', [did('a'), did('c', 1)], ['console', 14]],
    ['the first thing that is wrong, and no more', [did('x'), did('y', 2)], ['console', 12]],
    ['more printed: the closing fence', [did('a\nmore'), did('b', 1)], ['console', 16]],
    ['another exit code: the command', [did('a'), did('b', 2)], ['exit', 13]],
  ])('%s', (_, executions, found) => {
    const mismatch = judgeConsole(said, executions, new Map());
    expect(mismatch && [mismatch.kind, mismatch.place.line]).toEqual(found);
  });

  test.each(['\u00a0 b', '  b'])('a no-break blank is a blank, as in every other difference of the CLI: %j', (printed) => {
    for (const text of ['  b', ' \u00a0b']) {
      const [, two] = said.commands;
      const commands = two === undefined ? [] : [{ ...two, output: [{ text, place: { line: 14, column: 1 } }] }];
      expect(judgeConsole({ ...said, commands }, [did(printed, 1)], new Map())).toBe(null);
    }
  });
});
