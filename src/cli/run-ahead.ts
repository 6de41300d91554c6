/** `lockerroom run`: its processes are on their way before the code that reads pages is loaded, as both take their time. */
import { statSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { extname, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { startAhead } from '../workbook/ahead.ts';
import type { RunArguments } from './run-arguments.ts';
import type { RunContext } from './run-command.ts';

/** As `runCommand`. */
export async function runAhead(args: RunArguments, context: RunContext): Promise<number> {
  const ahead = await startAhead({ page: firstPage(args.pages, context.folder), server: args.server, onFolder: context.onFolder, signal: context.signal });
  try {
    const { runCommand } = await import('./run-command.ts');
    keepHeapSmall();
    return await runCommand(args, { ...context, ahead });
  } finally {
    await ahead.end();
  }
}

/**
 * The part of the heap for what is short-lived stays small: a fifth less memory, at no cost in time that could be measured. Compiled code, Node's own too, is
 * only good for the flags it was made with: so what is loaded is kept before, and little is loaded after.
 */
function keepHeapSmall(): void {
  flushCompileCache();
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Where the run begins with a file that is named itself; null: only a search can tell. */
function firstPage([argument = '']: string[], folder: string): string | null {
  const path = resolve(folder, argument.replace(/(?<=\.md)(?::\d+){1,2}$/, ''));
  return extname(path) === '.md' && statSync(path, { throwIfNoEntry: false })?.isFile() ? path : null;
}
