/** One thing on a page made otherwise at a time: what no check notices is reported, and what none could notice is not. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lockerroom, page, type RunOptions } from './command.ts';

interface MutateReport {
  totals: { mutants: number; caught: number; survived: number };
  survivors: { file: string; line: number; column: number; mutation: string }[];
}

async function mutate(args: string[], options: RunOptions) {
  const run = await lockerroom(['mutate', ...args, '--reporter', 'json'], options);
  return { ...run, report: JSON.parse(run.stdout) as MutateReport };
}

/** The step is at line 10. */
const step = (code: string, expectation = '') => page(`\`\`\`ts\n${code}\n\`\`\`\n\n${expectation}\n`);
const state = (yaml: string) => `\`\`\`yaml state\n${yaml}\n\`\`\`\n`;

const PUT = "const a = await kvm.create('A');\nawait a.put('k', 'v');\nconsole.log((await a.get('k'))?.string());";
const SAID = `\`\`\`text output\nv\n\`\`\`\n\n${state('buckets: { A: { keys: { k: v } } }')}`;

test('a page that says all there is to say: each mutant is noticed', async () => {
  const { code, report } = await mutate(['page.md'], { files: { 'page.md': step(PUT, SAID) } });
  expect(report.survivors).toEqual([]);
  expect(code).toBe(0);
  expect(report.totals.mutants).toBeGreaterThan(10);
  expect(report.totals).toEqual({ mutants: report.totals.mutants, caught: report.totals.mutants, survived: 0 });
});

describe('what no check notices is reported at its place', () => {
  test.each<[string, string, MutateReport['survivors'][number][]]>([
    [
      'a line that may be anything',
      step("console.log('one', 'two');", '```text output\none <any>\n```'),
      [{ file: 'page.md', line: 11, column: 20, mutation: "`'two'` becomes `'twox'`" }],
    ],
    [
      'a put whose value is gone with the next, where the page gives no revision',
      step("const a = await kvm.create('A');\nawait a.put('k', 'u');\nawait a.put('k', 'v');", state('buckets: { A: { keys: { k: v } } }')),
      [{ file: 'page.md', line: 12, column: 1, mutation: "`await a.put('k', 'u')` is dropped" }],
    ],
    [
      'what only a later step would show, if it looked closely',
      `${step("const names = ['a', 'b'];")}\n\`\`\`ts\nconsole.log(names.length > 0, names[1]);\n\`\`\`\n\n\`\`\`text output\ntrue <any>\n\`\`\`\n`,
      [
        { file: 'page.md', line: 11, column: 21, mutation: "`'b'` becomes `'bx'`" },
        { file: 'page.md', line: 17, column: 37, mutation: '`1` becomes `2`' },
      ],
    ],
  ])('%s', async (_, text, survivors) => {
    const { code, report } = await mutate(['page.md'], { files: { 'page.md': text } });
    expect(report.survivors).toEqual(survivors);
    expect([code, report.totals.survived]).toEqual([1, survivors.length]);
  });

  test('in a terminal', async () => {
    const { code, stdout, stderr } = await lockerroom(['mutate', 'page.md', '--jobs', '3'], {
      files: { 'page.md': step("console.log('one');", '```text output\n<any>\n```') },
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^page\.md:11:13: no check notices it when `'one'` becomes `'onex'`\n\d+ mutants of 1 lesson: \d+ noticed, 1 not {2}\d+\.\d s\n$/);
    expect(stderr).toContain('0 of 1 lessons run as they are\n');
  });
});

describe('what none could notice is no mutant', () => {
  test.each([
    ['a call that leaves everything as it was', `${PUT}\nawait kvm.create('A');\nawait nc.flush();`, SAID],
    [
      'two puts in the other order, but for their revisions',
      "const a = await kvm.create('A');\nawait a.put('k', 'v');\nawait a.put('l', 'w');",
      state('buckets: { A: { keys: { k: v, l: w } } }'),
    ],
    [
      'another way to the state that an exercise asks for',
      '// yours\n```\n\n```ts solution\nconst a = await kvm.create("A");\nawait a.put("k", "u");\nawait a.put("k", "v");',
      state('buckets: { A: { keys: { k: v } } }'),
    ],
    ['what is printed differs each time', "console.log('v', Math.random());", '```text output\nv <number>\n```'],
  ])('%s', async (_, code, expectation) => {
    const run = await mutate(['page.md'], { files: { 'page.md': step(code, expectation).replace(/ts\n(?=\/\/ yours)/, 'ts exercise\n') } });
    expect([run.code, run.report.survivors]).toEqual([0, []]);
  });
});

test('each step has one: where nothing of it is to be seen, that it must not throw', async () => {
  const text = '```ts\nlet nothing;\n```\n\n```ts\nthrow new Error("x");\n```\n\n```text error\nError: x\n```\n';
  const { code, report } = await mutate(['page.md'], { files: { 'page.md': text } });
  // That the first step throws; of the second the text of the error; of the fence the name and the message.
  expect([code, report]).toEqual([0, { totals: { mutants: 4, caught: 4, survived: 0 }, survivors: [] }]);
});

test('a mutant that never ends has been noticed', async () => {
  const text = step(
    'for (let i = 0; i < 3; i += 1) console.log(i);\nlet wait = true;\nsetTimeout(() => (wait = false), 1);\nwhile (wait) await new Promise((done) => setTimeout(done, 1));',
    '```text output\n0\n1\n2\n```',
  );
  const { code, report } = await mutate(['page.md'], { files: { 'page.md': text } });
  expect([code, report.survivors]).toEqual([0, []]);
}, 60_000);

test('a lesson that comes after another starts where that one ends', async () => {
  const first = step(PUT, SAID);
  const second = `---\nafter: 01-a\n---\n${page(`\`\`\`ts\nawait (await kvm.open('A')).put('k', 'w');\n\`\`\`\n\n\`\`\`yaml change\nbuckets: { A: { keys: { k: { value: w, revision: 2 } } } }\n\`\`\`\n`)}`;
  const { code, report } = await mutate(['02-b.md'], { files: { '01-a.md': first, '02-b.md': second } });
  expect([code, report.survivors]).toEqual([0, []]);
});

test('a state that takes its time must not be there at once', async () => {
  const code = "const a = await kvm.create('A');\nsetTimeout(() => a.put('k', 'v'), 200);";
  const text = step(code, '```yaml state within=5s\nbuckets: { A: { keys: { k: v } } }\n```');
  const eager = step("await (await kvm.create('A')).put('k', 'v');", '```yaml state within=5s\nbuckets: { A: { keys: { k: v } } }\n```');
  const [late, early] = await Promise.all([text, eager].map((one) => mutate(['page.md'], { files: { 'page.md': one } })));
  expect([late?.code, late?.report.survivors, early?.code, early?.report.survivors]).toEqual([0, [], 0, []]);
}, 60_000);

test('with a line, the step there; it is noticed by those after it too', async () => {
  const text = `${step("const names = ['a', 'b'];")}\n\`\`\`ts\nconsole.log(names.join());\n\`\`\`\n\n\`\`\`text output\na,b\n\`\`\`\n`;
  const { code, report } = await mutate(['page.md:11'], { files: { 'page.md': text } });
  expect([code, report.totals]).toEqual([0, { mutants: 2, caught: 2, survived: 0 }]);
});

