/** The name of a context of the `nats` CLI, or the one that is selected there → what it says. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ProblemError, problem } from '../errors.ts';

/** The fields of a context that count here, as the CLI writes them. */
export interface Context {
  url?: string;
  user?: string;
  password?: string;
  token?: string;
  creds?: string;
  nkey?: string;
  cert?: string;
  key?: string;
  ca?: string;
  jetstream_domain?: string;
  tls_first?: boolean;
}

const TEXTS = ['url', 'user', 'password', 'token', 'creds', 'nkey', 'cert', 'key', 'ca', 'jetstream_domain'] as const;
/** Paths, in which `~` is the home. */
const PATHS: readonly string[] = ['creds', 'nkey', 'cert', 'key', 'ca'];
/** With one of these the CLI connects otherwise than we can: said, and not passed over. */
const UNKNOWN = ['nsc', 'user_jwt', 'user_seed', 'socks_proxy', 'jetstream_api_prefix', 'inbox_prefix'];

/** The context that was named, by the flag or by NATS_CONTEXT, must be there; one that is merely selected may be missing. */
export async function readContext(env: NodeJS.ProcessEnv, given: string | null): Promise<Context> {
  const folder = join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'nats');
  const named = given ?? (env.NATS_CONTEXT || null);
  const name = named ?? (await readFile(join(folder, 'context.txt'), 'utf8').catch(() => '')).trim();
  if (name === '' && named === null) return {};
  if (!/^[^/\\\0]+$/.test(name) || /^\.+$/.test(name)) throw usage(`"${name}" cannot be the name of a context`, SEE);
  const path = join(folder, 'context', `${name}.json`);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (named === null) return null;
    const reason = error.code === 'ENOENT' ? `there is no context ${name}` : `the context ${name} cannot be read (${error.code})`;
    throw new ProblemError(problem(error.code === 'ENOENT' ? 'not-found' : 'unreadable', reason, `It was looked for in ${path}. ${SEE}`));
  });
  return text === null ? {} : contextOf(name, text, env.HOME || homedir());
}

const SEE = 'See `nats context ls`.';

function contextOf(name: string, text: string, home: string): Context {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw usage(`the context ${name} is not JSON`, `See \`nats context edit ${name}\`.`);
  }
  if (typeof found !== 'object' || found === null) throw usage(`the context ${name} is not JSON of a context`, `See \`nats context edit ${name}\`.`);
  const fields = new Map(Object.entries(found));
  const unknown = UNKNOWN.find((one) => fields.get(one));
  if (unknown !== undefined)
    throw usage(`the context ${name} has "${unknown}", with which only the \`nats\` CLI can connect`, 'Name the server with --server and its flags.');
  const context: Context = fields.get('tls_first') === true ? { tls_first: true } : {};
  for (const field of TEXTS) {
    const value = fields.get(field);
    if (typeof value === 'string' && value !== '') context[field] = PATHS.includes(field) ? value.replace(/^~(?=\/)/, () => home) : value;
  }
  return context;
}

function usage(message: string, advice: string): ProblemError {
  return new ProblemError(problem('usage', message, advice));
}
