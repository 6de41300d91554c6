/** `lockerroom` alone: in a folder without lessons of its own the workbook that comes with it is verified, elsewhere the help is printed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../errors.ts';
import { nameOf } from '../workbook/select.ts';
import { SHIPPED_LESSONS } from './manifest.ts';
import type { Perform } from './options.ts';
import type { RunContext } from './run-command.ts';

/** `run` verifies the workbook. Answers with the exit code. */
export async function bareCommand(help: string, run: Perform, context: RunContext): Promise<number> {
  const { folder, streams, version } = context;
  if (hasLessons(folder)) {
    streams.stdout.write(help);
    return EXIT.passed;
  }
  const shipped = nameOf(SHIPPED_LESSONS, folder);
  streams.stdout.write(`There are no lessons here, so the workbook of lockerroom ${version} is verified: ${shipped} (see also: lockerroom --help)\n\n`);
  return run(context);
}

/** Its own lessons, or a word in its package.json on where they are. */
function hasLessons(folder: string): boolean {
  if (existsSync(join(folder, 'lessons'))) return true;
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return Object(manifest).lockerroom !== undefined;
  } catch {
    return false;
  }
}
