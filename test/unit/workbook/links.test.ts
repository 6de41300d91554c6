/** Pages in a folder → the links in them that lead nowhere, at line and column. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../../src/types.ts';
import { checkLinks } from '../../../src/workbook/links.ts';

const FILES = { 'b.md': '# The b\n\n# The b\n', 'c d/e.ts': '', 'é.md': '# É\n', 'bytes.md': Uint8Array.from([0xff]) };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'links-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The text is that of a page beside the files, below the heading `Ok`: it begins at line 3. */
function check(text: string): Promise<Problem[]> {
  return checkLinks([{ path: join(folder, 'a.md'), file: 'a.md', text: `# Ok\n\n${text}\n` }]);
}

describe('places', () => {
  const rows: [string, string, string[]][] = [
    ['files and folders that are there', '[a](b.md) [b](./b.md) [c](<c d>) [d](c%20d/e.ts) [e](é.md) ![f](c%20d/e.ts "t") [g](b.md?x=1#y)', []],
    ['headings that are there', '[a](b.md#the-b) [b](b.md#the-b-1) [c](#ok) [d](é.md#é) [e](#top) [f](c%20d/e.ts#L1)', []],
    ['other sites, and the root of this one', '[a](https://x.y/z) [b](mailto:a@b.c) [c](//x.y) [d](/b) <https://x.y>', []],
    ['a page that is not there', '[a](b.md) [b](bb.md)', ['3:11']],
    ['a page without its ending', '[a](b)', ['3:1']],
    ['an image', '![a](b.png)', ['3:1']],
    ['headings that are not there', '[a](b.md#the-c) [b](#nowhere)', ['3:1', '3:17']],
    ['a heading in other letters', '[a](#Ok)', ['3:1']],
    ['in a list, a quote and HTML', '- > x [a](no)\n\n<img src="no.png">', ['3:7', '5:11']],
    ['an anchor of a page that cannot be read', '[a](bytes.md#x)', []],
    ['an empty one', '[a]()', ['3:1']],
    ['a broken escape', '[a](b%zz.md)', ['3:1']],
  ];
  test.each(rows)('%s', async (_, links, places) => {
    const problems = await check(links);
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(places);
    expect(problems.every(({ code, file }) => code === 'link' && file === 'a.md')).toBe(true);
  });
});

describe('what is said', () => {
  const rows: [string, string, string | null][] = [
    ['[a](c)', 'this link leads to c, which is not there', 'a link is seen from the folder of its page'],
    ['[a](b)', 'this link leads to b, which is not there', 'write b.md'],
    ['[a](b.md#the-bb)', 'this link leads to #the-bb, and b.md has no such heading', 'did you mean #the-b?'],
    ['[a](#Ok)', 'this link leads to #Ok, and this page has no such heading', 'did you mean #ok?'],
    ['[a]()', 'this link leads nowhere: it is empty', null],
  ];
  test.each(rows)('%s', async (link, message, advice) => expect(await check(link)).toMatchObject([{ message, advice }]));
});
