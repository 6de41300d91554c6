/** `run --update` on our own workbook: no byte changes; and of copies without expectations it makes pages that pass. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasPart } from '../real-parts.ts';
import { inFolder } from './in-folder.ts';

const LESSONS = join(import.meta.dirname, '../../lessons');
const NAMES = ['01-the-building.md', '03-creating-rooms.md', '04-a-look-inside.md', '12-delete-and-purge.md'];

async function lessons(): Promise<Record<string, string>> {
  return Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await readFile(join(LESSONS, name), 'utf8')] as const)));
}

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

test.runIf(await hasPart('cli'))(
  'pages that pass stay as they are; without expectations they get those that make them pass',
  { timeout: 240_000 },
  async () => {
    const pages = await lessons();
    await inFolder(pages, async (run, folder) => {
      expect(await run('run', '--update', '--twin', 'require', ...NAMES)).toMatchObject({ code: 0 });
      for (const name of NAMES) expect(await readFile(join(folder, name), 'utf8')).toBe(pages[name]);
    });
    const stripped = Object.fromEntries(Object.entries(pages).map(([name, text]) => [name, bare(text)]));
    expect(Object.values(stripped).map(expectations)).toEqual(NAMES.map(() => 0));
    await inFolder(stripped, async (run, folder) => {
      const updated = await run('run', '--update', '--twin', 'require', ...NAMES);
      expect(updated.code).toBe(1);
      expect(updated.stdout).not.toContain('this does not hold');
      const again = await run('run', '--update', '--twin', 'require', ...NAMES);
      expect(again.stdout).not.toContain('brought up to date');
      expect(again.code).toBe(0);
      for (const name of NAMES) expect(expectations(await readFile(join(folder, name), 'utf8'))).toBeGreaterThan(3);
    });
  },
);
