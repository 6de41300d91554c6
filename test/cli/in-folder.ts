/** Files in a folder of their own → several commands that are typed there, one after the other. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Run, runIn } from './command.ts';

/** The folder is removed afterwards. */
export async function inFolder(files: Record<string, string>, work: (lockerroom: (...args: string[]) => Promise<Run>, folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'cli-test-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    await work((...args) => runIn(folder, args), folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
