/** `run --watch` on a terminal: each run on a clean screen, and the keys that it names. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTerminal } from './terminal.ts';

const page = (first: string, second: string) =>
  `# Two\n${[first, second].map((word) => `\n\`\`\`ts\nconsole.log('${word}');\n\`\`\`\n\n\`\`\`text output\n${word}\n\`\`\`\n`).join('')}`;

let folder = '';
let terminal: ReturnType<typeof openTerminal> | null = null;

afterEach(async () => {
  terminal?.child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function watch(...args: string[]) {
  folder = await mkdtemp(join(tmpdir(), 'watch-terminal-'));
  await writeFile(join(folder, 'a.md'), page('1', '2'));
  await writeFile(join(folder, 'b.md'), page('1', '2'));
  terminal = openTerminal(['run', '--watch', '.', ...args], { columns: 100, rows: 30, folder });
  return terminal;
}

const FOOT = 'Watching 2 lessons · a runs all · Enter runs this again · q ends it';
const shownAboveFoot = (text: string) => new RegExp(`${text}[\\s\\S]*${FOOT}`);
const shown = (lines: string[]) =>
  lines
    .join('\n')
    .replace(/\d+ ms|[\d.]+ s\b.*/g, '…')
    .trimEnd();

test('a save, Enter, a: each run has the screen to itself; q ends it with the exit code of what is known', async () => {
  const { child, ended, until } = await watch();
  await until(shownAboveFoot(`4 steps in 2 lessons: 4 passed`));

  await writeFile(join(folder, 'a.md'), page('1', 'two'));
  expect(shown(await until(shownAboveFoot(`Saved: `)))).toBe(
    `Saved: a.md, so this is run: a.md:11\n✓ a.md  1 step, …\n\n1 step in 1 lesson: 1 passed  …\n${FOOT}`,
  );

  child.write('\r');
  expect(shown(await until(shownAboveFoot(`^✓ a.md`)))).toBe(`✓ a.md  1 step, …\n\n1 step in 1 lesson: 1 passed  …\n${FOOT}`);

  await writeFile(join(folder, 'b.md'), page('1', 'three').replace(/three\n```\n$/, 'four\n```\n'));
  await until(shownAboveFoot(`b.md:16:1: `));
  await writeFile(join(folder, 'a.md'), page('1', '2'));
  await until(/1 passed [\s\S]*Still not as the page says: b\.md:11\nWatching/);

  child.write('xa');
  await until(shownAboveFoot(`4 steps in 2 lessons: 3 passed, 1 failed`));
  child.write('q');
  expect(await ended).toBe(1);
});

test('Ctrl-C ends it with 130, though its keys are read one by one', async () => {
  const { child, ended, until } = await watch('--quiet');
  await until(/Watching 2 lessons/);
  child.write('\x03');
  expect(await ended).toBe(130);
});
