/** What lets us into a server of one's own → a connection to it, or one sentence that says why there is none. */
import { type ConnectionOptions, connect, credsAuthenticator, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { ProblemError, problem } from '../errors.ts';
import { enterDomain, identity, type OwnConnection } from '../kernel/own-connection.ts';
import type { Problem } from '../types.ts';
import type { Access } from './own-server.ts';

export interface ConnectOptions {
  /** A server that goes away is waited for. */
  reconnect: boolean;
  signal: AbortSignal;
}

/** Rejects with a ProblemError of code `server` where nobody answers or lets us in. */
export async function connectToOwn({ connection: own, timeout }: Access, { reconnect, signal }: ConnectOptions): Promise<NatsConnection> {
  const options: ConnectionOptions = {
    ...identity(own, { credsAuthenticator, nkeyAuthenticator }),
    ...(own.tls === null ? {} : { tls: own.tls }),
    servers: own.servers,
    name: 'lockerroom',
    timeout,
    reconnect,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    // The same refusal twice is one that a server which has just come back may not give again.
    ignoreAuthErrorAbort: true,
  };
  const connecting = connect(options);
  const interrupted = Promise.withResolvers<never>();
  const stop = () => interrupted.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return enterDomain(await Promise.race([connecting, interrupted.promise]), own.domain);
  } catch (error) {
    connecting.then((connection) => connection.close()).catch(() => {});
    signal.throwIfAborted();
    throw new ProblemError(refusal(own, error));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Sentences by what the client, Node or the server say; the first that fits. */
const REFUSALS: { pattern: RegExp; message: (url: string) => string; advice: string }[] = [
  {
    pattern: /self.signed|unable to (?:get|verify)|UNABLE_TO|DEPTH_ZERO|certificate signed by unknown/i,
    message: (url) => `the certificate of the nats-server at ${url} is signed by nobody who is trusted here`,
    advice: 'Name the certificate authority that signed it: --tlsca FILE (or NATS_CA).',
  },
  {
    pattern: /altnames|ERR_TLS_CERT_ALTNAME/i,
    message: (url) => `the certificate of the nats-server at ${url} is for another name`,
    advice: 'Write the host as its certificate names it.',
  },
  {
    pattern: /certificate has expired|CERT_HAS_EXPIRED/i,
    message: (url) => `the certificate of the nats-server at ${url} has expired`,
    advice: 'It must be renewed there.',
  },
  {
    pattern: /certificate required|bad certificate|handshake failure|tlsv1\S* alert|ERR_SSL/i,
    message: (url) => `the nats-server at ${url} does not take our TLS`,
    advice: 'It may want a certificate of yours: --tlscert FILE --tlskey FILE.',
  },
  {
    pattern: /key values mismatch|PEM|no start line|asn1|X509/i,
    message: () => 'the TLS files that were given cannot be used',
    advice: 'They are PEM files, and the key is that of the certificate: see --tlscert, --tlskey and --tlsca.',
  },
  {
    pattern: /tls.*(?:not available|is not)|is not available on this server/i,
    message: (url) => `the nats-server at ${url} has no TLS`,
    advice: 'Write nats:// in place of tls://, and leave the TLS files out.',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|getaddrinfo/i,
    message: (url) => `there is no host of the name in ${url}`,
    advice: 'Check the name; is this machine connected?',
  },
  {
    pattern: /ECONNREFUSED|connection refused/i,
    message: (url) => `no nats-server answers at ${url}: the connection was refused`,
    advice: 'Is it running, and is that its client port?',
  },
  {
    pattern: /timeout/i,
    message: (url) => `no nats-server answers at ${url} in time`,
    advice: 'Is it running, and is that its client port? See --timeout.',
  },
];

function refusal(own: OwnConnection, error: unknown): Problem {
  const text = textOf(error);
  if (/Authorization|Authentication|nkey|credentials/i.test(text)) {
    const isGiven = [own.user, own.token, own.creds, own.seed].some((one) => one !== null);
    const advice = isGiven ? 'It does not take the credentials that were given.' : 'Say who you are: --user and --password, --token, --creds or --nkey.';
    return problem('server', `the nats-server at ${own.url} does not let us in`, advice);
  }
  const known = REFUSALS.find(({ pattern }) => pattern.test(text));
  if (known !== undefined) return problem('server', known.message(own.url), known.advice);
  const { message } = error instanceof Error ? error : new Error(String(error));
  return problem('server', `no nats-server answers at ${own.url}: ${message}`, 'Is it running, and is that its client port?');
}

/** The error with all that caused it. */
function textOf(error: unknown): string {
  const texts: string[] = [];
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth++) {
    texts.push(one.name, one.message, String((one as NodeJS.ErrnoException).code ?? ''));
    if (one instanceof AggregateError) texts.push(...one.errors.map(String));
  }
  return texts.length > 0 ? texts.join(' ') : String(error);
}
