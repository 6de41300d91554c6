/** `lockerroom check`: pages → all that is wrong with them, at line and column, and nothing left behind. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type JsonReport, lockerroom, page } from './command.ts';

const LESSONS = join(import.meta.dirname, '../../lessons');

type Files = Record<string, string | Uint8Array>;

/** The places and codes of all problems, as `FILE:LINE:COLUMN code`. */
async function check(files: Files, args: string[] = ['.']): Promise<{ code: number | null; ok: boolean; problems: string[] }> {
  const { code, stdout } = await lockerroom(['check', ...args, '--reporter', 'json'], { files });
  const { ok, problems } = JSON.parse(stdout) as Pick<JsonReport, 'ok' | 'problems'>;
  return {
    code,
    ok,
    problems: problems.map((one) => `${[one.file ?? 'lockerroom', one.line, one.column].filter((part) => part !== null).join(':')} ${one.code}`),
  };
}

describe.concurrent('the shipped lessons', () => {
  test('are in order', async () => {
    const { code, stdout, stderr } = await lockerroom(['check', LESSONS]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+ pages with \d+ steps: all in order\n$/);
  });

  test('a type broken in one step, and a link, are found at line and column', async () => {
    const names = await readdir(LESSONS);
    const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(LESSONS, name), 'utf8')] as const)));
    const name = '03-creating-rooms.md';
    const broken = files[name]?.replace("kvm.create('Bucket1')", 'kvm.create(5)').replace('(04-a-look-inside.md)', '(04-a-look-insid.md)') ?? '';
    const placeOf = (text: string) => {
      const before = broken.slice(0, broken.indexOf(text)).split('\n');
      return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    };
    const type = placeOf('5)');
    const link = placeOf('[the next page]');
    expect(await check({ ...files, [name]: broken })).toEqual({
      code: 2,
      ok: false,
      problems: [`${name}:${type.line}:${type.column} type`, `${name}:${link.line}:${link.column} link`],
    });
  });
});

const ok = '# Ok\n\n```ts\nconsole.log(1);\n```\n\n```text output\n1\n```\n';

describe.concurrent('what is found, all at once', () => {
  const rows: [string, Files, string[]][] = [
    ['nothing', { 'a.md': page('```ts\nkvm.list();\n```\n') }, []],
    ['a wrong argument, in a later step', { 'a.md': page('```ts\nkvm.create(5);\n```\n') }, ['a.md:11:12 type']],
    ['a syntax error, with the types of the others', { 'a.md': '```ts\nconst a = (;\n```\n\n```ts\n1 .foo;\n```\n' }, ['a.md:2:12 step', 'a.md:6:4 type']],
    ['TypeScript that is more than types', { 'a.md': '```ts\nenum A { B }\n```\n' }, ['a.md:2:1 step']],
    ['a syntax error in JavaScript', { 'a.md': '```js\nconst a = (;\n```\n' }, ['a.md:2:12 step']],
    [
      'a broken starter, and a type in its solution',
      { 'a.md': '```ts exercise\nlet a = ;\n```\n\n```ts solution\nlet a: 1 = 2;\n```\n\n```text output\n```\n' },
      ['a.md:2:9 step', 'a.md:6:5 type'],
    ],
    ['an assignment to a name of another step, once', { 'a.md': '```ts\nlet a = 1;\n```\n\n```ts\na = 2;\n```\n' }, ['a.md:6:1 step']],
    ['format, types and links of one page', { 'a.md': '[x](y)\n\n```ts stp\n1 .foo;\n```\n' }, ['a.md:1:1 link', 'a.md:3:7 fence', 'a.md:4:4 type']],
    ['a state that is not one', { 'a.md': '```ts\n1;\n```\n\n```yaml state\nbukets: {}\n```\n' }, ['a.md:6:1 state']],
    ['an `after` that is not there', { 'a.md': `---\nafter: gone\n---\n${ok}` }, ['a.md:2:1 after']],
    ['a circle', { 'a.md': `---\nafter: b\n---\n${ok}`, 'b.md': `---\nafter: a\n---\n${ok}` }, ['a.md:2:1 after', 'b.md:2:1 after']],
    ['bytes that are not UTF-8', { 'a.md': Uint8Array.from([0x61, 0xff]), 'b.md': ok }, ['a.md:1:2 unreadable']],
    ['no word that needs a server', { 'a.md': '```console\n$ nats -h\n```\n\n```ts fault="restart-server"\n1;\n```\n' }, []],
    ['names of another lesson', { 'a.md': '```ts\nconst a = 1;\n```\n', 'b.md': '---\nafter: a\n---\n\n```ts\na;\n```\n' }, ['b.md:6:1 type']],
    ['pages in the order of their names', { 'b.md': '```ts\n1 .foo;\n```\n', 'a.md': '```ts\n1 .foo;\n```\n' }, ['a.md:2:4 type', 'b.md:2:4 type']],
    ['the configuration', { 'package.json': '{"lockerroom":{"lesson":[]}}', 'a.md': ok }, ['package.json configuration']],
    ['no lesson at all', { 'a.md': '# Prose\n' }, ['lockerroom not-found']],
  ];
  test.each(rows)('%s', async (_, files, problems) => {
    expect(await check(files)).toEqual({ code: problems.length === 0 ? 0 : 2, ok: problems.length === 0, problems });
  });
});

