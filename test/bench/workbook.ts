/** The project's own lessons → how long the whole takes beside the sum of its steps. */
import { availableParallelism } from 'node:os';
import { REPOSITORY } from './ground.ts';
import { reportOf, stepDurations } from './report.ts';
import type { Sitting } from './speed.ts';
import { milliseconds, ratio, spread } from './statistics.ts';
import { markdownTable } from './table.ts';

export async function workbookTable({ ground, rounds, say }: Sitting): Promise<string> {
  const cores = availableParallelism();
  const runs: { wall: number; steps: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    say(`the workbook, round ${round} of ${rounds}`);
    const report = await reportOf(['--twin', ground.nats === null ? 'off' : 'require'], REPOSITORY, ground);
    const steps = stepDurations(report).reduce((sum, duration) => sum + duration, 0);
    if (round > 0) runs.push({ wall: report.wall, steps });
  }
  const row = [
    'lockerroom run lessons',
    spread(
      runs.map(({ wall }) => wall),
      milliseconds,
    ),
    spread(
      runs.map(({ steps }) => steps),
      milliseconds,
    ),
    spread(
      runs.map(({ wall, steps }) => wall / (steps / cores)),
      ratio,
    ),
  ];
  return `**The workbook**\n\n${markdownTable(['whole', 'wall, ms', "its steps' own time, ms", `wall ÷ (steps ÷ ${cores} cores)`], [row])}`;
}
