/** The text of `console` fences → commands. */
import { expect, test } from 'vitest';
import { parseLesson } from '../../../src/lesson/parse.ts';

function commandsOf(text: string, prefix = '') {
  const page = `\`\`\`console\n${text}\n\`\`\`\n`
    .split('\n')
    .map((line) => (line === '' ? line : prefix + line))
    .join('\n');
  const { lesson, problems } = parseLesson(page, 'a.md');
  const commands = lesson.steps[0]?.expectation.consoles[0]?.commands.map(({ place, command, output, exitCode, exitPlace }) => [
    `${place.line}:${place.column}`,
    command,
    output.map(({ text, place }) => `${place.line}:${place.column} ${text}`),
    exitPlace ? `${exitPlace.line}:${exitPlace.column} exits with ${exitCode}` : exitCode,
  ]);
  return { commands, problems: problems.map(({ line, column, message }) => `${line}:${column} ${message}`) };
}

test.each([
  ['one that prints nothing', '$ nats kv ls', [['2:1', 'nats kv ls', [], 0]]],
  [
    'several',
    '$ a\nx\n\n$ b\ny',
    [
      ['2:1', 'a', ['3:1 x', '4:1 '], 0],
      ['5:1', 'b', ['6:1 y'], 0],
    ],
  ],
  [
    'an exit code',
    '$ a\nx\n[1]\n$ b\n[127]\n\n',
    [
      ['2:1', 'a', ['3:1 x'], '4:1 exits with 1'],
      ['5:1', 'b', [], '6:1 exits with 127'],
    ],
  ],
  [
    'no exit code, as it is not last, no such code, or escaped',
    '$ a\n[1]\nx\n$ b\n[256]\n$ c\n\\[1]',
    [
      ['2:1', 'a', ['3:1 [1]', '4:1 x'], 0],
      ['5:1', 'b', ['6:1 [256]'], 0],
      ['7:1', 'c', ['8:1 \\[1]'], 0],
    ],
  ],
  ['continuations', '$ cat <<E\n> a\n>\n>   b\n> E\na\n> no more', [['2:1', 'cat <<E\na\n\n  b\nE', ['7:1 a', '8:1 > no more'], 0]]],
  ['what is no continuation', '$ a\n>b', [['2:1', 'a', ['3:1 >b'], 0]]],
  ['a literal dollar', '$ a\n\\$ b\n$\n$HOME', [['2:1', 'a', ['3:1 \\$ b', '4:1 $', '5:1 $HOME'], 0]]],
  ['blank lines before', '\n\n$ a', [['4:1', 'a', [], 0]]],
])('%s', (_, text, commands) => {
  expect(commandsOf(text)).toEqual({ commands, problems: [] });
});

test('places are those of the page', () => {
  expect(commandsOf('$ a\nx\n[1]', '> ').commands).toEqual([['2:3', 'a', ['3:3 x'], '4:3 exits with 1']]);
});

test.each([
  ['nothing', '', '1:1 a `console` fence needs a command'],
  ['no command', 'nats kv ls', '1:1 a `console` fence needs a command'],
  ['output before the first command', '\nx\n$ a', '3:1 nothing can be printed before the first `$ ` line'],
  ['a continuation of nothing', '> x\n$ a', '2:1 nothing can be printed before the first `$ ` line'],
  ['an empty command', '$ a\n$  ', '3:1 there is no command after `$`'],
])('%s is a problem', (_, text, problem) => {
  expect(commandsOf(text).problems).toEqual([problem]);
});