describe.concurrent('how it is said', () => {
  test('each problem begins with its place, and one line sums up', async () => {
    const { code, stdout, stderr } = await lockerroom(['check', '.'], {
      files: { 'a.md': '```ts\n1 .foo;\nlater;\n```\n\n```ts\nconst later = 1;\n```\n', 'b.md': ok },
    });
    expect(code).toBe(2);
    expect(stderr).toBe(
      "a.md:2:4: TS2339: Property 'foo' does not exist on type '1'.\n" +
        "a.md:3:1: TS2304: Cannot find name 'later'.\n  `later` is declared further down, by the step at line 6\n",
    );
    expect(stdout).toBe('1 of 2 pages (1 of 3 steps) in order; 2 problems\n');
  });

  test('links are seen from the folder of their page, wherever the command is typed', async () => {
    const files = { 'b.md': '# The b\n', 'deep/f.md': `${ok}\n[up](../b.md#the-b) [gone](b.md)\n` };
    expect((await check(files, ['deep'])).problems).toEqual(['deep/f.md:11:21 link']);
  });

  test('JSON for wrong usage too', async () => {
    const { code, stdout } = await lockerroom(['check', '--nothing', '--reporter', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ ok: false, problems: [expect.objectContaining({ code: 'usage' })] });
  });

  test('two reporters, one into a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'check-'));
    const { code, stdout } = await lockerroom(['check', 'a.md', '--reporter', 'terminal', '--reporter', `json:${folder}/r.json`], { files: { 'a.md': ok } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1 page with 1 step: all in order\n' });
    expect(JSON.parse(await readFile(join(folder, 'r.json'), 'utf8'))).toEqual({ ok: true, problems: [] });
    await rm(folder, { recursive: true });
  });

  test('--help', async () => {
    const { code, stdout } = await lockerroom(['check', '--help']);
    expect(code).toBe(0);
    for (const word of ['--reporter', 'Examples:', 'Exit codes:']) expect(stdout).toContain(word);
  });

  test('escapes in a page never reach the terminal', async () => {
    const { stderr } = await lockerroom(['check', 'a.md'], { files: { 'a.md': `${ok}\n[a](\u001b]0;x\u0007b) <a href="\u001b[31mc">\n` } });
    expect(stderr).toMatch(/which is not there/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
    expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });
});

describe.concurrent('nothing is left behind', () => {
  const files = { 'a.md': page('```ts\nkvm.create(5);\n```\n') };

  test('after problems', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'check-'));
    const { code } = await lockerroom(['check', '.'], { files, env: { TMPDIR: temporary } });
    expect(code).toBe(2);
    expect(await readdir(temporary)).toEqual([]);
    await rm(temporary, { recursive: true });
  });

  test('after Ctrl-C, which is exit 130', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'check-'));
    const during = async (child: { kill: (signal: NodeJS.Signals) => boolean }) => {
      const deadline = Date.now() + 20_000;
      while (Date.now() < deadline && !(await readdir(temporary)).some((name) => name.startsWith('lockerroom-'))) await new Promise(setImmediate);
      child.kill('SIGINT');
    };
    const { code, stdout } = await lockerroom(['check', '.'], { files, env: { TMPDIR: temporary }, during });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(await readdir(temporary)).toEqual([]);
    await rm(temporary, { recursive: true });
  });
});

test('code that is more than types has its types checked all the same', async () => {
  const page = '# T\n\n```ts\nconst a: number = "x"; enum F { A }\nconsole.log(a, F.A);\n```\n';
  const { code, stderr } = await lockerroom(['check', 't.md'], { files: { 't.md': page } });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^t\.md:4:7: TS2322: .*\nt\.md:4:24: an enum is more than types/);
});
