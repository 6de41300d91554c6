/** What may be typed behind `lockerroom mutate`, and what is then done. */
import { availableParallelism } from 'node:os';
import type { TwinMode } from '../workbook/programs.ts';
import { type CommandSpec, type ReporterSpec, reporterOption, reportersOf, twinMode, wholeNumber } from './options.ts';

export interface MutateArguments {
  pages: string[];
  reporters: ReporterSpec[];
  jobs: number;
  grep: string | null;
  twin: TwinMode;
}

/** What `mutate --reporter json` prints (design §4). */
export interface MutateDocument {
  totals: { mutants: number; caught: number; survived: number };
  survivors: { file: string; line: number; column: number; mutation: string }[];
}

/** How many mutants run side by side: fewer than lessons would, as their steps have less time than those have. */
const JOBS = 2 * availableParallelism();

const MUTATE_EXAMPLES = `
Makes one thing on a page otherwise and runs it: a call is dropped, a literal changed, two calls swapped, an \`await\` dropped,
another output, error, state or exit code demanded. What no check notices is reported: there the page would not notice a lie.

Examples:
  lockerroom mutate                                all lessons of this project
  lockerroom mutate lessons/03-creating-rooms.md   one lesson
  lockerroom mutate lessons/03-creating-rooms.md:40   the step at line 40
  lockerroom mutate --reporter json                { "totals", "survivors" }

Exit codes: 0 each one was noticed, 1 one was not, or a page does not pass as it is, 2 wrong usage or an invalid lesson,
3 the environment (no nats-server), 130 Ctrl-C, 70 a defect of lockerroom itself.`;

export const MUTATE: CommandSpec = {
  name: 'mutate',
  declare(command, choose) {
    reporterOption(
      command
        .description('break each step and each expectation in turn, and report what no check notices')
        .argument('[pages...]', 'files, FILE:LINE or folders (default: the lessons of package.json, else lessons/)'),
    )
      .option('--grep <text>', 'only steps whose title holds the text')
      .option('--jobs <n>', 'how many run side by side', wholeNumber, JOBS)
      .option('--twin <mode>', 'console fences: auto (where the nats CLI is found), require or off', twinMode, 'auto')
      .addHelpText('after', MUTATE_EXAMPLES)
      .action((pages: string[], { reporter, jobs, grep = null, twin }) => {
        const args: MutateArguments = { pages, reporters: reportersOf(reporter), jobs, grep, twin };
        choose(async (context) => (await import('./mutate-command.ts')).mutateCommand(args, context));
      });
  },
  failed: (): MutateDocument => ({ totals: { mutants: 0, caught: 0, survived: 0 }, survivors: [] }),
};
