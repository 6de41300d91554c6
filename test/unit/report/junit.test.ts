/** What a run came to → the XML that a CI reads: valid, complete, and whole whatever a step prints. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { junitReporter } from '../../../src/report/junit.ts';
import type { RunSummary } from '../../../src/report/reporter.ts';
import { errored, FILE, failed, invalid, lesson, noServer, pageOf, pipe, skipped, step, summary } from './scene.ts';
import { readJunit } from './xml.ts';

function report(some: Partial<RunSummary>) {
  const sink = pipe();
  junitReporter({ sink, pageOf }).end(summary(some));
  return { text: sink.text(), ...readJunit(sink.text()) };
}

test('a step is a case of its lesson, at its line, with its time in seconds and what it printed', () => {
  const { counts, cases } = report({ lessons: [lesson([step({ output: 'a < b && "c"\n' })])] });
  expect(counts).toEqual({ name: 'lockerroom', tests: '1', failures: '0', errors: '0', time: '1.500' });
  expect(cases).toEqual([
    {
      suite: FILE,
      name: 'Build (line 3)',
      classname: FILE,
      time: '0.012',
      file: FILE,
      line: '3',
      outcome: null,
      type: null,
      message: null,
      text: '',
      output: 'a < b && "c"\n',
    },
  ]);
});

test('a failed step is one failure with the sentence, and all its mismatches as the terminal shows them', () => {
  const { cases, counts } = report({ exitCode: 1, lessons: [lesson([failed])] });
  expect(counts).toMatchObject({ tests: '1', failures: '1', errors: '0' });
  expect(cases[0]).toMatchObject({ outcome: 'failure', type: 'output', message: 'the step prints something else than the page says (and 1 more)' });
  expect(cases[0]?.text).toBe(`lessons/03-rooms.md:8:1: the step prints something else than the page says
- the page says   + the run shows
- 2
+ 1

   6 | 
   7 | \`\`\`text output
>  8 | 2
   9 | \`\`\`
  10 | 

lessons/03-rooms.md:13:20: history of bucket Team is at its default; the page says 5
- the page says   + the run shows
- history: 5

The step itself changed nothing on the server.

  11 | \`\`\`yaml state
  12 | buckets:
> 13 |   Team: { history: 5 }
  14 | \`\`\`
  15 | `);
});

test('a step that could not be judged is an error; a skipped one says why', () => {
  const { cases, counts } = report({ exitCode: 1, lessons: [lesson([errored, skipped])] });
  expect(counts).toMatchObject({ tests: '2', failures: '0', errors: '1' });
  expect(cases[0]).toMatchObject({ outcome: 'error', type: 'TimeLimit', message: 'the step was stopped', output: 'before\n' });
  expect(cases[0]?.text).toMatch(/^lessons\/03-rooms\.md:21:1: the step was stopped\n[\s\S]*The last that it printed:\nbefore$/);
  expect(cases[1]).toMatchObject({ outcome: 'skipped', message: 'it uses `room`, of a step that threw' });
});

test('a page that is invalid and an environment that does not serve are errors: a CI that reads only this must not take them for passed', () => {
  const { cases, counts } = report({ exitCode: 3, problems: [invalid, noServer, { ...noServer, message: 'nor Docker' }] });
  expect(counts).toMatchObject({ tests: '3', errors: '3' });
  expect(cases.map(({ suite, name, line, outcome, type, message, text }) => ({ suite, name, line, outcome, type, message, text }))).toEqual([
    {
      suite: 'lessons/09-bad.md',
      name: 'fence (line 4, column 7)',
      line: '4',
      outcome: 'error',
      type: 'fence',
      message: 'there is no word "outptu"',
      text: 'lessons/09-bad.md:4:7: there is no word "outptu"\ndid you mean "output"?',
    },
    { suite: 'lockerroom', name: 'server', line: '1', outcome: 'error', type: 'server', message: 'there is no nats-server', text: expect.any(String) },
    { suite: 'lockerroom', name: 'server #2', line: '1', outcome: 'error', type: 'server', message: 'nor Docker', text: expect.any(String) },
  ]);
});

test('a lesson whose predecessor failed, and a run that was interrupted, are errors too', () => {
  const after = lesson([skipped], { status: 'skipped', reason: 'starts where a.md ends, whose step at line 3 failed', afterFailed: true });
  expect(report({ exitCode: 1, lessons: [after] }).cases[0]).toMatchObject({
    outcome: 'error',
    type: 'after',
    message: 'it starts where a.md ends, whose step at line 3 failed',
  });
  expect(report({ exitCode: 130 }).cases).toMatchObject([{ suite: 'lockerroom', outcome: 'error', type: 'interrupted' }]);
});

test('an empty run is a document all the same', () => {
  expect(report({})).toMatchObject({ counts: { tests: '0', failures: '0', errors: '0' }, cases: [] });
});

test('what XML forbids is replaced, and what it means is escaped: nothing that a step prints breaks the document', () => {
  const { cases } = report({
    lessons: [lesson([step({ title: 'a\u0000"<&>\n\tb', output: ']]><x/>\u0000\u0008\u001b[31mred\u001b[0m\ud800\ufffe\uffff\u0085 &amp; 🏒\r\n' })])],
  });
  expect(cases[0]).toMatchObject({ name: 'a␀"<&>\n\tb (line 3)', output: ']]><x/>␀␈red���␡ &amp; 🏒\n' });
});

test('any text at all', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\u0000', '\ud800', '\uffff', ']]>', '<', '&', '\r', '\n', '"', 'a') }),
  );
  fc.assert(
    fc.property(text, (any) => {
      const error = { name: any, message: any, line: 1, column: 1 };
      const { cases } = report({
        lessons: [lesson([step({ title: any, status: 'errored', error, output: any })])],
        problems: [{ ...invalid, message: any, advice: any }],
      });
      expect(cases).toHaveLength(2);
    }),
    { numRuns: 100 },
  );
});
