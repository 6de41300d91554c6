/** `lessonSuite` in a real vitest: a test a step, which fails at its Markdown line as the terminal reporter says it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withServer } from '../../server/start.ts';
import { type Project, page, projects, suiteFile } from './project.ts';

const projectOf = projects();

/** Name → status. */
const statuses = (tests: Awaited<ReturnType<Project['vitest']>>['tests']) => Object.fromEntries([...tests].map(([name, { status }]) => [name, status]));

const PUT = page(
  'Guide',
  `## Values

\`\`\`ts title="Put one"
const kv = await kvm.create('Team');
await kv.put('locker.7', 'socks');
\`\`\`

\`\`\`yaml state
buckets:
  Team:
    keys:
      locker.7: socks
\`\`\`

\`\`\`ts title="Wait for a while"
await new Promise((resolve) => setTimeout(resolve, 300));
console.log((await kv.get('locker.7'))?.string());
\`\`\`

\`\`\`text output
socks
\`\`\`
`,
);

test('a test a step, described by its lesson, named by heading and title, that takes the time of its step', async () => {
  const { code, tests, text } = await projectOf({ 'docs/guide.md': PUT }).vitest();
  expect(code, text).toBe(0);
  expect(statuses(tests)).toEqual({ 'Guide > Guide': 'passed', 'Guide > Values: Put one': 'passed', 'Guide > Values: Wait for a while': 'passed' });
  const [put = 0, wait = 0] = ['Put one', 'Wait for a while'].map((name) => tests.get(`Guide > Values: ${name}`)?.duration);
  expect(wait).toBeGreaterThan(250);
  expect(put).toBeLessThan(wait);
});

test('a mismatch fails at its line of the page, with the difference, in every reporter', async () => {
  const { folder, vitest } = projectOf({ 'docs/guide.md': PUT.replace('locker.7: socks', 'locker.7: shoes') });
  const { code, tests, text } = await vitest(['--reporter=junit', '--outputFile.junit=junit.xml', '--reporter=github-actions']);
  expect(code).toBe(1);
  expect(tests.get('Guide > Values: Put one')?.status).toBe('failed');
  expect(tests.get('Guide > Values: Wait for a while')?.status).toBe('passed');
  const sentence = 'the value of key locker.7 of bucket Team is not the one that the page gives';
  expect(text).toContain(`Mismatch: ${sentence}\n\n- the page says   + the run shows\n- locker.7: shoes\n+ locker.7: socks\n`);
  expect(text).toContain('/buckets/Team/keys/locker.7  (nothing) → socks');
  // The page's own lines, and the place for whoever jumps there.
  expect(text).toMatch(/❯ docs\/guide\.md:21:7\n.*\n.*\n\s+21\| {7}locker\.7: shoes/);
  expect(text).toContain(`::error file=${join(folder, 'docs/guide.md')},title=test/docs.test.ts > docs/**/*.md > Guide > Values%3A Put one,line=21,column=7::`);
  const junit = readFileSync(join(folder, 'junit.xml'), 'utf8');
  expect(junit).toContain(`<failure message="${sentence}" type="Mismatch">`);
  expect(junit).toContain('❯ docs/guide.md:21:7');
  expect(tests.get('Guide > Values: Put one')?.failures[0]).toBe(
    `Mismatch: ${sentence}\n    at ${join(folder, 'docs/guide.md')}:21:7\n\n- the page says   + the run shows\n- locker.7: shoes\n+ locker.7: socks\n\nWhat the step itself changed:\n  /buckets/Team  (nothing) → {}\n  /buckets/Team/keys/locker.7  (nothing) → socks`,
  );
});

test('what throws, cannot be judged, or is skipped says so', async () => {
  const rest = `## Steps

\`\`\`ts title="Throws"
const a = 1;
throw new RangeError('no');
\`\`\`

\`\`\`ts title="Uses it"
console.log(a);
\`\`\`

\`\`\`ts title="Loops" timeout=300ms
while (true) {}
\`\`\`
`;
  const { code, tests, text } = await projectOf({ 'docs/bad.md': page('Bad', rest) }).vitest();
  expect(code).toBe(1);
  const named = (name: string) => tests.get(`Bad > Steps: ${name}`)?.status;
  expect([named('Throws'), named('Uses it'), named('Loops')]).toEqual(['failed', 'skipped', 'failed']);
  expect(text).toContain('the step throws, and the page declares no error: RangeError: no');
  expect(text).toContain('❯ docs/bad.md:14:7');
  expect(text).toContain('Steps: Uses it');
  expect(text).toMatch(/Uses it.*\[it uses `a` of the step at line 12, which .*\]/);
  expect(text).toContain('TimeLimit: the step ran longer than its time limit of 300ms');
  expect(text).toContain('❯ docs/bad.md:21:1');
});

