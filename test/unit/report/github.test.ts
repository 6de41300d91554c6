/** What a run came to → the commands that GitHub reads from the log: one a mismatch, at the true line, and nothing that a step printed. */
import { expect, test } from 'vitest';
import { githubReporter } from '../../../src/report/github.ts';
import type { RunSummary } from '../../../src/report/reporter.ts';
import { errored, failed, invalid, lesson, noServer, output, pageOf, pipe, skipped, step, summary } from './scene.ts';

/** What GitHub's runner makes of a log: commands at the beginning of a line, blanks aside, none between `stop-commands` and its word. */
function annotationsIn(log: string) {
  let word: string | null = null;
  return log.split('\n').flatMap((line) => {
    const [, name = '', properties = '', message = ''] = /^\s*::([^ :]+)(?: ([^:]*))?::(.*)$/.exec(line) ?? [];
    if (word !== null) {
      if (name === word) word = null;
      return [];
    }
    if (name === 'stop-commands') word = message;
    if (!['error', 'warning', 'notice'].includes(name)) return [];
    const read = (text = '') => text.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
    const pairs = properties.split(',').map((pair) => pair.split('=', 2));
    return [{ level: name, ...Object.fromEntries(pairs.map(([key, value]) => [key, read(value)])), message: read(message) }];
  });
}

function report(some: Partial<RunSummary>, between = '') {
  const sink = pipe();
  const reporter = githubReporter({ sink, summary: null, pageOf, pathOf: (file) => `site/${file}` });
  sink.write(between);
  reporter.end(summary(some));
  return annotationsIn(sink.text());
}

test('each mismatch at its line, called by lesson and step, with its diff', () => {
  expect(report({ exitCode: 1, lessons: [lesson([step(), failed])] })).toEqual([
    {
      level: 'error',
      file: 'site/lessons/03-rooms.md',
      line: '8',
      col: '1',
      title: 'Rooms › Build',
      message: expect.stringMatching(/^the step prints something else than the page says\n- the page says {3}\+ the run shows\n- 2\n\+ 1\n/),
    },
    expect.objectContaining({ line: '13', col: '20', message: expect.stringMatching(/^history of bucket Team is at its default; the page says 5\n/) }),
  ]);
});

test('an error, a problem of a page, a problem of the environment; all passed: nothing', () => {
  expect(report({ exitCode: 3, lessons: [lesson([errored, skipped])], problems: [invalid, noServer] })).toEqual([
    {
      level: 'error',
      file: 'site/lessons/09-bad.md',
      line: '4',
      col: '7',
      title: 'lockerroom: fence',
      message: 'there is no word "outptu"\ndid you mean "output"?',
    },
    { level: 'error', title: 'lockerroom: server', message: 'there is no nats-server\ninstall one' },
    expect.objectContaining({ level: 'error', line: '21', title: 'Rooms › Wait', message: expect.stringMatching(/^the step was stopped\n/) }),
  ]);
  expect(report({ lessons: [lesson([step()])] })).toEqual([]);
});

test('a lesson that is skipped is a warning, one whose predecessor failed an error, what was not run a notice', () => {
  const reason = 'needs nats-server >=9, and this is 2.15.2';
  expect(report({ lessons: [lesson([skipped], { status: 'skipped', reason })], notes: ['2 console fences did not run.'] })).toEqual([
    { level: 'warning', file: 'site/lessons/03-rooms.md', line: '1', col: '1', title: 'Rooms', message: `skipped: it ${reason}` },
    { level: 'notice', title: 'lockerroom', message: '2 console fences did not run.' },
  ]);
  expect(report({ lessons: [lesson([skipped], { status: 'skipped', reason, afterFailed: true })] })).toMatchObject([{ level: 'error' }]);
});

test('signs that mean something in a command mean themselves', () => {
  const strange = { ...output, expected: '100%\n::error::x', actual: '50%, at most: %0A' };
  const found = report({ lessons: [lesson([step({ title: 'a: b, c%3A', status: 'failed', mismatches: [strange] })], { title: 'x\n::error::y' })] });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ title: 'x\n::error::y › a: b, c%3A', message: expect.stringContaining('- 100%\n- ::error::x\n+ 50%, at most: %0A\n') });
});

test('what is printed while the run goes on is read by nobody, whatever it says', () => {
  const printed = '::error file=a.md::no\n   ::add-mask::secret\n::stop-commands::mine\n::mine::\n::error::no\n';
  expect(report({ lessons: [lesson([step({ output: printed })])] }, printed)).toEqual([]);
  expect(annotationsIn(printed)).toHaveLength(2);
});

test('no terminal escape reaches the log', () => {
  const sink = pipe();
  const loud = step({ title: '\u001b[2J', status: 'errored', error: { name: 'E', message: '\u001b]0;x\u0007\u009b31m', line: 3, column: 1 } });
  githubReporter({ sink, summary: null, pageOf, pathOf: (file) => file }).end(summary({ lessons: [lesson([loud])] }));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  expect(sink.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});
