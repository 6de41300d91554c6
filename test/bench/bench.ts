/** `npm run bench -- [--rounds N] [--only NAME,…] [--million]`: what a run costs beside its rivals, as Markdown tables on standard output. Not a test: it judges nothing. */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { commandTable, consoleTable } from './commands.ts';
import { dockerTable } from './docker.ts';
import { describeGround, prepareGround } from './ground.ts';
import { millionTable } from './million.ts';
import { SHAPES } from './shapes.ts';
import { firstRunTable, type Sitting, shapeTable } from './speed.ts';
import { workbookTable } from './workbook.ts';

const PARTS: Record<string, (sitting: Sitting) => Promise<string>> = {
  each: (sitting) => shapeTable(SHAPES.each, sitting.steps ?? [10, 30, 100, 300], sitting),
  three: (sitting) => shapeTable(SHAPES.three, sitting.steps ?? [10, 100, 1_000], sitting),
  first: (sitting) => firstRunTable(30, sitting),
  commands: commandTable,
  console: consoleTable,
  workbook: workbookTable,
  docker: dockerTable,
  million: millionTable,
};

const HOW = `How it is measured: whole processes, from start to end, one contender after the other within a round; each figure is the median (lower–upper quartile) of the rounds, a ratio is taken
within a round. Everybody pays for a nats-server of their own: \`lockerroom\` starts its own, for the others it is started before and ended after, and both are counted in their time. "Processor" is user and
system time of the command, all its descendants and the server; "memory" the largest sum of resident memory of the processes there at the same moment (of \`lockerroom\`: runner, kernel and a small shell), each by itself, and
together, with what several map of the same files, such as Node, counted once.
The page is the same for \`lockerroom\` and zx; the script asserts what is printed, and nothing else.`;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' }, steps: { type: 'string' }, million: { type: 'boolean', default: false } },
});
const names = values.only?.split(',') ?? Object.keys(PARTS).filter((name) => name !== 'million' || values.million);
const unknown = names.filter((name) => PARTS[name] === undefined);
const rounds = Number(values.rounds);
const steps = values.steps?.split(',').map(Number) ?? null;
if (unknown.length > 0 || !(rounds >= 1) || steps?.some((count) => !(count >= 1))) {
  process.stderr.write(`bench: --rounds takes a number from 1, --steps numbers (30,100), --only some of ${Object.keys(PARTS).join(',')}\n`);
  process.exit(2);
}

const ground = await prepareGround();
try {
  const say = (text: string) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  process.stdout.write(
    `${describeGround(ground)}; ${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GB; ${rounds} rounds.\n\n`,
  );
  for (const name of names) {
    const table = await PARTS[name]?.({ ground, rounds, say, steps });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    process.stdout.write(`${table}\n`);
  }
  process.stdout.write(`${HOW}\n`);
} finally {
  await ground.remove();
}
