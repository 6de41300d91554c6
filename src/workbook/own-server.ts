/** An address, and what lets its owner in → a connection that only reads. */
import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { ProblemError, problem } from '../errors.ts';

export interface OwnServer {
  /** `nats://HOST:PORT`, several with commas between; a user and a password in it count where none are given. */
  url: string;
  user: string | null;
  password: string | null;
  token: string | null;
  /** The path of a credentials file. */
  creds: string | null;
}

export interface ConnectOptions {
  /** A server that goes away is waited for. */
  reconnect: boolean;
  signal: AbortSignal;
}

/** Milliseconds in which a server must answer. */
const PATIENCE = 5_000;

/** What was not given is taken from the variables of the `nats` CLI, as a whole: a token from there would be in the way of a user from here. */
export function completeFrom(env: NodeJS.ProcessEnv, given: OwnServer): OwnServer {
  if ([given.user, given.password, given.token, given.creds].some((one) => one !== null) || given.url.includes('@')) {
    return given.user !== null && given.password === null ? { ...given, password: env.NATS_PASSWORD || null } : given;
  }
  const { NATS_USER: user, NATS_PASSWORD: password, NATS_TOKEN: token, NATS_CREDS: creds } = env;
  return { ...given, user: user || null, password: password || null, token: token || null, creds: creds || null };
}

/** Without what must not be seen on a screen. */
export function shownUrl({ url }: OwnServer): string {
  return url.replace(/(^|,|\/\/)[^/@,]*@/g, '$1');
}

/** Rejects with a ProblemError: of code `usage` for what was given, of code `server` where nobody answers or lets us in. */
export async function connectToOwn(server: OwnServer, { reconnect, signal }: ConnectOptions): Promise<NatsConnection> {
  const options: ConnectionOptions = {
    ...(await credentials(server)),
    name: 'lockerroom',
    timeout: PATIENCE,
    reconnect,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
  };
  const connecting = connect(options);
  const interrupted = Promise.withResolvers<never>();
  const stop = () => interrupted.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([connecting, interrupted.promise]);
  } catch (error) {
    connecting.then((connection) => connection.close()).catch(() => {});
    signal.throwIfAborted();
    throw new ProblemError(refusal(server, error));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function credentials(server: OwnServer): Promise<ConnectionOptions> {
  const addresses = server.url.split(',').map((url) => addressOf(url.trim(), server));
  const [first] = addresses;
  const user = server.user ?? (server.token === null && server.creds === null ? (first?.user ?? null) : null);
  const password = server.password ?? first?.password ?? null;
  // A name alone before the `@` is a token, as for the `nats` CLI.
  const isToken = server.user === null && user !== null && password === null;
  const token = server.token ?? (isToken ? user : null);
  return {
    servers: addresses.map(({ servers }) => servers),
    ...(user === null || isToken ? {} : { user, pass: password ?? '' }),
    ...(token === null ? {} : { token }),
    ...(server.creds === null ? {} : { authenticator: credsAuthenticator(await readCreds(server.creds)) }),
  };
}

function addressOf(url: string, server: OwnServer): { servers: string; user: string | null; password: string | null } {
  const parsed = URL.parse(url.includes('://') ? url : `nats://${url}`);
  if (parsed === null || !['nats:', 'tls:'].includes(parsed.protocol) || parsed.hostname === '')
    throw new ProblemError(problem('usage', `--server ${shownUrl(server)} is not the address of a nats-server`, 'Write it like nats://127.0.0.1:4222.'));
  return { servers: `${parsed.hostname}:${parsed.port || 4222}`, user: decoded(parsed.username), password: decoded(parsed.password) };
}

/** What is not encoded as it should be is taken as it is. */
function decoded(text: string): string | null {
  try {
    return text === '' ? null : decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readCreds(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ProblemError(problem('usage', `the credentials file ${path} cannot be read (${error.code})`, 'See --creds and NATS_CREDS.'));
  });
}

function refusal(server: OwnServer, error: unknown) {
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
  const text = `${name} ${message} ${cause instanceof Error ? cause.message : ''}`;
  if (/Authorization|Authentication/i.test(text)) {
    const isGiven = [server.user, server.token, server.creds].some((one) => one !== null) || server.url.includes('@');
    const advice = isGiven ? 'It does not take the credentials that were given.' : 'Say who you are: --user and --password, --token, or --creds.';
    return problem('server', `the nats-server at ${shownUrl(server)} does not let us in`, advice);
  }
  return problem('server', `no nats-server answers at ${shownUrl(server)}: ${message}`, 'Is it running, and is that its client port?');
}
