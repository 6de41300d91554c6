/** What was given of a server of one's own, the variables of the `nats` CLI and its contexts → all that a connection needs. */
import { readFile } from 'node:fs/promises';
import { parseDuration } from '../document/duration.ts';
import { ProblemError, problem } from '../errors.ts';
import { addressOf, type OwnConnection } from '../kernel/own-connection.ts';
import { type Context, readContext } from './own-context.ts';

export interface OwnServer {
  /** `nats://HOST:PORT`, several with commas between; a user and a password in it count where none are given. Null: the context's. */
  url: string | null;
  user: string | null;
  password: string | null;
  token: string | null;
  /** The paths of a credentials file, of a file with a user's seed, and of what TLS takes. */
  creds: string | null;
  nkey: string | null;
  tlscert: string | null;
  tlskey: string | null;
  tlsca: string | null;
  /** The name of a context of the `nats` CLI. */
  context: string | null;
  /** As it was typed: `5s`. */
  timeout: string | null;
  domain: string | null;
  tlsFirst?: boolean;
}

/** An own server with all that lets us in, read from the files. */
export interface Access {
  connection: OwnConnection;
  /** Milliseconds in which the server must answer, and in which one that went away is waited for. */
  timeout: number;
}

/** Milliseconds in which a server must answer. */
const PATIENCE = 5_000;

/** What was not given is taken from the variables of the `nats` CLI, and then from the context: who one is as a whole, for a token from there would be in the way of a user from here. */
export async function completeFrom(env: NodeJS.ProcessEnv, given: OwnServer): Promise<OwnServer> {
  const context = await readContext(env, given.context);
  const variables = { user: env.NATS_USER, password: env.NATS_PASSWORD, token: env.NATS_TOKEN, creds: env.NATS_CREDS, nkey: env.NATS_NKEY };
  const whole = { ...given, url: given.url ?? context.url ?? null };
  for (const layer of [variables, context]) {
    if (isSomebody(whole)) {
      if (whole.user !== null && whole.password === null && given.token === null) whole.password = variables.password || null;
      break;
    }
    for (const name of WHO) whole[name] = layer[name] || null;
  }
  const { NATS_CERT, NATS_KEY, NATS_CA, NATS_TIMEOUT } = env;
  return {
    ...whole,
    tlscert: given.tlscert ?? (NATS_CERT || context.cert || null),
    tlskey: given.tlskey ?? (NATS_KEY || context.key || null),
    tlsca: given.tlsca ?? (NATS_CA || context.ca || null),
    timeout: given.timeout ?? (NATS_TIMEOUT || null),
    domain: given.domain ?? (context.jetstream_domain || null),
    ...(context.tls_first ? { tlsFirst: true } : {}),
  };
}

const WHO = ['user', 'password', 'token', 'creds', 'nkey'] as const satisfies (keyof OwnServer & keyof Context)[];

function isSomebody({ url, user, password, token, creds, nkey }: OwnServer): boolean {
  return [user, password, token, creds, nkey].some((one) => one !== null) || url?.includes('@') === true;
}

/** Without what must not be seen on a screen. */
export function shownUrl({ url }: Pick<OwnServer, 'url'>): string {
  return (url ?? '').replace(/(^|,|\/\/)[^/@,]*@/g, '$1');
}

/** Reads the files that were named. Rejects with a ProblemError of code `usage` for what cannot be so. */
export async function accessOf(server: OwnServer): Promise<Access> {
  const { url } = server;
  if (url === null) throw usage(`the context ${server.context} names no server`, 'Say which one: --server nats://HOST:PORT.');
  const addresses = url.split(',').map((one) => readAddress(one.trim(), server));
  const [first] = addresses;
  const named = [server.token, server.creds, server.nkey].some((one) => one !== null);
  const user = server.user ?? (named ? null : (first?.user ?? null));
  const password = server.password ?? first?.password ?? null;
  // A name alone before the `@`, or as the user, is a token, as for the `nats` CLI.
  const isToken = user !== null && password === null && server.token === null;
  if ((server.tlscert === null) !== (server.tlskey === null)) throw usage('a TLS certificate and its key go together', 'Give both --tlscert and --tlskey.');
  const domain = server.domain;
  if (domain !== null && !/^[^\s.*>]+$/.test(domain)) throw usage(`--js-domain ${domain} cannot be the name of a domain`, 'It is one word without dots.');
  const timeout = server.timeout === null ? PATIENCE : parseDuration(server.timeout);
  if (timeout === null || timeout <= 0) throw usage(`--timeout ${server.timeout} is no time`, 'Write it like 5s or 500ms.');
  const [creds, seed, cert, key, ca] = await Promise.all([
    readNamed(server.creds, 'credentials file', '--creds and NATS_CREDS'),
    readNamed(server.nkey, 'nkey file', '--nkey and NATS_NKEY'),
    readNamed(server.tlscert, 'certificate', '--tlscert and NATS_CERT'),
    readNamed(server.tlskey, 'key of the certificate', '--tlskey and NATS_KEY'),
    readNamed(server.tlsca, 'certificate authority', '--tlsca and NATS_CA'),
  ]);
  const files = { ...(ca !== null && { ca }), ...(cert !== null && { cert }), ...(key !== null && { key }), ...(server.tlsFirst && { handshakeFirst: true }) };
  const hasTls = Object.keys(files).length > 0 || addresses.some(({ tls }) => tls);
  return {
    connection: {
      url: shownUrl(server),
      servers: addresses.map(({ address }) => address),
      user: isToken ? null : user,
      password: isToken ? null : password,
      token: isToken ? user : server.token,
      creds: checked(creds, /-----BEGIN NATS USER JWT-----.*-----BEGIN USER NKEY SEED-----/s, `${server.creds} is no credentials file`),
      seed: seedOf(checked(seed, SEED, `${server.nkey} holds no seed of a user`)),
      tls: hasTls ? files : null,
      domain,
    },
    timeout,
  };
}

const SEED = /^SU[A-Z2-7]{50,}$/m;

function seedOf(text: string | null): string | null {
  return text === null ? null : (SEED.exec(text)?.[0] ?? null);
}

function checked(text: string | null, pattern: RegExp, message: string): string | null {
  if (text !== null && !pattern.test(text)) throw usage(message, 'It is the file that `nsc` or `nk` has made of a user, with its seed in it.');
  return text;
}

function readAddress(url: string, server: OwnServer): { address: string; user: string | null; password: string | null; tls: boolean } {
  const parsed = URL.parse(url.includes('://') ? url : `nats://${url}`);
  if (parsed === null || !['nats:', 'tls:'].includes(parsed.protocol) || parsed.hostname === '')
    throw usage(`--server ${shownUrl(server)} is not the address of a nats-server`, 'Write it like nats://127.0.0.1:4222, or tls://HOST:PORT.');
  return { address: addressOf(url), user: decoded(parsed.username), password: decoded(parsed.password), tls: parsed.protocol === 'tls:' };
}

/** What is not encoded as it should be is taken as it is. */
function decoded(text: string): string | null {
  try {
    return text === '' ? null : decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readNamed(path: string | null, what: string, see: string): Promise<string | null> {
  if (path === null) return null;
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new ProblemError(problem('not-found', `there is no ${what} ${path}`, `See ${see}.`));
    throw new ProblemError(problem('unreadable', `the ${what} ${path} cannot be read (${error.code})`, `See ${see}.`));
  });
}

function usage(message: string, advice: string): ProblemError {
  return new ProblemError(problem('usage', message, advice));
}
