/** `run --update` on copies of our own lessons without expectations: it makes pages that pass. That it changes no byte of those that do, see workbook.test.ts. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasPart } from '../real-parts.ts';
import { copyOfLessons } from './lessons-copy.ts';

/**
 * Among them what differs each time, what comes by itself, what is thrown, answers at prompts, and a page that comes after others. Not 06: the sizes and blanks
 * that its commands print can be the same three times and another one the fourth, of which `--update` can only say that it does not hold each time.
 */
const NAMES = [
  '01-the-building.md',
  '12-delete-and-purge.md',
  '17-time-to-live.md',
  '18-time-to-live-of-a-key.md',
  '21-mirrors-and-sources.md',
  '26-from-v2-to-v3.md',
];

/** Without `output`, `error`, `state` and `change`; of `console` only the commands. */
function bare(page: string): string {
  return page
    .replace(/^```\w+ (?:output|error|state|change)\b[\s\S]*?^```\n\n?/gm, '')
    .replace(/^(```console(?!.*no-run).*\n)([\s\S]*?)^```$/gm, (_, open: string, text: string) => {
      let continues = false;
      const commands = text.split('\n').filter((line) => {
        continues = line.startsWith('$ ') || (continues && /^>( |$)/.test(line));
        return continues;
      });
      return `${open}${commands.map((line) => `${line}\n`).join('')}\`\`\``;
    });
}

const expectations = (page: string) => [...page.matchAll(/^```\w+ (?:output|error|state|change)\b/gm)].length;

test.runIf(await hasPart('cli'))('without expectations they get those that make them pass', { timeout: 400_000 }, async () => {
  const without = (name: string, text: string) => (NAMES.includes(name) ? bare(text) : text);
  await using copy = await copyOfLessons(without);
  const texts = () => Promise.all(NAMES.map((name) => readFile(join(copy.folder, name), 'utf8')));
  expect((await texts()).map(expectations)).toEqual(NAMES.map(() => 0));
  const updated = await copy.lockerroom('run', '--update', '--twin', 'require', ...NAMES);
  expect(updated.stdout).not.toMatch(/this does not hold|left as it is/);
  expect(updated.code).toBe(1);
  const written = await texts();
  for (const text of written) expect(expectations(text)).toBeGreaterThan(3);
  // They pass, and so another update leaves them as they are.
  const again = await copy.lockerroom('run', '--update', '--twin', 'require', ...NAMES);
  expect(again.code, again.stdout).toBe(0);
  expect(await texts()).toEqual(written);
});
