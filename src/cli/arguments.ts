/** Arguments of the command line → what is to be done, through commander; anything wrong becomes a problem, never an exit. */
import { availableParallelism } from 'node:os';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { problem } from '../errors.ts';
import type { Problem } from '../types.ts';
import type { TwinMode } from '../workbook/programs.ts';

export interface RunArguments {
  pages: string[];
  reporters: ReporterSpec[];
  bail: boolean;
  jobs: number;
  grep: string | null;
  from: number | null;
  twin: TwinMode;
  keep: boolean;
  failOnSkip: boolean;
  quiet: boolean;
}

export interface CheckArguments {
  pages: string[];
  reporters: ReporterSpec[];
}

export interface DoctorArguments {
  reporters: ReporterSpec[];
}

export interface ReporterSpec {
  name: ReporterName;
  /** Null: standard output. */
  file: string | null;
}

export const REPORTER_NAMES = ['terminal', 'json'] as const;
export type ReporterName = (typeof REPORTER_NAMES)[number];

export type Parsed =
  | { do: 'run'; run: RunArguments }
  | { do: 'check'; check: CheckArguments }
  | { do: 'doctor'; doctor: DoctorArguments }
  | { do: 'print'; text: string }
  | { do: 'fail'; problem: Problem };

/** Words of the contract that are not built yet: they say so, and never do nothing. */
const NOT_BUILT_COMMANDS = ['learn', 'serve', 'show', 'mutate', 'new'];
const NOT_BUILT_REPORTERS = ['junit', 'github'];
const NOT_BUILT_FLAGS = ['--update', '--watch'];

const RUN_EXAMPLES = `
Examples:
  lockerroom run                                   all lessons of this project
  lockerroom run lessons/03-creating-rooms.md      one lesson
  lockerroom run lessons/03-creating-rooms.md:40   up to the step at line 40, and judge that one
  lockerroom run docs --jobs 1 --bail              a folder, one lesson after the other, to the first failure
  lockerroom run --reporter terminal --reporter json:report.json
  lockerroom run --grep compression --keep         leave the server running where a step fails

Exit codes: 0 all passed, 1 a step failed or errored, 2 wrong usage or an invalid lesson,
3 the environment (no nats-server), 130 Ctrl-C, 70 a defect of lockerroom itself.`;

const CHECK_EXAMPLES = `
Examples:
  lockerroom check                                 all lessons of this project
  lockerroom check docs/guide.md                   one page
  lockerroom check --reporter json                 { "ok", "problems" }

Exit codes: 0 all in order, 2 wrong usage or something wrong with a page, 3 the environment (no TypeScript),
130 Ctrl-C, 70 a defect of lockerroom itself.`;

const DOCTOR_EXAMPLES = `
Examples:
  lockerroom doctor                                what is here, what is missing, what to type
  lockerroom doctor --reporter json                { "ok", "checks" }

Exit codes: 0 lessons can be run (Node suits, and a nats-server is here or can be installed), 2 wrong usage, 3 they cannot,
130 Ctrl-C, 70 a defect of lockerroom itself.`;

/** Never throws for what was typed. `version` is this package's. */
export function parseArguments(argv: string[], version: string): Parsed {
  const printed: string[] = [];
  let chosen: Parsed | null = null;
  const program = newCommand('lockerroom', printed)
    .description('A workbook for the NATS JetStream Key/Value store: every step is run, every locker is checked.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nExamples:\n  lockerroom run                 verify the lessons of this project\n  lockerroom run --help          all that it can do',
    );
  program.addCommand(runCommand(printed, (run) => (chosen = { do: 'run', run })));
  program.addCommand(checkCommand(printed, (check) => (chosen = { do: 'check', check })));
  program.addCommand(doctorCommand(printed, (doctor) => (chosen = { do: 'doctor', doctor })));
  for (const name of NOT_BUILT_COMMANDS) program.addCommand(notBuiltCommand(name, printed), { hidden: true });
  try {
    if (argv.length === 0) return { do: 'print', text: program.helpInformation() };
    program.parse(argv, { from: 'user' });
    return chosen ?? usage('there is no such command');
  } catch (error) {
    if (error instanceof NotBuilt) return { do: 'fail', problem: problem('not-built', error.message, 'see `lockerroom --help` for what is') };
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { do: 'print', text: printed.join('') };
    return usage(error.message.replace(/^error: /, ''), argv[0]);
  }
}

/** Whether a JSON document is wanted, also where the rest of the arguments is wrong: scripts read it for every exit code. */
export function wantsJson(argv: string[]): boolean {
  return argv.some((word, index) => word === '--reporter=json' || (word === 'json' && argv[index - 1] === '--reporter'));
}

class NotBuilt extends Error {}

function newCommand(name: string, printed: string[]): Command {
  return new Command(name)
    .exitOverride()
    .configureOutput({ writeOut: (text) => printed.push(text), writeErr: () => {} })
    .allowExcessArguments(false);
}

