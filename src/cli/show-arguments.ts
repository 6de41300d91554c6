/** What may be typed behind `lockerroom show`, and what is then done. */
import { ProblemError, problem } from '../errors.ts';
import type { OwnServer } from '../workbook/own-server.ts';
import { connectionOptions, ownServerOf, VARIABLES } from './connection-options.ts';
import type { CommandSpec } from './options.ts';

export interface ShowArguments {
  /** A page, or `FILE:LINE`; a server of one's own, whose password may still come from the environment. */
  of: { page: string } | { server: OwnServer };
  watch: boolean;
  plain: boolean;
  all: boolean;
}

const SHOW_EXAMPLES = `
Examples:
  lockerroom show lessons/03-creating-rooms.md:40       what the server holds after the step at line 40
  lockerroom show lessons/03-creating-rooms.md          after the last step
  lockerroom show --server nats://127.0.0.1:4222        what your own server holds; nothing is changed there
  lockerroom show --server nats://127.0.0.1 --watch     the same, drawn again whenever it changes
  lockerroom show lessons/03-creating-rooms.md --plain  in sentences, for screen readers

${VARIABLES}

Exit codes: 0 drawn, 1 drawn, but a step before it is not as the page says, 2 wrong usage or an invalid lesson,
3 the environment (no nats-server, or one that does not let us in), 130 Ctrl-C, 70 a defect of lockerroom itself.`;

export const SHOW: CommandSpec = {
  name: 'show',
  declare(command, choose) {
    connectionOptions(command)
      .description('draw the building: rooms, lockers, what is inside; after a step of a page, or of a server of your own')
      .argument('[page]', 'a page, or FILE:LINE')
      .option('--server <url>', 'a server of your own, nats://HOST:PORT; it is only read')
      .option('--watch', 'draw again whenever something changes, until Ctrl-C', false)
      .option('--plain', 'in sentences from top to bottom', false)
      .option('--all', 'every locker, however many a room has', false)
      .addHelpText('after', SHOW_EXAMPLES);
    command.action((page: string | undefined, options) => {
      const { server: url = null, watch, plain, all, ...given } = options;
      choose(async (context) => {
        const server = ownServerOf(url, given);
        if (page !== undefined && server !== null) throw usage('a page and a server are two drawings');
        const of = page === undefined ? server && { server } : { page };
        if (of === null) throw usage('there is nothing to draw');
        return (await import('./show-command.ts')).showCommand({ of, watch, plain, all }, context);
      });
    });
  },
};

function usage(message: string): ProblemError {
  return new ProblemError(problem('usage', message, 'Name a page (FILE or FILE:LINE), or a server of your own (--server nats://HOST:PORT).'));
}
