/** Pages with exercises: the solution must pass, and the untouched starter must fail the same check. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lockerroom, lockerroomJson, page } from './command.ts';

/** At line 10 of a page; the solution is at line 14. */
const exercise = (starter: string, expectation = STATE) => `\`\`\`ts exercise
${starter}
\`\`\`

\`\`\`ts solution
await (await kvm.create('Bucket1')).put('locker.7', 'socks');
\`\`\`

${expectation}
`;

const STATE = '```yaml state\nbuckets:\n  Bucket1:\n    keys: { locker.7: socks }\n```\n';
const SOLUTION = "await (await kvm.create('Bucket1')).put('locker.7', 'socks');";

describe('a starter that is not the solution', () => {
  test.each([
    ['does nothing', '// make the room and fill the locker'],
    ['does half of it', "await kvm.create('Bucket1');"],
    ['does too much', `${SOLUTION}\nawait kvm.create('Bucket2');`],
    ['prints', `${SOLUTION}\nconsole.log('done');`],
    ['throws', `${SOLUTION}\nthrow new Error('yours to write');`],
    ['does not parse', 'await kvm.create(…);'],
    ['exits', `${SOLUTION}\nprocess.exit(0);`],
    ['uses a name that is not there', 'await putItIn(kvm);'],
  ])('%s: the page passes', async (_, starter) => {
    const { code, report, stderr } = await lockerroomJson(['page.md'], { files: { 'page.md': page(exercise(starter)) } });
    expect({ code, stderr, statuses: report.lessons[0]?.steps.map(({ line, status }) => [line, status]) }).toEqual({
      code: 0,
      stderr: '',
      statuses: [
        [3, 'passed'],
        [10, 'passed'],
      ],
    });
  });

  test('never ends: its time limit says so', async () => {
    const text = page(exercise('for (;;) {}')).replace('ts exercise', 'ts exercise timeout=300ms');
    expect((await lockerroomJson(['page.md'], { files: { 'page.md': text } })).code).toBe(0);
  });
});

test('a starter that passes untouched is a mismatch at its fence, and the steps after it run', async () => {
  const text = page(`${exercise(SOLUTION)}\n\`\`\`ts\nawait nc.close();\n\`\`\`\n`);
  const { code, report } = await lockerroomJson(['page.md'], { files: { 'page.md': text } });
  expect([code, report.ok, report.totals.failed, report.lessons[0]?.status]).toEqual([1, false, 1, 'failed']);
  const [, step, after] = report.lessons[0]?.steps ?? [];
  const message =
    'the untouched starter code passes the check of its exercise, which therefore teaches nothing; leave out of it what the reader is to do, or expect what only that brings about';
  expect(step?.mismatches).toEqual([{ kind: 'exercise', path: null, line: 10, expected: null, actual: null, by: 'step', message }]);
  expect(after?.status).toBe('passed');
});

test('in a terminal it is said at the place, without a difference to look at', async () => {
  const { code, stdout } = await lockerroom(['run', 'page.md'], { files: { 'page.md': page(exercise(SOLUTION)) } });
  expect(code).toBe(1);
  expect(stdout).toContain('page.md:10:1: the untouched starter code passes');
  expect(stdout).not.toContain('the page says');
});

test('several exercises: each starter runs after the solutions of the earlier ones, on a server that holds only what they left', async () => {
  const second = exercise('', '```yaml change\nbuckets:\n  Bucket2: {}\n```\n').replace(SOLUTION, "await kvm.create('Bucket2');");
  const before = (await lockerroomJson(['page.md'], { files: { 'page.md': page(`${exercise('')}\n${second}`) } })).report;
  expect(before.totals).toMatchObject({ steps: 3, passed: 3 });
  const untouched = second.replace('exercise\n', "exercise\nawait kvm.create('Bucket2');");
  const { report } = await lockerroomJson(['page.md'], { files: { 'page.md': page(`${exercise('')}\n${untouched}`) } });
  expect(report.lessons[0]?.steps.map(({ mismatches }) => mismatches.map(({ kind }) => kind))).toEqual([[], [], ['exercise']]);
});

test('an exercise in a lesson that comes after another, which is replayed with its solutions', async () => {
  const first = page(exercise(''));
  const second = (starter: string) =>
    `---\nafter: 01-a\n---\n\`\`\`ts exercise\n${starter}\n\`\`\`\n\n\`\`\`ts solution\nimport { connect } from '@nats-io/transport-node';\nimport { Kvm } from '@nats-io/kv';\nconst nc = await connect({ servers: process.env.NATS_URL });\nawait (await new Kvm(nc).open('Bucket1')).put('locker.9', 'shoes');\nawait nc.close();\n\`\`\`\n\n\`\`\`yaml change\nbuckets:\n  Bucket1:\n    keys: { locker.9: shoes }\n\`\`\`\n`;
  const passes = await lockerroomJson(['02-b.md'], { files: { '01-a.md': first, '02-b.md': second('// yours') } });
  expect([passes.code, passes.report.totals.passed]).toEqual([0, 1]);
});

describe('what is asked for', () => {
  const files = { 'page.md': page(`${exercise(SOLUTION)}\n## Later\n\n\`\`\`ts\nawait nc.close();\n\`\`\`\n`) };

  test.each([
    ['a line of the solution: the exercise is judged', ['page.md:15'], 1],
    ['its own line', ['page.md:10'], 1],
    ['another step: the solution runs before it, and nobody asks for the starter', ['page.md', '--grep', 'later'], 0],
    ['--from behind it', ['page.md', '--from', '28'], 0],
  ])('%s', async (_, args, expected) => {
    const { code, report } = await lockerroomJson(args, { files });
    expect([code, report.totals.steps]).toEqual([expected, 1]);
  });

  test('--bail ends the lesson at an exercise that passes untouched', async () => {
    const { report } = await lockerroomJson(['page.md', '--bail'], { files });
    expect(report.lessons[0]?.steps.map(({ status }) => status)).toEqual(['passed', 'failed', 'skipped']);
  });
});

test('an interruption while starters run leaves nothing', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'exercises-'));
  const starter = "import { writeFileSync } from 'node:fs';\nwriteFileSync('hangs', '');\nfor (;;) {}";
  const { code } = await lockerroom(['run', 'page.md'], {
    files: { 'page.md': page(exercise(starter)).replace('ts exercise', 'ts exercise timeout=60s') },
    env: { TMPDIR: temporary },
    during: (child, folder) => {
      const look = setInterval(() => existsSync(join(folder, 'hangs')) && child.kill('SIGINT'), 20);
      child.on('exit', () => clearInterval(look));
    },
  });
  expect([code, await readdir(temporary)]).toEqual([130, []]);
  await rm(temporary, { recursive: true });
});
