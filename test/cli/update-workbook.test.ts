/** `run --update` on a copy of the whole workbook without expectations: it makes pages that pass. That it changes no byte of those that do, see workbook.test.ts. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasPart } from '../real-parts.ts';
import { copyOfLessons } from './lessons-copy.ts';

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

test.runIf(await hasPart('cli'))('without expectations they get those that make them pass', { timeout: 900_000 }, async () => {
  await using copy = await copyOfLessons((_, text) => bare(text));
  const texts = () => Promise.all(copy.names.map((name) => readFile(join(copy.folder, name), 'utf8')));
  expect((await texts()).map(expectations)).toEqual(copy.names.map(() => 0));
  const updated = await copy.lockerroom('run', '.', '--update', '--twin', 'require');
  // By line, as the whole output is too long to be seen in a report.
  expect(updated.stdout.split('\n').filter((line) => /this does not hold|left as it is/.test(line))).toEqual([]);
  expect(updated.code).toBe(1);
  const written = await texts();
  for (const text of written) expect(expectations(text)).toBeGreaterThan(0);
  // They pass, and so another update leaves them as they are.
  const again = await copy.lockerroom('run', '.', '--update', '--twin', 'require');
  expect(again.code, again.stdout).toBe(0);
  expect(await texts()).toEqual(written);
});
