/** A file and the folder where the command was typed → what the file is called in reports. */
import { expect, test } from 'vitest';
import { nameOf } from '../../../src/workbook/select.ts';

test.each([
  ['/home/me/project/docs/a.md', '/home/me/project', 'docs/a.md'],
  ['/home/me/other/a.md', '/home/me/project', '../other/a.md'],
  ['/tmp/a.md', '/home/me/project', '/tmp/a.md'],
])('%s from %s', (path, folder, name) => {
  expect(nameOf(path, folder)).toBe(name);
});
