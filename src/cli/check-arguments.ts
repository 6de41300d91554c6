/** What may be typed behind `lockerroom check`, and what is then done. */
import { type CommandSpec, REPORTER_NAMES, type ReporterSpec, reporterOption, reportersOf } from './options.ts';
import { checkDocument } from './problems.ts';

export interface CheckArguments {
  pages: string[];
  reporters: ReporterSpec[];
}

const CHECK_EXAMPLES = `
Examples:
  lockerroom check                                 all lessons of this project
  lockerroom check docs/guide.md                   one page
  lockerroom check --reporter json                 { "ok", "problems" }

Exit codes: 0 all in order, 2 wrong usage or something wrong with a page, 3 the environment (no TypeScript),
130 Ctrl-C, 70 a defect of lockerroom itself.`;

export const CHECK: CommandSpec = {
  name: 'check',
  declare(command, choose) {
    reporterOption(
      command
        .description('find all that is wrong with pages and can be known without a server: format, links, `after`, TypeScript types')
        .argument('[pages...]', 'files or folders (default: the lessons of package.json, else lessons/)'),
      REPORTER_NAMES,
    )
      .addHelpText('after', CHECK_EXAMPLES)
      .action((pages: string[], { reporter }) => {
        const args: CheckArguments = { pages, reporters: reportersOf(reporter) };
        choose(async (context) => (await import('./check-command.ts')).checkCommand(args, context));
      });
  },
  failed: (problem) => checkDocument([problem]),
};
