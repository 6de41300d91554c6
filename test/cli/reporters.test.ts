/** The reporters for a CI, by the real command: several at once, at the true lines, for everything that can be wrong. */
import { expect, test } from 'vitest';
import { readJunit } from '../unit/report/xml.ts';
import { lockerroom, lockerroomFiles } from './command.ts';

const GOOD = '# Good\n\n```ts\nconsole.log(1);\n```\n\n```text output\n1\n```\n';
/** The step prints what would be commands for GitHub, and line 8 is false. */
const FALSE = '# False\n\n```ts title="Says"\nconsole.log("::error::x");\nconsole.log("##[error]x");\n```\n\n```text output\ny\n```\n';
const INVALID = '# Invalid\n\n```text outptu\n```\n\n```ts\n```\n';
const files = { 'docs/lessons/01-good.md': GOOD, 'docs/lessons/02-false.md': FALSE, 'docs/lessons/03-invalid.md': INVALID };

test('all reporters at once: each says the same, and the exit code is that of the run', async () => {
  const args = ['run', 'docs', '--jobs', '1', '--reporter', 'junit:out.xml', '--reporter', 'github', '--reporter', 'terminal', '--reporter', 'json:out.json'];
  const env = { GITHUB_STEP_SUMMARY: 'summary.md' };
  const run = await lockerroomFiles(args, ['out.xml', 'out.json', 'summary.md'], { files: { ...files, 'summary.md': 'said before\n' }, env });
  expect(run.code).toBe(2);

  const { cases, counts } = readJunit(run.files['out.xml'] ?? '');
  expect(counts).toMatchObject({ tests: '3', failures: '1', errors: '1' });
  expect(cases.map(({ classname, name, line, outcome, type }) => [classname, name, line, outcome, type])).toEqual([
    ['docs/lessons/01-good.md', 'Good (line 3)', '3', null, null],
    ['docs/lessons/02-false.md', 'Says (line 3)', '3', 'failure', 'output'],
    ['docs/lessons/03-invalid.md', 'fence (line 3, column 9)', '3', 'error', 'fence'],
  ]);
  expect(cases[1]?.output).toBe('::error::x\n##[error]x\n');

  expect(JSON.parse(run.files['out.json'] ?? '')).toMatchObject({ totals: { passed: 1, failed: 1 } });
  expect(run.files['summary.md']).toMatch(/^said before\n## ❌ Locker Room: 1 passed, 1 failed, 1 problem/);

  const lines = run.stdout.split('\n');
  const [, word] = /^::stop-commands::([-0-9a-f]{36})$/.exec(lines[0] ?? '') ?? [];
  const again = lines.indexOf(`::${word}::`);
  expect(lines.slice(1, again).join('\n')).toMatch(
    /✓ docs\/lessons\/01-good\.md[\s\S]*docs\/lessons\/02-false\.md:9:1: [\s\S]*2 steps in 2 lessons: 1 passed, 1 failed/,
  );
  expect(lines.slice(again + 1).map((line) => line.replace(/::(?:(?!::).)*$/, ''))).toEqual([
    expect.stringMatching(/^::error file=docs\/lessons\/03-invalid\.md,line=3,col=9,title=lockerroom%3A fence$/),
    expect.stringMatching(/^::error file=docs\/lessons\/02-false\.md,line=9,col=1,title=False › Says/),
    '',
  ]);
});

test('paths are seen from the root of the repository, where the command is typed below it', async () => {
  const folder = process.cwd();
  const { code, stdout } = await lockerroom(['run', `${folder}/test/fixtures/reporters/false.md`, '--reporter', 'github'], {
    env: { GITHUB_WORKSPACE: folder },
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^::error file=test\/fixtures\/reporters\/false\.md,line=8,/m);
});

test('a summary that cannot be written is said, and ends nothing', async () => {
  const env = { GITHUB_STEP_SUMMARY: 'no/such/folder.md' };
  const { code, stderr } = await lockerroom(['run', '--reporter', 'github'], { files: { 'lessons/a.md': GOOD }, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'lockerroom: the summary for GitHub cannot be written to no/such/folder.md (ENOENT)\n' });
});

test('check reports to a CI too', async () => {
  const {
    code,
    stdout,
    files: written,
  } = await lockerroomFiles(['check', 'docs', '--reporter', 'github', '--reporter', 'junit:check.xml'], ['check.xml'], { files });
  expect(code).toBe(2);
  expect(stdout).toMatch(/\n::error file=docs\/lessons\/03-invalid\.md,line=3,col=9,[^\n]*\n$/);
  expect(readJunit(written['check.xml'] ?? '').cases.map(({ classname, name, outcome }) => [classname, name, outcome])).toEqual([
    ['docs/lessons/01-good.md', 'is in order', null],
    ['docs/lessons/02-false.md', 'is in order', null],
    ['docs/lessons/03-invalid.md', 'fence (line 3, column 9)', 'error'],
  ]);
});

test.each([
  [['--reporter', 'json', '--reporter', 'junit'], /Two reporters cannot both write to standard output; give one a file, as in junit:report\.xml/],
  [['--reporter', 'github', '--reporter', 'json'], /cannot both write to standard output/],
  [['--reporter', 'github', '--reporter', 'github'], /cannot both write to standard output/],
  [['--reporter', 'json:a', '--reporter', 'junit:a'], /Two reporters cannot both write to a\./],
  [['--reporter', 'junit:no/such/folder.xml'], /the report cannot be written to no\/such\/folder\.xml/],
])('%j is wrong usage', async (args, message) => {
  const { code, stderr } = await lockerroom(['run', ...args], { files: { 'lessons/a.md': GOOD } });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
