/** Arguments of the command line → what is to be done, through commander; anything wrong becomes a problem, never an exit. */
import { CommanderError } from 'commander';
import { problem } from '../errors.ts';
import type { Problem } from '../types.ts';
import { CHECK } from './check-arguments.ts';
import { DOCTOR } from './doctor-arguments.ts';
import { SHIPPED_LESSONS } from './manifest.ts';
import { MUTATE } from './mutate-arguments.ts';
import { NEW } from './new-arguments.ts';
import { type CommandSpec, NotBuilt, newCommand, notBuilt, type Perform } from './options.ts';
import { RUN, spellUpdate } from './run-arguments.ts';
import { SHOW } from './show-arguments.ts';

export type Parsed = { do: 'perform'; perform: Perform } | { do: 'print'; text: string } | { do: 'fail'; problem: Problem };

const COMMANDS: CommandSpec[] = [RUN, CHECK, MUTATE, SHOW, NEW, DOCTOR];

/** Words of the contract that are not built yet: they say so, and never do nothing. */
const NOT_BUILT_COMMANDS = ['learn', 'serve'];

const EXAMPLES = `

Examples:
  lockerroom run                 verify the lessons of this project
  lockerroom run --help          all that it can do`;

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
      `\nWithout a command it verifies the workbook that comes with it where a folder has no lessons of its own, and else prints this help.${EXAMPLES}`,
    );
  for (const { name, declare } of COMMANDS) {
    const command = newCommand(name, printed);
    declare(command, (perform) => (chosen = { do: 'perform', perform }));
    program.addCommand(command);
  }
  for (const name of NOT_BUILT_COMMANDS) {
    const command = newCommand(name, printed).allowUnknownOption().allowExcessArguments().helpOption(false);
    program.addCommand(
      command.action(() => notBuilt(`the command ${name}`)),
      { hidden: true },
    );
  }
  try {
    if (argv.length === 0) {
      // commander writes what stands below the help only where it prints it.
      program.outputHelp();
      return bare(printed.join(''), version);
    }
    program.parse(spellUpdate(argv), { from: 'user' });
    return chosen ?? usage('there is no such command');
  } catch (error) {
    if (error instanceof NotBuilt) return { do: 'fail', problem: problem('not-built', error.message, 'see `lockerroom --help` for what is') };
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { do: 'print', text: printed.join('') };
    return usage(error.message.replace(/^error: /, ''), argv[0]);
  }
}

/** Without a command, where the folder has no lessons: a run of the workbook that comes with this package. */
function bare(help: string, version: string): Parsed {
  const shipped = parseArguments(['run', SHIPPED_LESSONS], version);
  if (shipped.do !== 'perform') return shipped;
  return { do: 'perform', perform: async (context) => (await import('./bare-command.ts')).bareCommand(help, shipped.perform, context) };
}

/** The document that says why nothing was begun, where one is wanted on standard output; else null. */
export function failureDocument(argv: string[], problem: Problem, version: string): unknown {
  if (!wantsJson(argv)) return null;
  // Without a command, or with an unknown one, it is the document of a run.
  return (COMMANDS.find(({ name }) => name === argv[0]) ?? RUN).failed?.(problem, version) ?? null;
}

/** Also where the rest of the arguments is wrong: scripts read the document for every exit code. */
function wantsJson(argv: string[]): boolean {
  return argv.some((word, index) => word === '--reporter=json' || (word === 'json' && argv[index - 1] === '--reporter'));
}

function usage(message: string, command = ''): Parsed {
  const help = COMMANDS.some(({ name }) => name === command) ? `lockerroom ${command} --help` : 'lockerroom --help';
  return { do: 'fail', problem: problem('usage', message, `See \`${help}\`.`) };
}
