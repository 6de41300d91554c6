/** What may be typed behind `lockerroom run`, and what is then done. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import { exitCodeOf } from '../errors.ts';
import { jsonDocument } from '../report/json.ts';
import type { OwnServer } from '../workbook/own-server.ts';
import type { ServerChoice, TwinMode } from '../workbook/programs.ts';
import { LOCAL, readServerChoice, WHAT_A_SERVER_IS } from '../workbook/server-choice.ts';
import { connectionOptions, ownServerOf, refuseOwn } from './connection-options.ts';
import { checkMatrix, matrixVersions } from './matrix-arguments.ts';
import { type CommandSpec, REPORTER_NAMES, type ReporterSpec, reporterOption, reportersOf, twinMode, wholeNumber } from './options.ts';

export interface RunArguments {
  pages: string[];
  reporters: ReporterSpec[];
  bail: boolean;
  jobs: number;
  grep: string | null;
  from: number | null;
  twin: TwinMode;
  server: ServerChoice;
  keep: boolean;
  failOnSkip: boolean;
  /** Writes what happened into the pages, or beside them. */
  update: 'write' | 'propose' | null;
  quiet: boolean;
  /** A server of one's own, on which the lessons run; null: private ones. */
  own: OwnServer | null;
}

/** How many lessons run side by side: most of their time they wait, for a server to start, a value to expire, a leader to be chosen. */
const JOBS = 3 * availableParallelism();

const RUN_EXAMPLES = `
Examples:
  lockerroom run                                   all lessons of this project
  lockerroom run lessons/03-creating-rooms.md      one lesson
  lockerroom run lessons/03-creating-rooms.md:40   up to the step at line 40, and judge that one
  lockerroom run docs --jobs 1 --bail              a folder, one lesson after the other, to the first failure
  lockerroom run --reporter terminal --reporter json:report.json
  lockerroom run --matrix 2.10,2.12.6,2.15         on the newest 2.10, on 2.12.6 and on the newest 2.15
  lockerroom run --grep compression --keep         leave the server running where a step fails
  lockerroom run docs --update                     write into the pages what happened; git diff shows it
  lockerroom run docs --watch                      again on each save, from the first step that it changes
  lockerroom run --server docker:2.12              in containers of the image nats:2.12

Exit codes: 0 all passed, 1 a step failed or errored, 2 wrong usage or an invalid lesson,
3 the environment (no nats-server, no Docker), 130 Ctrl-C, 70 a defect of lockerroom itself. With --matrix the highest of all versions.

With --matrix the json reporter prints { lockerroom, ok, durationMs, matrix: [{ asked, version, … }], problems }: for each version
the document of a run on it alone, whose problems are its own; those of pages and arguments stand at the end.`;

export const RUN: CommandSpec = {
  name: 'run',
  declare(command, choose) {
    reporterOption(
      connectionOptions(command)
        .description('verify lessons: run every step on a private nats-server and check what it printed and what the server holds')
        .argument('[pages...]', 'files, FILE:LINE or folders (default: the lessons of package.json, else lessons/)'),
      REPORTER_NAMES,
    )
      .option('--grep <text>', 'only steps whose title holds the text')
      .option('--from <line>', 'only steps from this line on', wholeNumber)
      .option('--bail', 'end at the first failure', false)
      .option('--jobs <n>', 'how many lessons run side by side', wholeNumber, JOBS)
      .addOption(
        new Option(
          '--server <where>',
          'auto or local: a private server; docker[:TAG]: in containers; nats:// or tls://HOST:PORT: your own, whose account must be empty',
        )
          .argParser(checkServer)
          .default('auto'),
      )
      .option('--twin <mode>', 'console fences: auto (where the nats CLI is found), require or off', twinMode, 'auto')
      .option('--keep', 'after a failure leave server and store, and print how to reach them', false)
      .option('--fail-on-skip', 'exit with 1 where anything was skipped', false)
      .option('--matrix <versions>', 'on each of these nats-servers, installed where they are missing, and a table of lesson by version', matrixVersions)
      .option('--watch', 'run again what a save changes, until Ctrl-C', false)
      .option(
        '--update [=propose]',
        'write what happened into the pages and keep every matcher that still matches; with =propose into FILE.corrected',
        updateMode,
      )
      .option('--quiet', 'say only what is not as it should be', false)
      .addHelpText('after', RUN_EXAMPLES);
    command.action((pages: string[], options) => {
      const { reporter, grep = null, from = null, bail, jobs, twin, keep, failOnSkip, update = null, quiet, watch, server, matrix = null, ...given } = options;
      const args = { pages, reporters: reportersOf(reporter), bail, jobs, grep, from, twin, keep, failOnSkip, update, quiet };
      if (watch) checkWatch(args);
      if (matrix !== null) checkMatrix(args, { watch, server: serverChoice(server) ?? server, given });
      choose(async (context) => {
        const choice = serverChoice(server);
        if (choice !== null && server !== 'auto') refuseOwn(`--server ${server}`, given);
        const own = ownServerOf(choice === null ? server : null, given);
        const all: RunArguments = { ...args, own, server: choice ?? LOCAL };
        if (matrix !== null) return (await import('./matrix-command.ts')).matrixCommand(all, matrix, context);
        if (watch) return (await import('./watch-command.ts')).watchCommand(all, context);
        // On a server of one's own there is nothing to start before the pages are read.
        if (own !== null) return (await import('./run-command.ts')).runCommand(all, context);
        return (await import('./run-ahead.ts')).runAhead(all, context);
      });
    });
  },
  failed: (problem, version) =>
    jsonDocument({ version, exitCode: exitCodeOf(problem), server: null, duration: 0, lessons: [], problems: [problem], notes: [] }),
};

/** What cannot be together with `--watch`. */
function checkWatch({ reporters, keep, update }: Pick<RunArguments, 'reporters' | 'keep' | 'update'>): void {
  const document = reporters.find(({ name, file }) => file === null && name !== 'terminal');
  if (document !== undefined)
    throw new InvalidArgumentError(
      `error: with --watch standard output is for people; give the ${document.name} reporter a file, which each run writes anew: --reporter ${document.name}:FILE`,
    );
  if (update !== null)
    throw new InvalidArgumentError('error: --update would write while you do, with --watch; run it by itself when the page does what it should');
  if (keep) throw new InvalidArgumentError('error: --keep would leave a server for each run of --watch; leave one of the two out');
}

/** `--update` alone is `--update=write` here: what follows it is a page. */
export function spellUpdate(argv: string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, at) => (word === '--update' && (end === -1 || at < end) ? '--update=write' : word));
}

function updateMode(value: string): RunArguments['update'] {
  if (value === 'write' || value === 'propose') return value;
  throw new InvalidArgumentError('It is --update, or --update=propose.');
}

function checkServer(value: string): string {
  serverChoice(value);
  return value;
}

/** Null: the text is the address of a server of one's own. */
function serverChoice(value: string): ServerChoice | null {
  const choice = readServerChoice(value);
  if (choice === null) throw new InvalidArgumentError(WHAT_A_SERVER_IS);
  return choice === 'own' ? null : choice;
}
