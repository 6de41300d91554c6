/** What may be typed behind `lockerroom new`, and what is then done. */
import type { CommandSpec } from './options.ts';

const NEW_EXAMPLES = `
Examples:
  lockerroom new "Counting keys"                   counting-keys.md among the lessons, with the next number where they are numbered
  lockerroom new guides/counting-keys              in the folder guides

Exit codes: 0 the page is there, 2 wrong usage or a page of this name is there already (nothing is overwritten),
70 a defect of lockerroom itself.`;

export const NEW: CommandSpec = {
  name: 'new',
  declare(command, choose) {
    command
      .description('make a page to begin with: it has one of each thing that a lesson is made of, and passes')
      .argument('<name...>', 'what the page is about')
      .addHelpText('after', NEW_EXAMPLES)
      .action((words: string[]) => choose(async (context) => (await import('./new-command.ts')).newCommand(words.join(' '), context)));
  },
};
