/** Lessons that start where another one ends → what they find there, how often that one runs for it, and what is said where it cannot. */
import { describe, expect, test } from 'vitest';
import { lockerroom, lockerroomFiles, lockerroomJson, page } from './command.ts';
import { interrupt } from './interrupt.ts';

const ok = '# Ok\n\n```ts\nconsole.log(1);\n```\n\n```text output\n1\n```\n';
const bad = '# Bad\n\n```ts\nconsole.log(1);\n```\n';

/** Makes bucket A by `make`, with these settings, and adds a letter to a file each time it runs. */
const first = (make: string, settings = '', others = '') =>
  page(`\`\`\`ts
import { appendFileSync } from 'node:fs';
import { jetstreamManager } from '@nats-io/jetstream';
const jsm = await jetstreamManager(nc);
appendFileSync('ran', 'x');
${make}
const a = await kvm.open('A');
await a.put('k', 'v');
await a.put('k', 'w');
await nc.close();
\`\`\`

\`\`\`yaml change
buckets: { A: { ${settings} keys: { k: { value: w, revision: 2 } } }${others} }
\`\`\`
`);

const PUTS = page(
  "```ts\nawait (await kvm.open('A')).put('k', 'mine');\n```\n\n```yaml change\nbuckets: { A: { keys: { k: { value: mine, revision: 3 } } } }\n```\n",
);
const next = (text: string) => `---\nafter: first\n---\n\n${text}`;

describe('a lesson after another one', () => {
  test('that one is replayed, its state is there, its names are not', async () => {
    const second = next('```ts\nconsole.log(typeof a);\n```\n\n```text output\nundefined\n```\n\n```yaml change\nbuckets: {}\n```\n');
    const { code, report } = await lockerroomJson(['second.md'], { files: { 'first.md': first("await kvm.create('A');"), 'second.md': second } });
    expect(code).toBe(0);
    expect(report.lessons.map(({ file, status }) => [file, status])).toEqual([['second.md', 'passed']]);
  });

  test('that fails: skipped, says where, and exit 1 although it was not asked for', async () => {
    const { code, report } = await lockerroomJson(['second.md'], { files: { 'first.md': bad, 'second.md': next(ok) } });
    expect(code).toBe(1);
    expect(report.lessons).toMatchObject([{ status: 'skipped', reason: expect.stringMatching(/first\.md.*line 3/), steps: [{ status: 'skipped' }] }]);
  });

  test('that is invalid: skipped, and exit 2', async () => {
    const { code, report } = await lockerroomJson(['second.md'], { files: { 'first.md': '```ts stp\n```\n', 'second.md': next(ok) } });
    expect(code).toBe(2);
    expect(report.lessons).toMatchObject([{ file: 'second.md', status: 'skipped' }]);
    expect(report.problems).toMatchObject([{ file: 'first.md', line: 1 }]);
  });
});

describe('several lessons after the same one', () => {
  const dependents = { 'b.md': next(PUTS), 'c.md': next(PUTS), 'd.md': next(PUTS) };
  const pages = ['b.md', 'c.md', 'd.md'];

  test('it is replayed once for all, and each has a copy of its own, of what it left with every revision', async () => {
    const files = { ...dependents, 'first.md': first("await kvm.create('A', { history: 5 });", 'history: 5,') };
    const run = await lockerroomFiles(['run', '.', '--twin', 'off'], ['ran'], { files });
    expect(run).toMatchObject({ code: 0, files: { ran: 'xx' }, stdout: expect.stringContaining('8 steps in 4 lessons: 8 passed') });
  });

  test.each([
    ['grows old', "await kvm.create('A', { ttl: 600_000 });", 'ttl: 10m,'],
    ['may grow old', "await kvm.create('A', { markerTTL: 600_000 });", 'markerTtl: 10m,'],
    ['is kept in memory', "await kvm.create('A', { storage: 'memory' });", 'storage: memory,'],
    ['has been read by a consumer', "await kvm.create('A'); await jsm.consumers.add('KV_A', { durable_name: 'reader', ack_policy: 'explicit' });"],
    [
      'comes from elsewhere',
      "await kvm.create('A'); await kvm.create('Y'); await kvm.create('Z', { mirror: { name: 'Y' } });",
      '',
      ', Y: {}, Z: { mirror: Y }',
    ],
  ])('what %s is not brought over: it is replayed for each', async (_, make, settings = '', others = '') => {
    const text = first(make, settings, others).replace('yaml change', 'yaml change within=5s');
    const run = await lockerroomFiles(['run', ...pages, '--twin', 'off'], ['ran'], { files: { ...dependents, 'first.md': text } });
    // Once more, to see what it leaves.
    expect(run).toMatchObject({ stdout: expect.stringContaining('6 steps in 3 lessons: 6 passed'), code: 0, files: { ran: 'xxxx' } });
  });

  test('that fails: each is skipped, and says where', async () => {
    const { code, report } = await lockerroomJson(pages, { files: { ...dependents, 'first.md': bad } });
    expect(code).toBe(1);
    const skipped = { status: 'skipped', reason: expect.stringMatching(/^starts where first\.md ends, whose step at line 3 failed/) };
    expect(report.lessons).toMatchObject([skipped, skipped, skipped]);
  });

  test('an exercise’s starter starts there, too', async () => {
    const exercise = next(`${page('')}\`\`\`ts exercise\n// yours\n\`\`\`\n\n${PUTS.slice(PUTS.indexOf('```ts\nawait')).replace('```ts', '```ts solution')}`);
    const files = { 'first.md': first("await kvm.create('A');"), 'b.md': exercise };
    const run = await lockerroomFiles(['run', 'b.md', '--twin', 'off'], ['ran'], { files });
    expect(run).toMatchObject({ stdout: expect.stringContaining('2 steps in 1 lesson: 2 passed'), code: 0, files: { ran: 'x' } });
  });

  test('Ctrl-C while it is replayed ends the run at once', async () => {
    const hangs = '```ts timeout=60s\nimport { writeFileSync } from "node:fs";\nwriteFileSync("hangs", "");\nfor (;;) {}\n```\n';
    const run = await lockerroom(['run', ...pages], { files: { ...dependents, 'first.md': hangs }, during: interrupt('SIGINT') });
    expect(run).toMatchObject({ code: 130, stdout: expect.stringContaining('Interrupted; what was started has been removed.') });
  });
});
