/** An exercise is judged by its solution, then by what its untouched starter came to in the solution's place; a learner's work by the same expectations. */
import { describe, expect, test } from 'vitest';
import { runLesson, starterPlan, type TryStarter } from '../../src/run.ts';
import { Session } from '../../src/session.ts';
import { emptyReport } from '../../src/step-report.ts';
import type { LinkedStep, StepReport } from '../../src/types.ts';
import { bucketA, outcome, planOf, put, run, scriptedSite, thrown, ts } from './scripted-site.ts';

const exercise = (expectation = '```text output\ndone\n```') =>
  `\`\`\`ts exercise\n'starter'\n\`\`\`\n\n\`\`\`ts solution\n'solution'\n\`\`\`\n\n${expectation}`;

describe('the starter', () => {
  const plan = planOf(ts('1'), exercise(), ts('2'));
  const [, solved] = plan.steps;
  const trial = (report: Partial<StepReport>): StepReport => ({ ...emptyReport((solved ?? expect.fail()).step), status: 'passed', ...report });

  async function tried(report: Partial<StepReport>, output = 'done\n') {
    const { site } = scriptedSite([{}, { output }, {}]);
    const asked: number[] = [];
    const tryStarter: TryStarter = async ({ step }) => {
      asked.push(step.line);
      return trial(report);
    };
    const ran = await run(plan, site, { tryStarter });
    return { ...ran, asked };
  }

  test.each<[string, Partial<StepReport>]>([
    ['fails the check', { status: 'failed' }],
    ['cannot be judged, because it hangs or does not parse', { status: 'errored', error: { name: 'TimeLimit', message: '', line: 1, column: 1 } }],
  ])('%s: the exercise passes', async (_, report) => {
    expect(outcome((await tried(report)).report)).toEqual(['passed', 'passed', 'passed']);
  });

  test('passes the check: one mismatch, at the fence of the exercise', async () => {
    const { report } = await tried({ status: 'passed' });
    expect(outcome(report)).toEqual(['passed', 'failed', 'passed']);
    expect(report.steps[1]?.mismatches).toEqual([{ kind: 'exercise', path: null, place: { line: 6, column: 1 }, expected: null, actual: null, by: 'step' }]);
  });

  test.each<[string, Partial<StepReport>, string]>([
    ['was never run', { status: 'skipped', reason: 'uses `a` of a step that threw' }, 'it uses `a` of a step that threw'],
    ['lost its server', { status: 'errored', error: { name: 'ServerLost', message: 'the server went', line: 1, column: 1 } }, 'it ran, but the server went'],
  ])('%s: that proves nothing', async (_, report, reason) => {
    const [, step] = (await tried(report)).report.steps;
    expect(step).toMatchObject({
      status: 'errored',
      mismatches: [],
      error: { line: 6, message: `the starter code of this exercise could not be tried: ${reason}` },
    });
  });

  test('where the solution does not pass, that is what is said', async () => {
    const { report, asked } = await tried({ status: 'passed' }, 'something else');
    expect([asked, report.steps[1]?.mismatches.map(({ kind }) => kind)]).toEqual([[], ['output']]);
  });
});

test('the plan of a starter: what stands before it runs unjudged, and nothing after it', async () => {
  const plan = planOf(ts('1'), exercise(), exercise(), ts('2'));
  const second = plan.steps[2] ?? expect.fail();
  const { site } = scriptedSite([{ output: 'undeclared' }]);
  const code: string[] = [];
  const { startKernel } = site;
  site.startKernel = () => {
    const kernel = startKernel();
    const observed = (step: LinkedStep) => {
      code.push(step.fence.text.trim());
      return kernel.run(step);
    };
    return { ...kernel, run: observed };
  };
  const { report } = await run(starterPlan(plan, second), site);
  expect(code).toEqual(['1', "'solution'", "'starter'"]);
  expect(report.steps.map(({ line, status }) => [line, status])).toEqual([[18, 'failed']]);
});

test('a lesson that is interrupted while a starter is tried is interrupted', async () => {
  const { site } = scriptedSite([{ output: 'done' }]);
  const abort = new AbortController();
  const tryStarter = async () => {
    abort.abort(new Error('Ctrl-C'));
    throw abort.signal.reason;
  };
  const running = runLesson(planOf(exercise()), site, { signal: abort.signal, tryStarter });
  await expect(async () => {
    for await (const _ of running);
  }).rejects.toThrow('Ctrl-C');
});

describe('a learner’s work', () => {
  const state = '```yaml state\nbuckets: { A: { keys: { k: v } } }\n```';
  const reached = { holds: { k: put('v', 1) } };

  async function judged(page: string, doing: Parameters<typeof scriptedSite>[0][number], options: { code: boolean; learner: boolean }) {
    const { site } = scriptedSite([doing], options.code ? [] : [bucketA(doing.holds ?? {})]);
    const [one] = planOf(page).steps;
    const session = new Session(site);
    const { step, linked, starter } = one ?? expect.fail();
    const report = await session.runStep({ step, linked: options.code ? linked : null, starter }, { twin: false, last: true, learner: options.learner });
    return report.status === 'failed' ? report.mismatches.map(({ kind }) => kind) : report.status;
  }

  test.each<[string, string, Parameters<typeof scriptedSite>[0][number], boolean, unknown]>([
    ['prints what no one asked for', exercise(state), { ...reached, output: 'so far so good' }, true, 'passed'],
    ['throws, and the state is there', exercise(state), { ...reached, thrown }, true, 'passed'],
    ['throws nothing where an error is declared', exercise(`${state}\n\n\`\`\`text error\nError: boom\n\`\`\``), reached, true, 'passed'],
    ['is done with another client', exercise(state), reached, false, 'passed'],
    ['is not done', exercise(state), {}, true, ['bucket']],
    ['goes too far', exercise(state), { holds: { k: put('v', 1), more: put('x', 2) } }, false, ['key']],
    ['prints something else than is asked for', exercise(), { output: 'half' }, true, ['output']],
    ['prints what is asked for', exercise(), { output: 'done' }, true, 'passed'],
  ])('that %s', async (_, page, doing, code, expected) => {
    expect(await judged(page, doing, { code, learner: true })).toEqual(expected);
  });

  test('a verifying run asks for all that the page says', async () => {
    expect(await judged(exercise(state), { ...reached, output: 'so far so good' }, { code: true, learner: false })).toEqual(['output']);
  });
});
