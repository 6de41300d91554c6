/** The flags that say how to get into a server of one's own, for each command that has them → what was given. */
import type { Command } from 'commander';
import { ProblemError, problem } from '../errors.ts';
import type { OwnServer } from '../workbook/own-server.ts';

const FLAGS = [
  ['--context <name>', 'a context of the nats CLI: a server, and who you are there'],
  ['--user <name>', 'who you are on a server of your own (or a token)'],
  ['--password <password>', 'and how you prove it'],
  ['--token <token>', 'a token in their place'],
  ['--creds <file>', 'a credentials file in their place'],
  ['--nkey <file>', 'a file with the seed of your nkey in their place'],
  ['--tlscert <file>', 'your TLS certificate'],
  ['--tlskey <file>', 'and its key'],
  ['--tlsca <file>', 'who signed the server’s certificate'],
  ['--timeout <duration>', 'how long to wait for the server, as 5s'],
  ['--js-domain <domain>', 'the JetStream domain'],
] as const;

export const VARIABLES = `What is not given of a server of your own is taken from the variables of the nats CLI (NATS_USER, NATS_PASSWORD, NATS_TOKEN,
NATS_CREDS, NATS_NKEY, NATS_CERT, NATS_KEY, NATS_CA, NATS_TIMEOUT, NATS_CONTEXT), and then from its selected context.`;

type Given = Partial<Record<'context' | 'user' | 'password' | 'token' | 'creds' | 'nkey' | 'tlscert' | 'tlskey' | 'tlsca' | 'timeout' | 'jsDomain', string>>;

export function connectionOptions(command: Command): Command {
  for (const [flag, text] of FLAGS) command.option(flag, text);
  return command;
}

/** Throws a usage problem where something of a server of one's own is given beside `place`, which is none. */
export function refuseOwn(place: string, given: Given): void {
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (name === undefined) return;
  const flag = name === 'jsDomain' ? 'js-domain' : name;
  throw new ProblemError(problem('usage', `--${flag} is for a server of your own, and ${place} is none`, 'Leave one of the two out.'));
}

/** Null where no server of one's own is meant. Throws a usage problem where something of one is given, and not which. */
export function ownServerOf(url: string | null, given: Given): OwnServer | null {
  const { context = null, user = null, password = null, token = null, creds = null, nkey = null } = given;
  const { tlscert = null, tlskey = null, tlsca = null, timeout = null, jsDomain: domain = null } = given;
  const server: OwnServer = { url, context, user, password, token, creds, nkey, tlscert, tlskey, tlsca, timeout, domain };
  if (url !== null || context !== null) return server;
  const lonely = Object.entries({ ...server, 'js-domain': domain, domain: null }).find(([, value]) => value !== null)?.[0];
  if (lonely === undefined) return null;
  const message = `--${lonely} needs a server of your own`;
  throw new ProblemError(problem('usage', message, 'Name it: --server nats://HOST:PORT, or --context NAME.'));
}
