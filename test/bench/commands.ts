/** The small commands, and console commands, beside what they cannot be faster than → a table. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBareServer } from './bare-server.ts';
import { type Ground, REPOSITORY } from './ground.ts';
import { type Command, timeCommand } from './processes.ts';
import { reportOf, stepDurations } from './report.ts';
import { interleave, ratios } from './rounds.ts';
import { pageOf, SHAPES, scriptOf } from './shapes.ts';
import type { Sitting } from './speed.ts';
import { median, milliseconds, ratio, spread } from './statistics.ts';
import { markdownTable } from './table.ts';

const HEADINGS = ['command', 'takes, ms', 'bare', 'takes, ms', 'times'];

/** `--help` beside Node itself, `check` beside `tsc` on the same code. */
export async function commandTable(sitting: Sitting): Promise<string> {
  const { ground } = sitting;
  const folder = await ground.folder();
  const command = (argv: string[]): Command => ({ argv, cwd: folder, env: ground.env });
  await writeFile(join(folder, 'page.md'), pageOf(SHAPES.each, 30));
  await writeFile(join(folder, 'page.mts'), scriptOf(SHAPES.each, 30));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const node = process.execPath;
  const pairs = [
    { ours: 'lockerroom --help', bare: 'node -e 0', argv: [ground.lockerroom('--help'), [node, '-e', '0']] },
    {
      ours: 'lockerroom check, 30 steps',
      bare: 'tsc, the same code',
      argv: [ground.lockerroom('check', 'page.md'), [node, join(REPOSITORY, 'node_modules/typescript/bin/tsc')]],
    },
  ];
  const rows: string[][] = [];
  for (const { ours, bare, argv } of pairs) {
    const walls = await interleave(
      argv.map((one) => ({ name: ours, run: async () => (await timeCommand(command(one))).wall })),
      sitting.rounds,
      (round) => sitting.say(`${ours}, round ${round} of ${sitting.rounds}`),
    );
    const [own = [], other = []] = walls.map(({ results }) => results);
    rows.push([ours, spread(own, milliseconds), bare, spread(other, milliseconds), spread(ratios(own, other), ratio)]);
  }
  return `**Other commands**\n\n${markdownTable(HEADINGS, rows)}`;
}

/** As `check` sets them. */
const TSCONFIG = {
  compilerOptions: { target: 'esnext', module: 'nodenext', types: ['node'], strict: true, skipLibCheck: true, noEmit: true },
  files: ['page.mts'],
};

const CONSOLES = 30;

/** A console command in a page beside the same process by itself. */
export async function consoleTable(sitting: Sitting): Promise<string> {
  const { ground } = sitting;
  const { nats } = ground;
  if (nats === null) return '**Console commands**: the `nats` CLI is not here.\n';
  const folder = await ground.folder();
  const fence = '```console\n$ nats kv ls\nNo Key-Value buckets found\n```\n';
  await writeFile(join(folder, 'page.md'), `# Commands\n\n${fence.repeat(CONSOLES)}\n\`\`\`ts\nconst last = 1;\n\`\`\`\n`);
  const measured = await interleave(
    [
      { name: 'page', run: async () => median(stepDurations(await reportOf(['page.md', '--twin', 'require'], folder, ground)).slice(0, CONSOLES)) },
      { name: 'bare', run: () => bareCommand(ground, nats.path) },
    ],
    sitting.rounds,
    (round) => sitting.say(`console commands, round ${round} of ${sitting.rounds}`),
  );
  const [own = [], other = []] = measured.map(({ results }) => results);
  const more = own.map((figure, round) => figure - (other[round] ?? Number.NaN));
  const row = [
    '`$ nats kv ls` in a page, all checks included',
    spread(own, milliseconds),
    '`nats kv ls` by itself',
    spread(other, milliseconds),
    `+ ${spread(more, milliseconds)}`,
  ];
  return `**Console commands** (the median of ${CONSOLES})\n\n${markdownTable([...HEADINGS.slice(0, 4), 'more, ms'], [row])}`;
}

async function bareCommand(ground: Ground, nats: string): Promise<number> {
  const server = await startBareServer(ground);
  try {
    const walls: number[] = [];
    for (let run = 0; run < CONSOLES; run += 1) {
      walls.push((await timeCommand({ argv: [nats, 'kv', 'ls'], cwd: '/', env: { ...ground.env, NATS_URL: server.url } })).wall);
    }
    return median(walls);
  } finally {
    await server.stop();
  }
}
