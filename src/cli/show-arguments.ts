/** What may be typed behind `lockerroom show`, and what is then done. */
import { Option } from 'commander';
import { ProblemError, problem } from '../errors.ts';
import type { OwnServer } from '../workbook/own-server.ts';
import { type CommandSpec, notBuilt } from './options.ts';

export interface ShowArguments {
  /** A page, or `FILE:LINE`; a server of one's own, whose password may still come from the environment. */
  of: { page: string } | { server: OwnServer };
  watch: boolean;
  plain: boolean;
  all: boolean;
}

/** Words of the contract that are not built yet: they say so, and never do nothing. */
const NOT_BUILT_FLAGS = ['--nkey', '--tlscert', '--tlskey', '--tlsca', '--context', '--timeout', '--js-domain'];

const SHOW_EXAMPLES = `
Examples:
  lockerroom show lessons/03-creating-rooms.md:40       what the server holds after the step at line 40
  lockerroom show lessons/03-creating-rooms.md          after the last step
  lockerroom show --server nats://127.0.0.1:4222        what your own server holds; nothing is changed there
  lockerroom show --server nats://127.0.0.1 --watch     the same, drawn again whenever it changes
  lockerroom show lessons/03-creating-rooms.md --plain  in sentences, for screen readers

A user, password, token or credentials file that is not given is taken from NATS_USER, NATS_PASSWORD, NATS_TOKEN and NATS_CREDS.

Exit codes: 0 drawn, 1 drawn, but a step before it is not as the page says, 2 wrong usage or an invalid lesson,
3 the environment (no nats-server, or one that does not let us in), 130 Ctrl-C, 70 a defect of lockerroom itself.`;

export const SHOW: CommandSpec = {
  name: 'show',
  declare(command, choose) {
    command
      .description('draw the building: rooms, lockers, what is inside; after a step of a page, or of a server of your own')
      .argument('[page]', 'a page, or FILE:LINE')
      .option('--server <url>', 'a server of your own, nats://HOST:PORT; it is only read')
      .option('--user <name>', 'who you are there')
      .option('--password <password>', 'and how you prove it')
      .option('--token <token>', 'a token in their place')
      .option('--creds <file>', 'a credentials file in their place')
      .option('--watch', 'draw again whenever something changes, until Ctrl-C', false)
      .option('--plain', 'in sentences from top to bottom', false)
      .option('--all', 'every locker, however many a room has', false)
      .addHelpText('after', SHOW_EXAMPLES);
    for (const flag of NOT_BUILT_FLAGS) {
      command.addOption(new Option(`${flag} [value]`).hideHelp());
      command.on(`option:${flag.slice(2)}`, () => notBuilt(`the flag ${flag}`));
    }
    command.action((page: string | undefined, options) => {
      const { server = null, user = null, password = null, token = null, creds = null, watch, plain, all } = options;
      choose(async (context) => {
        if ((page === undefined) === (server === null)) throw usage(page === undefined ? 'there is nothing to draw' : 'a page and a server are two drawings');
        if (server === null && [user, password, token, creds].some((one) => one !== null))
          throw usage('a user, password, token or credentials file needs a --server');
        const of = page === undefined ? { server: { url: server, user, password, token, creds } } : { page };
        return (await import('./show-command.ts')).showCommand({ of, watch, plain, all }, context);
      });
    });
  },
};

function usage(message: string): ProblemError {
  return new ProblemError(problem('usage', message, 'Name a page (FILE or FILE:LINE), or a server of your own (--server nats://HOST:PORT).'));
}
