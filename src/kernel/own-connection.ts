/** What a page passes to `connect()` → the same, completed by what lets the run into a server of one's own. Plain functions: the runner's own connection uses them too. */

/** Plain data, for it goes to the kernel's process. */
export interface OwnConnection {
  /** What a page finds in NATS_URL, which holds nothing secret. */
  url: string;
  /** `host:port` of each server, in lower case. */
  servers: string[];
  user: string | null;
  password: string | null;
  token: string | null;
  /** The text of a credentials file. */
  creds: string | null;
  /** A user's seed, as `SU…`. */
  seed: string | null;
  /** Null: none is asked for; a server that has it is talked to with it all the same. */
  tls: { ca?: string; cert?: string; key?: string; handshakeFirst?: boolean } | null;
  /** The JetStream domain. */
  domain: string | null;
}

/** What of the client is used, whichever copy of it a page imports. */
export interface Client {
  credsAuthenticator(creds: Uint8Array): unknown;
  nkeyAuthenticator(seed: Uint8Array): unknown;
}

/** What a connection does with subjects. */
interface Sender {
  publish(subject: string, ...rest: unknown[]): unknown;
  request(subject: string, ...rest: unknown[]): unknown;
  requestMany(subject: string, ...rest: unknown[]): unknown;
}

type Options = Record<string, unknown>;

/** What says who somebody is: where the page says it, nothing of the run's is added. */
const WHO = ['user', 'pass', 'token', 'authenticator'];

/** The options with what the run adds; as they are, where they name another server. */
export function completeOptions(given: Options, own: OwnConnection, client: Client): Options {
  const servers = serversOf(given, own);
  if (servers === null) return given;
  const isSomebody = WHO.some((name) => given[name] !== undefined) || servers.isSecret;
  return {
    ...(isSomebody ? {} : identity(own, client)),
    ...(own.tls === null ? {} : { tls: own.tls }),
    ...given,
    servers: servers.addresses,
  };
}

export function identity({ user, password, token, creds, seed }: OwnConnection, client: Client): Options {
  const encode = (text: string) => new TextEncoder().encode(text);
  if (creds !== null) return { authenticator: client.credsAuthenticator(encode(creds)) };
  if (seed !== null) return { authenticator: client.nkeyAuthenticator(encode(seed)) };
  if (token !== null) return { token };
  return user === null ? {} : { user, pass: password ?? '' };
}

/** The addresses that a page names, several in a text with commas between; null where one of them is not the run's. */
function serversOf({ servers, port }: Options, own: OwnConnection): { addresses: string[]; isSecret: boolean } | null {
  const named = servers ?? (port === undefined ? undefined : `127.0.0.1:${port}`);
  if (named === undefined) return own.servers.includes('127.0.0.1:4222') ? { addresses: own.servers, isSecret: false } : null;
  const texts = (Array.isArray(named) ? named : [named]).flatMap((one) => String(one).split(','));
  const addresses = texts.map(addressOf);
  return addresses.every((one) => own.servers.includes(one)) ? { addresses, isSecret: texts.some((one) => one.includes('@')) } : null;
}

/** `host:port`, in lower case; empty where the text is no address. */
export function addressOf(text: string): string {
  const trimmed = text.trim();
  // `nats:` is no scheme whose hosts `URL` puts into lower case.
  const parsed = URL.parse(trimmed.includes('://') ? trimmed : `nats://${trimmed}`);
  return parsed === null || parsed.hostname === '' ? '' : `${parsed.hostname.toLowerCase()}:${parsed.port || 4222}`;
}

/** Sends to the domain what is for JetStream: its API, and the messages that a bucket's client sends there beside it. */
export function enterDomain<Connection extends object>(connection: Connection, domain: string | null): Connection {
  if (domain === null) return connection;
  const sender = connection as unknown as Sender;
  const inDomain = (subject: string) => subject.replace(/^\$JS\.API\./, () => `$JS.${domain}.API.`).replace(/^\$KV\./, () => `$JS.${domain}.API.$KV.`);
  for (const name of ['publish', 'request', 'requestMany'] as const) {
    const send = sender[name].bind(sender);
    sender[name] = (subject, ...rest) => send(typeof subject === 'string' ? inDomain(subject) : subject, ...rest);
  }
  return connection;
}
