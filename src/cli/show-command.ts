/** `lockerroom show`: a page's step, or a server → the building that is drawn of what is there, once or again and again. */
import { setTimeout as delay } from 'node:timers/promises';
import { drawBuilding } from '../building/draw.ts';
import { describeBuilding } from '../building/plain.ts';
import { buildingOf } from '../building/rooms.ts';
import { EXIT } from '../errors.ts';
import { createColors } from '../report/colors.ts';
import { printable } from '../report/printable.ts';
import type { Observer } from '../types.ts';
import type { RunContext } from './run-command.ts';
import { Screen } from './screen.ts';
import type { ShowArguments } from './show-arguments.ts';
import { openSource } from './show-sources.ts';

/** A room shows so many lockers, but with `--all`. */
const MOST_LOCKERS = 12;
/** Columns where there is no terminal that says how many it has. */
const COLUMNS = 80;
/** How often a server is looked at, in milliseconds; a look costs it less than one. */
const LOOK_EVERY = 250;

/** What is drawn. */
export interface Source {
  /** The line above the drawing. */
  title: string;
  /** Has read the state. */
  observer: Observer;
  /** Null while there is a connection; without one nobody needs to be asked. */
  away: () => string | null;
  /** The exit code where nothing goes wrong any more. */
  code: number;
  close(): Promise<void>;
}

/** Answers with the exit code. Rejects with a ProblemError where there is nothing that could be drawn, and for defects of ours. */
export async function showCommand(args: ShowArguments, context: RunContext): Promise<number> {
  const { signal } = context;
  try {
    const source = await openSource(args, context);
    if (typeof source === 'number') return source;
    try {
      if (args.watch) await watch(source, args, context);
      else
        context.streams.stdout.write(
          frameOf(source, args, context)
            .map((line) => `${line}\n`)
            .join(''),
        );
      return signal.aborted ? EXIT.interrupted : source.code;
    } finally {
      await source.close();
    }
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  }
}

/** Until the signal, or until nobody looks any more. A server that does not answer is waited for, and that is said. */
async function watch(source: Source, args: ShowArguments, context: RunContext): Promise<void> {
  const { streams, signal } = context;
  const screen = new Screen(streams.stdout);
  let silence: string | null = null;
  const note = (error: unknown) => {
    silence = source.away() ?? (error instanceof Error ? error.message : String(error));
    return null;
  };
  const aborted = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
  screen.draw(frameOf(source, args, context));
  while (!signal.aborted && !streams.stdout.gone) {
    await delay(LOOK_EVERY, undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    const before = silence;
    silence = source.away();
    const delta = silence === null ? await Promise.race([source.observer.read().catch(note), aborted]) : null;
    const changed = silence !== before || (delta !== null && (delta.buckets.length > 0 || delta.streams.added.length > 0 || delta.streams.removed.length > 0));
    if (changed || screen.isResized) screen.draw(frameOf(source, args, context, silence));
  }
}

function frameOf({ title, observer }: Source, { plain, all }: ShowArguments, { streams: { stdout } }: RunContext, silence: string | null = null): string[] {
  const colors = createColors(stdout.colors);
  const building = buildingOf(observer.state, all ? null : MOST_LOCKERS);
  const lines = plain ? describeBuilding(building) : drawBuilding(building, { columns: stdout.columns ?? COLUMNS, colors });
  const note = silence === null ? [] : ['', colors.red(printable(`What was there when it was last seen: ${silence}`))];
  return [plain ? printable(title) : colors.bold(printable(title)), '', ...lines, ...note];
}
