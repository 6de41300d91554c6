/** `lockerroom new` by the real command: the page that it makes passes, lies where the others are, and takes nobody's place. */
import { describe, expect, test } from 'vitest';
import { lockerroomFiles } from './command.ts';
import { inFolder } from './in-folder.ts';

const OTHER = '# Other\n\n```ts\nconst one = 1;\n```\n';

describe('the page', () => {
  test.each([
    ['as it is', {}],
    ['where the steps are marked', { 'package.json': '{ "lockerroom": { "lessons": ["lessons/*.md"], "steps": "marked" } }' }],
  ])('passes a run, twin and all, and a check: %s', async (_, files) => {
    await inFolder(files, async (lockerroom) => {
      const made = await lockerroom('new', 'Counting', 'keys');
      expect(made).toEqual({
        code: 0,
        stdout:
          'lessons/counting-keys.md is there: "Counting keys", a page with one of each thing that a lesson is made of. It passes; make it yours:\n\n  npx lockerroom run lessons/counting-keys.md --watch\n',
        stderr: '',
      });
      const run = await lockerroom('run', '--twin', 'require', '--reporter', 'json');
      expect(JSON.parse(run.stdout)).toMatchObject({
        ok: true,
        totals: { lessons: 1, steps: 4, passed: 4, twins: 1 },
        lessons: [
          { title: 'Counting keys', steps: [{ title: 'Build a room' }, { title: 'Fill a locker' }, { title: 'Your turn: clean socks' }, { title: 'Close' }] },
        ],
      });
      expect(await lockerroom('check')).toEqual({ code: 0, stdout: '1 page with 4 steps: all in order\n', stderr: '' });
    });
  });

  test('no check of it sleeps', async () => {
    await inFolder({}, async (lockerroom) => {
      await lockerroom('new', 'Counting keys');
      const { stdout, code } = await lockerroom('mutate', '--reporter', 'json');
      expect(JSON.parse(stdout)).toMatchObject({ totals: { survived: 0 }, survivors: [] });
      expect(code).toBe(0);
    });
  });
});

describe('where it is made', () => {
  const config = (lessons: string) => ({ 'package.json': `{ "lockerroom": { "lessons": ["${lessons}"] } }` });
  const rows: [string, Record<string, string>, string, string][] = [
    ['in a project without any', {}, 'Counting keys', 'lessons/counting-keys.md'],
    [
      'after the last number',
      { 'lessons/08-a.md': OTHER, 'lessons/09-b.md': OTHER, 'lessons/README.md': 'Hello' },
      'Counting keys',
      'lessons/10-counting-keys.md',
    ],
    ['with as many digits as the others', { 'lessons/007-a.md': OTHER }, 'x', 'lessons/008-x.md'],
    ['where most pages have no number', { 'lessons/a.md': OTHER, 'lessons/b.md': OTHER, 'lessons/2024-news.md': OTHER }, 'x', 'lessons/x.md'],
    ['with the number that was typed', { 'lessons/01-a.md': OTHER }, '05-x', 'lessons/05-x.md'],
    ['in the folder of the configuration', { ...config('docs/**/*.md'), 'docs/intro.md': OTHER }, 'Counting keys', 'docs/counting-keys.md'],
    ['beside the page that the configuration names', { ...config('docs/guide.md'), 'docs/guide.md': OTHER }, 'x', 'docs/x.md'],
    ['in a folder that is named', { 'guides/01-a.md': OTHER }, 'guides/Counting keys.md', 'guides/02-counting-keys.md'],
    ['in letters of any language', {}, 'Où est la clé n° 7 ?', 'lessons/où-est-la-clé-n-7.md'],
    ['signs fall away', {}, '  "C++" & <b>: `$(rm -rf *)` #1', 'lessons/c-b-rm-rf-1.md'],
  ];
  test.each(rows)('%s', async (_, files, name, file) => {
    const { code, stderr, files: made } = await lockerroomFiles(['new', name], [file], { files });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(made[file]).toMatch(/^---\ntitle: /);
  });

  test('a title is told as it was typed, and passes whatever signs it has', async () => {
    await inFolder({}, async (lockerroom) => {
      expect((await lockerroom('new', '# <Keys>: "a" & `b` | *c* --- {d}')).code).toBe(0);
      expect((await lockerroom('new', '1e3')).code).toBe(0);
      const { stdout } = await lockerroom('run', '--reporter', 'json');
      const { lessons } = JSON.parse(stdout) as { lessons: { title: string; status: string }[] };
      expect(lessons.map(({ title, status }) => [title, status])).toEqual([
        ['1e3', 'passed'],
        ['# <Keys>: "a" & `b` | *c* --- {d}', 'passed'],
      ]);
    });
  });

  test('a page that the configuration does not find is said to be none of them', async () => {
    const { stdout } = await lockerroomFiles(['new', 'guides/x'], [], { files: { ...config('docs/*.md'), 'docs/a.md': OTHER, 'guides/a.txt': '' } });
    expect(stdout).toContain('guides/x.md --watch\n\n"lockerroom.lessons" in package.json does not name it, so it is run only by its name.\n');
  });
});

test.each<[string, string[], RegExp]>([
  ['no name', [], /missing required argument 'name'/],
  ['an empty name', [''], /a page needs a name/],
  ['blanks', ['  '], /a page needs a name/],
  ['only signs', ['?!'], /has no letter and no digit/],
  ['the folder above', ['../x'], /leads elsewhere/],
  ['a way out', ['a/../../x'], /leads elsewhere/],
  ['dots', ['..'], /leads elsewhere|no letter/],
  ['an absolute path', ['/tmp/x'], /leads elsewhere/],
  ['a folder that is not there', ['nowhere/x'], /the folder nowhere is not there\n {2}make it first/],
  ['two lines', ['a\nb'], /one line of text/],
  ['a name that no file can have', ['x'.repeat(300)], /too long/],
  ['a page that is there', ['other'], /there is a page of this name: lessons\/01-Other\.md\n {2}nothing is overwritten/],
  ['an unknown flag', ['x', '--force'], /unknown option '--force'/],
])('%s is exit 2, and nothing is made', async (_, args, message) => {
  const { code, stdout, stderr, files } = await lockerroomFiles(['new', ...args], ['lessons/01-Other.md', 'lessons/02-other.md'], {
    files: { 'lessons/01-Other.md': OTHER },
  });
  expect({ code, stdout, files }).toEqual({ code: 2, stdout: '', files: { 'lessons/01-Other.md': OTHER, 'lessons/02-other.md': null } });
  expect(stderr).toMatch(message);
});
