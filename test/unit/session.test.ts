/** The loop over steps, on a kernel and a server that follow a script: what each step came to → status, reason, and what is run at all. */
import { expect, test } from 'vitest';
import type { Kernel } from '../../src/types.ts';
import { bucketA, outcome, planOf, put, run, scriptedSite, stop, thrown, ts } from './scripted-site.ts';

test('events come in order and are plain JSON', async () => {
  const { site } = scriptedSite([{ output: 'hi\n' }]);
  const { events, report } = await run(planOf(ts('console.log("hi")', '```text output\nhi\n```')), site);
  expect(events.map(({ type }) => type)).toEqual(['lesson-started', 'step-started', 'step-finished', 'lesson-finished']);
  expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  expect(report.status).toBe('passed');
});

test('a step that uses a name of one that threw is skipped and says which; the others run', async () => {
  const { site } = scriptedSite([{ thrown }]);
  const { report } = await run(planOf(ts('const a = 1'), ts('const b = a'), ts('b'), ts('const c = 2'), ts('c')), site);
  expect(outcome(report)).toEqual([
    'failed',
    'skipped: it uses `a` of the step at line 1, which threw',
    'skipped: it uses `b` of the step at line 6, which was skipped',
    'passed',
    'passed',
  ]);
  expect(report.status).toBe('failed');
});

test('after a step that had to be stopped every name is gone, and the others run in a fresh kernel', async () => {
  const { site, kernels } = scriptedSite([{}, { stopped: stop('timeout'), kernelLost: true }]);
  const { report } = await run(planOf(ts('const a = 1'), ts('const b = 2'), ts('a'), ts('b'), ts('const c = 3')), site);
  expect(outcome(report)).toEqual([
    'passed',
    'errored',
    'skipped: it uses `a` of the step at line 1, which went when the step at line 6 was stopped',
    'skipped: it uses `b` of the step at line 6, which was stopped',
    'passed',
  ]);
  expect(kernels).toEqual(['started', 'ended', 'started', 'ended']);
});

test('a failed check is no reason to skip: its names are there', async () => {
  const { site } = scriptedSite([{ output: 'undeclared' }]);
  const { report } = await run(planOf(ts('const a = 1'), ts('a')), site);
  expect(outcome(report)).toEqual(['failed', 'passed']);
});

test('an unexpected throw is one mismatch, at the line that threw', async () => {
  const { site } = scriptedSite([{ thrown, output: 'half' }]);
  const { report } = await run(planOf(ts('throw boom', '```text output\nhalf of it\n```\n\n```yaml state\nbuckets: { A: {} }\n```')), site);
  expect(report.steps[0]?.mismatches.map(({ kind, place, actual }) => [kind, place.line, actual])).toEqual([['error', 2, 'Error: boom']]);
});

test('what goes wrong while the server is read belongs to the step', async () => {
  const { site } = scriptedSite([{ collected: { output: '', stopped: stop('rejection'), kernelLost: true, late: [] } }]);
  const { report } = await run(planOf(ts('const a = 1'), ts('a')), site);
  expect(outcome(report)).toEqual(['errored', 'skipped: it uses `a` of the step at line 1, which was stopped']);
});

test('what is printed after the step has ended belongs to it too', async () => {
  const { site } = scriptedSite([{ output: 'now\n', collected: { output: 'later\n', stopped: null, kernelLost: false, late: [] } }]);
  const { report } = await run(planOf(ts('1', '```text output\nnow\nlater\n```')), site);
  expect(outcome(report)).toEqual(['passed']);
});

test('a state that must be reached within a time is looked at until it is', async () => {
  const there = bucketA({ k: put('v', 1) });
  const { site } = scriptedSite([{ holds: {} }], [bucketA({}), bucketA({}), there]);
  const { report } = await run(planOf(ts('1', '```yaml state within=5s\nbuckets: { A: { keys: { k: v } } }\n```')), site);
  expect(outcome(report)).toEqual(['passed']);
});

test('also after an error that the page declares', async () => {
  const { site } = scriptedSite([{ holds: {}, thrown }], [bucketA({}), bucketA({}), bucketA({ k: put('v', 1) })]);
  const page = ts('1', '```text error\nError: boom\n```\n\n```yaml state within=5s\nbuckets: { A: { keys: { k: v } } }\n```');
  const { report } = await run(planOf(page), site);
  expect(outcome(report)).toEqual(['passed']);
});

