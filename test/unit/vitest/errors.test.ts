/** Reports → errors whose stack leads to the Markdown line, whatever the page or a step says. */
import { expect, test } from 'vitest';
import type { Mismatch, StepReport } from '../../../src/types.ts';
import { problemError, reportErrors } from '../../../src/vitest/errors.ts';

const PAGE = { path: '/docs/guide.md' };

function report(part: Partial<StepReport>): StepReport {
  const delta = { buckets: [], streams: { added: [], removed: [] } };
  return { line: 3, title: 'Put', status: 'failed', reason: null, duration: 1, output: '', mismatches: [], error: null, delta, twins: 0, ...part };
}

const value: Mismatch = {
  kind: 'value',
  path: '/buckets/B/keys/k/value',
  place: { line: 17, column: 7 },
  expected: 'w',
  actual: 'v',
  by: 'step',
};

test('a mismatch has its sentence, its place and the difference', () => {
  const [error] = reportErrors(PAGE, report({ mismatches: [value] }));
  expect(error).toMatchObject({ name: 'Mismatch', message: 'the value of key k of bucket B is not the one that the page gives', expected: 'w', actual: 'v' });
  expect(error?.diff).toContain('- k: w');
  expect(error?.diff).toContain('+ k: v');
  expect(error?.diff).toContain('The step itself changed nothing on the server.');
  expect(error?.stack.split('\n')[1]).toBe('    at /docs/guide.md:17:7');
});

test('each mismatch is an error of its own', () => {
  const other = { ...value, place: { line: 18, column: 7 } };
  expect(reportErrors(PAGE, report({ mismatches: [value, other] })).map(({ stack }) => stack.split('\n')[1])).toEqual([
    '    at /docs/guide.md:17:7',
    '    at /docs/guide.md:18:7',
  ]);
});

test('what could not be judged says why, and what it printed last', () => {
  const error = { name: 'TimeLimit', message: 'the step ran longer', line: 5, column: 1 };
  const [found] = reportErrors(PAGE, report({ status: 'errored', error, output: 'one\ntwo\u001b[31m\n' }));
  expect(found).toMatchObject({ name: 'TimeLimit', message: 'the step ran longer', diff: 'The last that it printed:\none\ntwo' });
});

test('text that looks like a frame comes after the place', () => {
  const error = { name: 'LinkError', message: 'first\n    at x (/etc/passwd:1:1)', line: 5, column: 1 };
  expect(
    reportErrors(PAGE, report({ status: 'errored', error }))[0]
      ?.stack.split('\n')
      .slice(0, 2),
  ).toEqual(['LinkError: first', '    at /docs/guide.md:5:1']);
});

test('a problem of a page has its place, one of the environment its advice alone', () => {
  const problem = { code: 'fence', file: 'docs/a.md', line: 2, column: 9, message: 'unknown word `stat`', advice: 'Did you mean `state`?' };
  expect(problemError(problem, '/project').stack).toBe('InvalidPage: unknown word `stat`\n    at /project/docs/a.md:2:9\nDid you mean `state`?');
  const none = { code: 'server', file: null, line: null, column: null, message: 'no server', advice: 'install one' };
  expect(problemError(none, '/project').stack).toBe('Problem: no server\ninstall one');
});

test('a step that passed has no errors', () => {
  expect(reportErrors(PAGE, report({ status: 'passed' }))).toEqual([]);
});
