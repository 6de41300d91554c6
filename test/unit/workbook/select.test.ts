/** What was named, and the folder where that was typed → the pages, and what they are called in reports. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameOf, selectPages } from '../../../src/workbook/select.ts';

test.each([
  ['/home/me/project/docs/a.md', '/home/me/project', 'docs/a.md'],
  ['/home/me/other/a.md', '/home/me/project', '../other/a.md'],
  ['/tmp/a.md', '/home/me/project', '/tmp/a.md'],
])('%s from %s', (path, folder, name) => {
  expect(nameOf(path, folder)).toBe(name);
});

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'select-test-'));
  for (const name of ['docs/b.md', 'docs/a.md', 'docs/old/c.md', 'docs/[slug].md', 'docs/d.mdx']) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function select(...named: string[]) {
  const { pages, problems } = await selectPages(named, folder, { lessons: null, exclude: ['docs/old/**'], steps: 'all', server: null });
  return { files: pages.map(({ file }) => file), problems: problems.map(({ file, message }) => `${file}: ${message}`) };
}

test('a glob names the pages that match it, sorted, without those that are excluded', async () => {
  expect(await select('docs/**/?.md')).toEqual({ files: ['docs/a.md', 'docs/b.md'], problems: [] });
});

test('a file whose name looks like a glob is that file', async () => {
  expect(await select('docs/[slug].md')).toEqual({ files: ['docs/[slug].md'], problems: [] });
});

test('MDX is taken where it is asked for', async () => {
  expect((await select('docs')).files).not.toContain('docs/d.mdx');
  expect((await select('docs/*.mdx')).files).toEqual(['docs/d.mdx']);
});

test('a glob that no page matches is a problem', async () => {
  expect(await select('guide/*.md')).toEqual({ files: [], problems: ['guide/*.md: no page matches this'] });
});