function runCommand(printed: string[], choose: (run: RunArguments) => void): Command {
  const command = newCommand('run', printed)
    .description('verify lessons: run every step on a private nats-server and check what it printed and what the server holds')
    .argument('[pages...]', 'files, FILE:LINE or folders (default: the lessons of package.json, else lessons/)')
    .option('--reporter <name[:file]>', `${REPORTER_NAMES.join(' or ')}; may be given several times`, collectReporter, [])
    .option('--grep <text>', 'only steps whose title holds the text')
    .option('--from <line>', 'only steps from this line on', wholeNumber)
    .option('--bail', 'end at the first failure', false)
    .option('--jobs <n>', 'how many lessons run side by side', wholeNumber, availableParallelism())
    .option('--server <where>', 'auto or local: a private server', serverChoice, 'auto')
    .option('--twin <mode>', 'console fences: auto (where the nats CLI is found), require or off', twinMode, 'auto')
    .option('--keep', 'after a failure leave server and store, and print how to reach them', false)
    .option('--fail-on-skip', 'exit with 1 where anything was skipped', false)
    .option('--quiet', 'say only what is not as it should be', false)
    .addHelpText('after', RUN_EXAMPLES);
  for (const flag of NOT_BUILT_FLAGS) {
    command.addOption(new Option(`${flag} [value]`).hideHelp());
    command.on(`option:${flag.slice(2)}`, () => notBuilt(`the flag ${flag}`));
  }
  return command.action((pages: string[], options) => {
    const { reporter, grep = null, from = null, bail, jobs, twin, keep, failOnSkip, quiet } = options;
    choose({ pages, reporters: reportersOf(reporter), bail, jobs, grep, from, twin, keep, failOnSkip, quiet });
  });
}

function checkCommand(printed: string[], choose: (check: CheckArguments) => void): Command {
  return newCommand('check', printed)
    .description('find all that is wrong with pages and can be known without a server: format, links, `after`, TypeScript types')
    .argument('[pages...]', 'files or folders (default: the lessons of package.json, else lessons/)')
    .option('--reporter <name[:file]>', `${REPORTER_NAMES.join(' or ')}; may be given several times`, collectReporter, [])
    .addHelpText('after', CHECK_EXAMPLES)
    .action((pages: string[], { reporter }) => choose({ pages, reporters: reportersOf(reporter) }));
}

function doctorCommand(printed: string[], choose: (doctor: DoctorArguments) => void): Command {
  return newCommand('doctor', printed)
    .description('say what is here of what runs need (Node, nats-server, nats, Go, Docker), what is missing and what to do; installs nothing')
    .option('--reporter <name[:file]>', `${REPORTER_NAMES.join(' or ')}; may be given several times`, collectReporter, [])
    .addHelpText('after', DOCTOR_EXAMPLES)
    .action(({ reporter }) => choose({ reporters: reportersOf(reporter) }));
}

function reportersOf(given: ReporterSpec[]): ReporterSpec[] {
  return given.length === 0 ? [{ name: 'terminal', file: null }] : given;
}

function notBuiltCommand(name: string, printed: string[]): Command {
  return newCommand(name, printed)
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(() => notBuilt(`the command ${name}`));
}

function notBuilt(what: string): never {
  throw new NotBuilt(`${what} is not built yet`);
}

function collectReporter(value: string, before: ReporterSpec[]): ReporterSpec[] {
  const [, name = '', file = null] = /^([^:]*)(?::(.*))?$/.exec(value) ?? [];
  if (NOT_BUILT_REPORTERS.includes(name)) notBuilt(`the reporter ${name}`);
  const known = REPORTER_NAMES.find((one) => one === name);
  if (known === undefined) throw new InvalidArgumentError(`The reporters are ${REPORTER_NAMES.join(' and ')}.`);
  if (file === '') throw new InvalidArgumentError('Give a file behind the colon.');
  if (file === null && before.some((one) => one.file === null))
    throw new InvalidArgumentError('Two reporters cannot both write to standard output; give one a file, as in json:report.json.');
  return [...before, { name: known, file }];
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || !Number.isSafeInteger(number)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return number;
}

function twinMode(value: string): TwinMode {
  if (value === 'auto' || value === 'require' || value === 'off') return value;
  throw new InvalidArgumentError('It is auto, require or off.');
}

function serverChoice(value: string): string {
  if (value === 'auto' || value === 'local') return value;
  if (/^docker(:|$)/.test(value) || /^\w+:\/\//.test(value)) notBuilt(`--server ${value}`);
  throw new InvalidArgumentError('It is auto or local.');
}

function usage(message: string, command = ''): Parsed {
  const help = ['run', 'check', 'doctor'].includes(command) ? `lockerroom ${command} --help` : 'lockerroom --help';
  return { do: 'fail', problem: problem('usage', message, `See \`${help}\`.`) };
}