test('a lost server ends the lesson there', async () => {
  const { site } = scriptedSite([], [new Error('connection closed')]);
  const { report } = await run(planOf(ts('1'), ts('2')), site);
  expect(report.steps[0]?.error?.message).toBe('the step could not be judged: connection closed');
  expect(outcome(report)).toEqual(['errored', 'skipped: it is not run, because the server is gone: connection closed']);
});

test('--bail ends the lesson at the first failure', async () => {
  const { site } = scriptedSite([{ output: 'undeclared' }]);
  const { report } = await run({ ...planOf(ts('1'), ts('2')), bail: true }, site);
  expect(outcome(report)).toEqual(['failed', 'skipped: it is not run, because an earlier step failed (--bail)']);
});

test('steps that are not listed run unjudged, and none runs after the last that is', async () => {
  const { site } = scriptedSite([{ output: 'undeclared' }, {}, { output: 'never' }]);
  const { report } = await run({ ...planOf(ts('1'), ts('2'), ts('3')), listed: ({ step }) => step.index === 1 }, site);
  expect(report.steps.map(({ line, status }) => [line, status])).toEqual([[6, 'passed']]);
});

test('a lesson that comes after one that fails is skipped and says where', async () => {
  const { site } = scriptedSite([{ output: 'undeclared' }]);
  const { report } = await run({ ...planOf(ts('1')), after: planOf(ts('1')) }, site);
  expect(report).toMatchObject({ status: 'skipped', afterFailed: true, reason: 'starts where page.md ends, whose step at line 1 failed' });
});

test('what a step left running and failed later is that step’s error; the step that ran meanwhile is judged', async () => {
  const { site } = scriptedSite([{}, { late: [{ index: 0, stop: stop('rejection') }] }, {}]);
  const { events, report } = await run(planOf(ts('const a = 1'), ts('2'), ts('a')), site);
  expect(outcome(report)).toEqual(['errored', 'passed', 'passed']);
  expect(report.status).toBe('errored');
  expect(events.filter(({ type }) => type === 'step-finished')).toHaveLength(4);
});

test('a fault befalls the server before the code, and is over before the state is read; one that does not come up again is lost', async () => {
  const happened: string[] = [];
  const { site } = scriptedSite([]);
  const { read } = site.observer;
  const startKernel = site.startKernel;
  const mortal = { kill: async () => void happened.push('kill'), revive: async () => void happened.push('revive') };
  const note = <Result>(what: string, result: Result) => {
    happened.push(what);
    return result;
  };
  Object.assign(site.observer, { read: () => note('read', read()) });
  const traced = () => {
    const kernel = startKernel();
    return { ...kernel, run: (step: Parameters<Kernel['run']>[0]) => note('code', kernel.run(step)) };
  };
  const page = [ts('1'), '```ts fault="restart-server"\n2\n```', '```ts fault="kill-server"\n3\n```', ts('4')];
  const { report } = await run(planOf(...page), { ...site, startKernel: traced, mortal });
  expect(happened.join(' ')).toBe('code read kill revive code read kill code revive read code read');
  expect(outcome(report)).toEqual(['passed', 'passed', 'passed', 'passed']);

  const dead = { ...mortal, revive: () => Promise.reject(new Error('The nats-server did not come up again.')) };
  const { report: second } = await run(planOf(...page), { ...scriptedSite([]).site, mortal: dead });
  expect(outcome(second)).toEqual([
    'passed',
    'errored',
    'skipped: it is not run, because the server is gone: The nats-server did not come up again.',
    'skipped: it is not run, because the server is gone: The nats-server did not come up again.',
  ]);
});

test('on a server that is not ours to kill a step with a fault is skipped, and what comes after it', async () => {
  const { report } = await run(planOf(ts('1'), '```ts fault="kill-server"\n2\n```', ts('3')), scriptedSite([]).site);
  expect(outcome(report)).toEqual([
    'passed',
    'skipped: it needs a private local server, which its fault can kill',
    expect.stringMatching(/^skipped: it comes after the step at line \d+, whose fault was not to be had$/),
  ]);
});
