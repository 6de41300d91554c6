import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changedFiles, look } from '../../../src/cli/look.ts';
import { temporaryFolder } from '../server/fakes.ts';

const page = (code: string) => `# Page\n\n\`\`\`ts\n${code}\n\`\`\`\n`;

test('between two looks those files have changed that pages, or their imports, are not any more what they were', async () => {
  const folder = await temporaryFolder();
  const save = (name: string, text: string) => writeFile(join(folder, name), text);
  const see = () => look({ pages: [], grep: null, from: null, bail: false }, folder);
  await mkdir(join(folder, 'lessons'));
  await save('lessons/a.md', page('1;'));
  await save('lessons/b.md', page("import { word } from '../word.ts'; word;"));
  await save('word.ts', "export const word = 'a';");
  const first = await see();
  await save('lessons/notes.txt', 'written by a step');
  expect(changedFiles(first, await see())).toEqual([]);
  await save('lessons/a.md', page('2;'));
  await save('word.ts', "export const word = 'b';");
  await save('lessons/c.md', '# Prose\n');
  const names = ['lessons/a.md', 'word.ts', 'lessons/c.md'].map((name) => join(folder, name));
  expect(new Set(changedFiles(first, await see()))).toEqual(new Set(names));
});
