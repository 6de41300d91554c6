/** `lessonSuite` beside others and to the end: parallel files, pools, watch, interruptions; nothing is left whatever happens. */
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { processesIn } from '../../../src/server/processes.ts';
import { type Project, page, projects, suiteFile } from './project.ts';

const projectOf = projects();

/** Polls until it holds; the time limit of the test is that of the wait. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(20);
}

/** Servers, kernels and folders of runs; vitest itself has none of them as an argument. */
async function isGone({ temporary }: Project): Promise<boolean> {
  return runFolders(temporary).length === 0 && (await processesIn(`${temporary}/lockerroom-`)).length === 0;
}

const runFolders = (temporary: string) => readdirSync(temporary).filter((name) => name.startsWith('lockerroom-'));

const BUCKET = page(
  'Guide',
  '```ts\nconst kv = await kvm.create("Team");\nawait kv.put("k", "v");\n```\n\n```yaml state\nbuckets:\n  Team:\n    keys:\n      k: v\n```\n',
);

/** Says on standard error of vitest that it runs, and does not end. */
const ENDLESS = page('Endless', '```ts timeout=10m\nawait new Promise((resolve) => setTimeout(resolve, 600_000));\n```\n');

test.each([['forks'], ['threads'], ['vmForks'], ['vmThreads']])(
  'files side by side, in the pool %s, have servers of their own and leave nothing',
  async (pool) => {
    const names = ['a', 'b', 'c'];
    const pages = Object.fromEntries(names.map((name) => [`docs/${name}/guide.md`, BUCKET]));
    const tests = Object.fromEntries(names.map((name) => [`test/${name}.test.ts`, suiteFile(`'docs/${name}'`)]));
    const there = projectOf({ ...pages, ...tests, 'test/docs.test.ts': suiteFile("'docs/a/*.md'") });
    const { code, text } = await there.vitest([`--pool=${pool}`, '--maxWorkers=3']);
    expect(code, text).toBe(0);
    expect(text).toContain('Tests  8 passed (8)');
    expect(await isGone(there)).toBe(true);
  },
);

test('tests in another order, at once, or without isolation are judged all the same', async () => {
  const there = projectOf({ 'docs/guide.md': BUCKET, 'docs/other.md': BUCKET.replace('# Guide', '# Other') });
  for (const flags of [['--sequence.shuffle', '--sequence.seed=3'], ['--sequence.concurrent'], ['--no-isolate']]) {
    const { code, text } = await there.vitest(flags);
    expect(code, text).toBe(0);
    expect(text).toContain('Tests  4 passed (4)');
  }
});

test('--bail ends at the first failure, and nothing is left', async () => {
  const wrong = `${BUCKET.replace('k: v', 'k: w')}\n\`\`\`ts\nawait kv.put('x', 'y');\n\`\`\`\n`;
  const there = projectOf({ 'docs/a.md': wrong, 'docs/b.md': ENDLESS });
  const { code, tests, text } = await there.vitest(['--bail=1']);
  expect(code).toBe(1);
  expect(
    [...tests.values()].map(({ status }) => status).filter((status) => status === 'failed'),
    text,
  ).toHaveLength(1);
  expect(tests.get('Endless > Endless (line 10)')?.status).not.toBe('passed');
  await until(() => isGone(there));
});

test.each([
  ['Ctrl-C', 'SIGINT', 'forks'],
  ['Ctrl-C', 'SIGINT', 'threads'],
  ['a kill of all', 'SIGKILL', 'forks'],
  ['a kill of all', 'SIGKILL', 'threads'],
] as const)('%s (%s) in the pool %s leaves nothing', async (_, signal, pool) => {
  const there = projectOf({ 'docs/endless.md': ENDLESS });
  const { child } = there.start(['run', `--pool=${pool}`]);
  const ended = new Promise((resolve) => child.on('close', resolve));
  await until(async () => (await processesIn(`${there.temporary}/${runFolders(there.temporary)[0] ?? 'none'}`)).length >= 2);
  // As a terminal sends it, to the whole group.
  process.kill(-(child.pid ?? 0), signal);
  await ended;
  await until(() => isGone(there));
});

test('--watch runs a page again when it changes, and a new one, with watchTriggerPatterns', async () => {
  const config = "export default { test: { watchTriggerPatterns: [{ pattern: /\\/docs\\/.*\\.md$/, testsToRun: () => 'test/docs.test.ts' }] } };\n";
  const there = projectOf({ 'docs/guide.md': BUCKET, 'vitest.config.ts': config });
  const { child, said } = there.start(['watch', '--reporter=verbose'], { CI: '' });
  const runs = () => said().match(/(?:Waiting|Watching) for file changes/g)?.length ?? 0;
  try {
    await until(() => runs() === 1);
    there.write({ 'docs/guide.md': BUCKET.replace('k: v', 'k: w') });
    await until(() => runs() === 2);
    expect(said()).toContain('the value of key k of bucket Team is not the one that the page gives');
    there.write({ 'docs/guide.md': BUCKET });
    await until(() => runs() === 3);
    there.write({ 'docs/more.md': '# More\n\n```ts\nconst x = 1;\n```\n' });
    await until(() => /✓ .* > More > More/.test(said()));
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await new Promise((resolve) => child.on('close', resolve));
  }
  await until(() => isGone(there));
});