test('what is wrong with pages is a failing test of each, and the others run', async () => {
  const files = {
    'docs/invalid.md': '# Invalid\n\n```ts titel="A"\n```\n\n```yaml stat\n```\n',
    'docs/good.md': '# Good\n\n```ts\nconst x = 1;\n```\n',
    'docs/old.md': '---\nserver: ">=99"\n---\n# Old\n\n```ts\n```\n',
    'docs/prose.md': '# Prose\n',
  };
  const { code, tests, text } = await projectOf(files).vitest();
  expect(code).toBe(1);
  expect(statuses(tests)).toEqual({ 'docs/invalid.md is valid': 'failed', 'Good > Good': 'passed', 'Old > Old': 'skipped' });
  expect(text).toContain('InvalidPage: unknown name `titel=` in a `ts` fence\nDid you mean `title="…"`?\n ❯ docs/invalid.md:3:7');
  expect(text).toContain('❯ docs/invalid.md:6:9');
  expect(text).toMatch(/Old.*\[it needs nats-server >=99, and this is /);
});

test('where there are no pages, or no nats-server, that is said with what to do', async () => {
  const { folder, vitest, write } = projectOf({});
  const none = await vitest();
  expect(none.code).toBe(1);
  expect(none.text).toContain('Problem: docs/**/*.md: no page matches this');
  expect(none.text).toContain(`Pages are looked for from vitest's root, ${folder}.`);
  write({ 'docs/guide.md': PUT });
  const nothing = { LOCKERROOM_NATS_SERVER: '', PATH: '', XDG_CACHE_HOME: join(folder, 'cache'), HTTPS_PROXY: 'http://127.0.0.1:1', NODE_USE_ENV_PROXY: '1' };
  const missing = await vitest([], nothing);
  expect(missing.code).toBe(1);
  expect([...new Set(Object.values(statuses(missing.tests)))]).toEqual(['failed']);
  expect(missing.text).toMatch(/Problem: .*nats-server/);
}, 120_000);

test('with -t, the steps before those that are wanted run, unjudged', async () => {
  const wrong = PUT.replace('locker.7: socks', 'locker.7: shoes');
  const { code, tests, text } = await projectOf({ 'docs/guide.md': wrong }).vitest(['-t', 'Wait']);
  expect(code, text).toBe(0);
  expect(statuses(tests)).toEqual({ 'Guide > Guide': 'skipped', 'Guide > Values: Put one': 'skipped', 'Guide > Values: Wait for a while': 'passed' });
});

test('an error that comes when its step has passed, and a lesson that comes after one that fails, fail their lesson', async () => {
  const files = {
    'docs/late.md': `# Late\n\n\`\`\`ts\nsetTimeout(() => { throw new Error('late') }, 50);\n\`\`\`\n\n\`\`\`ts\nawait new Promise((resolve) => setTimeout(resolve, 300));\n\`\`\`\n`,
    'docs/next.md': '---\nafter: late\n---\n# Next\n\n```ts\n```\n',
  };
  const { code, tests, text } = await projectOf(files).vitest();
  expect(code).toBe(1);
  expect(statuses(tests)).toEqual({ 'Late > Late (line 3)': 'passed', 'Late > Late (line 7)': 'passed', 'Next > Next': 'skipped' });
  expect(text).toMatch(/FAIL .* > Late\nError: the step threw where nothing catches it/);
  expect(text).toContain('❯ docs/late.md:4:26');
  expect(text).toMatch(/FAIL .* > Next\nAfterFailed: the lesson is skipped, it starts where docs\/late\.md ends/);
  expect(text).toContain('❯ docs/next.md:2:1');
});

test('pages may be folders, files and lists of them, package.json says the rest', async () => {
  const step = (title: string, word = '') => `# ${title}\n\n\`\`\`ts ${word}\nconst x = 1;\n\`\`\`\n`;
  const files = {
    'package.json': '{ "type": "module", "lockerroom": { "lessons": ["docs/*.md"], "exclude": ["docs/draft.md"], "steps": "marked" } }',
    'docs/a.md': step('A', 'step'),
    'docs/prose.md': step('Prose'),
    'docs/draft.md': step('Draft', 'step'),
    'more/b.md': step('B', 'step'),
    'one.mdx': step('One'),
    'test/docs.test.ts': `${suiteFile('')}lessonSuite(['more', 'one.mdx'], { steps: 'all', exclude: ['**/none.md'] });\n`,
  };
  const { code, tests, text } = await projectOf(files).vitest();
  expect(code, text).toBe(0);
  expect(statuses(tests)).toEqual({ 'A > A': 'passed', 'One > One': 'passed', 'B > B': 'passed' });
});

test('settings of a project that mean its own tests change nothing: retries, short limits, assertions that must be made, faked time', async () => {
  const config = 'export default { test: { setupFiles: "./setup.ts", retry: 2, testTimeout: 50, hookTimeout: 50, expect: { requireAssertions: true } } };';
  const loops = '\n```ts title="Loop" timeout=300ms\nwhile (true) {}\n```\n';
  const wrong = PUT.replace('locker.7: socks', 'locker.7: shoes') + loops;
  const setup = "import { beforeEach, vi } from 'vitest';\nbeforeEach(() => void vi.useFakeTimers());\n";
  const { code, tests, text } = await projectOf({ 'docs/guide.md': wrong, 'vitest.config.ts': config, 'setup.ts': setup }).vitest();
  expect(code).toBe(1);
  expect([...tests.values()].map(({ status }) => status)).toEqual(['passed', 'failed', 'passed', 'failed']);
  expect(tests.get('Guide > Values: Put one')?.failures, text).toHaveLength(1);
  expect(text).toContain('TimeLimit: the step ran longer than its time limit of 300ms');
});

test("an environment that takes Node's place is named, with what to do", async () => {
  const other = `globalThis.Uint8Array = class extends Uint8Array {};\n${suiteFile("'docs'")}`;
  const { code, text } = await projectOf({ 'docs/guide.md': PUT, 'test/docs.test.ts': other }).vitest();
  expect(code).toBe(1);
  expect(text).toContain('begin the file with `// @vitest-environment node`');
});

test('a project of a workspace has its pages below its own folder', async () => {
  const files = {
    'vitest.config.ts': "export default { test: { projects: ['packages/*'] } };",
    'packages/desk/package.json': '{ "name": "desk", "type": "module", "lockerroom": { "lessons": ["guide/*.md"] } }',
    'packages/desk/guide/a (b).md': PUT.replace('locker.7: socks', 'locker.7: shoes'),
    'packages/desk/desk.test.ts': suiteFile(''),
    'test/docs.test.ts': '',
  };
  const { code, tests, text } = await projectOf(files).vitest();
  expect(code).toBe(1);
  expect(tests.get('Guide > Values: Wait for a while')?.status, text).toBe('passed');
  expect(text).toMatch(/❯ guide\/a \(b\)\.md:21:7\n.*\n.*\n\s+21\| {7}locker\.7: shoes/);
});

test('on a server of its own, whose account must be empty; one that there cannot be is said', () =>
  withServer(async ({ url }) => {
    const steps = `\`\`\`ts\nawait kvm.create('A');\nconsole.log(process.env.NATS_URL);\n\`\`\`\n\n\`\`\`text output\n${url}\n\`\`\`\n\n\`\`\`yaml state\nbuckets: { A: {} }\n\`\`\`\n`;
    const { vitest, write } = projectOf({ 'docs/where.md': page('Where', steps), 'test/docs.test.ts': suiteFile(`'docs/**/*.md', { server: '${url}' }`) });
    const there = await vitest();
    expect([there.code, [...there.tests.values()].map(({ status }) => status)], there.text).toEqual([0, ['passed', 'passed']]);
    write({ 'test/docs.test.ts': suiteFile("'docs/**/*.md', { server: 'dokcer' }") });
    const nowhere = await vitest();
    expect(nowhere.code).toBe(1);
    expect(nowhere.text).toContain(
      'Problem: there is no server "dokcer"\nIt is auto, local, docker[:TAG], or the address of your own server as nats://HOST:PORT.',
    );
  }));