describe('where nothing can be said', () => {
  test('a page that does not pass is not mutated: exit 1; the others are', async () => {
    const files = { 'a.md': step("console.log('a');"), 'b.md': step(PUT, SAID) };
    const { code, stderr, report } = await mutate(['.'], { files });
    expect(code).toBe(1);
    expect(stderr).toContain('a.md:10:1: this page does not pass as it is, or not each time, so nothing can be said of it\n  see `lockerroom run a.md`\n');
    expect([report.totals.mutants > 10, report.survivors]).toEqual([true, []]);
  });

  test('an invalid page: exit 2', async () => {
    const { code, stderr, report } = await mutate(['page.md'], { files: { 'page.md': '```ts stepp\n```\n' } });
    expect([code, report]).toEqual([2, { totals: { mutants: 0, caught: 0, survived: 0 }, survivors: [] }]);
    expect(stderr).toContain('page.md:1:7: unknown word `stepp`');
  });

  test('nothing there: exit 2, and no totals of nothing', async () => {
    const { code, stdout, stderr } = await lockerroom(['mutate', 'nowhere.md']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('nowhere.md: there is no such file or folder');
  });

  test('wrong usage: exit 2, and the document all the same', async () => {
    const { code, report } = await mutate(['page.md', '--jobs', 'many'], { files: { 'page.md': '' } });
    expect([code, report.totals.mutants]).toEqual([2, 0]);
  });

  test('a lesson that is skipped is passed over, with the reason', async () => {
    const { code, stderr } = await mutate(['page.md'], { files: { 'page.md': `---\nserver: ">=99"\n---\n${step(PUT, SAID)}` } });
    expect(code).toBe(0);
    expect(stderr).toContain('page.md: is not mutated, because it needs nats-server >=99');
  });
});

test('an interruption leaves nothing', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'mutate-'));
  const code = "import { writeFileSync } from 'node:fs';\nwriteFileSync('begun', '');\nawait new Promise((done) => setTimeout(done, 300));";
  const run = await lockerroom(['mutate', 'page.md'], {
    files: { 'page.md': step(code) },
    env: { TMPDIR: temporary },
    during: (child, folder) => {
      const look = setInterval(() => existsSync(join(folder, 'begun')) && child.kill('SIGINT'), 20);
      child.on('exit', () => clearInterval(look));
    },
  });
  expect([run.code, await readdir(temporary)]).toEqual([130, []]);
  await rm(temporary, { recursive: true });
});
