/** A shape with some numbers of steps → a table of the contenders as whole processes. */
import { type Contender, contendersOf, firstRun, OURS } from './contenders.ts';
import type { Ground } from './ground.ts';
import type { Memory } from './processes.ts';
import { interleave, type Measured, ratios } from './rounds.ts';
import { SHAPES, type Shape } from './shapes.ts';
import { median, megabytes, milliseconds, ratio, spread } from './statistics.ts';
import { markdownTable } from './table.ts';

export interface Sitting {
  ground: Ground;
  rounds: number;
  /** Instead of a shape's own; null: those. */
  steps: number[] | null;
  /** Says what is being measured. */
  say: (text: string) => void;
}

const HEADINGS = ['steps, contender', 'wall, ms', 'lockerroom takes … times this', 'processor, ms', 'memory, MB: each by itself / together / the server'];

/** With the slopes, where there are numbers of steps to take them from. */
export async function shapeTable(shape: Shape, counts: number[], sitting: Sitting): Promise<string> {
  const rows: string[][] = [];
  const walls = new Map<string, { steps: number; wall: number }[]>();
  for (const steps of counts) {
    const contenders = await contendersOf(shape, steps, sitting.ground);
    const { times, memories } = await measure(contenders, `${shape.name}: ${steps} steps`, sitting);
    rows.push(...rowsOf(steps, times, memories));
    for (const { name, results } of times) walls.set(name, [...(walls.get(name) ?? []), { steps, wall: median(results.map(({ wall }) => wall)) }]);
  }
  return `**${capital(shape.name)}**\n\n${markdownTable(HEADINGS, rows)}${slopes(walls)}`;
}

/** Right after an installation, beside what a warm zx takes. */
export async function firstRunTable(steps: number, sitting: Sitting): Promise<string> {
  const { ground } = sitting;
  const all = await contendersOf(SHAPES.each, steps, ground);
  const contenders = [await firstRun(SHAPES.each, steps, ground), ...all.filter(({ name }) => name.startsWith('zx'))];
  const { times, memories } = await measure(contenders, `the very first run: ${steps} steps`, sitting);
  return `**The very first run after an installation** (no compiled code in the cache)\n\n${markdownTable(HEADINGS, rowsOf(steps, times, memories))}`;
}

async function measure(contenders: Contender[], title: string, { rounds, say }: Sitting) {
  const times = await interleave(
    contenders.map(({ name, time }) => ({ name, run: time })),
    rounds,
    (round) => say(`${title}, round ${round} of ${rounds}`),
  );
  say(`${title}, memory`);
  const memories = new Map<string, Memory>();
  for (const { name, memory } of contenders) memories.set(name, await memory());
  return { times, memories };
}

function rowsOf(steps: number, times: Measured<{ wall: number; cpu: number }>[], memories: Map<string, Memory>): string[][] {
  const wallsOf = ({ results }: (typeof times)[number]) => results.map(({ wall }) => wall);
  const ours = times.find(({ name }) => name.startsWith(OURS));
  return times.map((one) => {
    const memory = memories.get(one.name);
    return [
      `${steps}, ${one.name}`,
      spread(wallsOf(one), milliseconds),
      ours === undefined || one === ours ? '' : spread(ratios(wallsOf(ours), wallsOf(one)), ratio),
      milliseconds(median(one.results.map(({ cpu }) => cpu))),
      memory === undefined ? '' : `${megabytes(memory.others)} / ${megabytes(memory.together)}${memory.servers > 0 ? ` / ${megabytes(memory.servers)}` : ''}`,
    ];
  });
}

/** What each further step costs, between one number of steps and the next. */
function slopes(walls: Map<string, { steps: number; wall: number }[]>): string {
  const points = [...walls.values()][0] ?? [];
  if (points.length < 2) return '';
  const headings = ['a further step, ms', ...points.slice(1).map(({ steps }, index) => `from ${points[index]?.steps} to ${steps}`)];
  const rows = [...walls].map(([name, own]) => [
    name,
    ...own.slice(1).map(({ steps, wall }, index) => {
      const before = own[index] ?? { steps: 0, wall: 0 };
      return ((wall - before.wall) / (steps - before.steps)).toFixed(2);
    }),
  ]);
  return `\n${markdownTable(headings, rows)}`;
}

function capital(text: string): string {
  return text[0]?.toUpperCase() + text.slice(1);
}
