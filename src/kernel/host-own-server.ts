/** A run on a server of one's own → modules in the place of the clients, whose `connect` adds what lets the run in and tells the runner what the page does there. */
import { send } from './host-channel.ts';
import { type Request, untilHeard } from './host-heard.ts';
import { type Client, completeOptions, enterDomain, type OwnConnection } from './own-connection.ts';
import type { ClientId, OwnEvent } from './protocol.ts';

/** The packages whose `connect` is completed: the client, and the older one that has all in one package. */
const TRANSPORTS = ['@nats-io/transport-node', 'nats'];
const SHIM = 'lockerroom:transport?';

/** What of a connection is used here, of either client. */
interface Connection {
  info?: { server_name: string; client_id: number };
  status(): AsyncIterable<{ type: string }>;
  request: Request;
}

type Connect = (options?: Record<string, unknown>) => Promise<Connection>;

let own: OwnConnection | null = null;

export function useOwnServer(connection: OwnConnection | null): void {
  own = connection;
}

/** The module that stands in for what was found, with its code; null for all others, and on a private server. */
export function standIn(specifier: string, found: { url: string; format?: string | null | undefined }): { url: string; source: string } | null {
  if (own === null || !TRANSPORTS.includes(specifier)) return null;
  const real = JSON.stringify(found.url);
  const source = [
    `import * as real from ${real}; import { completeConnect } from ${JSON.stringify(import.meta.url)};`,
    `export * from ${real}; export const connect = completeConnect(real); export default { ...real, connect };`,
  ].join('\n');
  return { url: `${SHIM}${found.url}`, source };
}

/** Called by the stand-in. What the page gives itself stays as it is. */
export function completeConnect(real: Client & { connect: Connect }): Connect {
  return async (options = {}) => {
    if (own === null) return real.connect(options);
    const completed = completeOptions(options, own, real);
    const connection = await real.connect(completed);
    follow(connection).catch(() => {});
    tellAnswers(connection);
    return completed === options ? connection : enterDomain(connection, own.domain);
  };
}

function tell(event: OwnEvent): void {
  send({ type: 'own', event });
}

/** Says which client of the server it is, at once and after each return: what such a one makes is the run's. */
async function follow(connection: Connection): Promise<void> {
  const say = (kind: 'connected' | 'disconnected') => client !== null && tell({ kind, client });
  let client = clientOf(connection);
  say('connected');
  for await (const { type } of connection.status()) {
    if (type === 'disconnect') say('disconnected');
    if (type !== 'reconnect') continue;
    client = clientOf(connection);
    say('connected');
  }
}

function clientOf({ info }: Connection): ClientId | null {
  return info === undefined ? null : { server: info.server_name, id: info.client_id };
}

/** Says which streams JetStream has made or removed at the page's request: from behind a leaf node the server knows no client. */
function tellAnswers(connection: Connection): void {
  const request = connection.request.bind(connection);
  connection.request = (subject, ...rest) => {
    const answer = request(subject, ...rest);
    const [, verb, stream] = /\.API\.STREAM\.(CREATE|DELETE)\.([^.]+)$/.exec(String(subject)) ?? [];
    if (stream === undefined) return answer;
    return answer.then(async (message) => {
      const change = changeOf(verb, stream, message.string());
      if (change === null) return message;
      tell(change.event);
      if (change.isHeard) await untilHeard(request, subject, change.event.kind === 'made');
      return message;
    });
  };
}

/** Null where nothing was made or removed. `isHeard`: who asks for the stream's entries can tell whether it is there. */
function changeOf(verb: string | undefined, stream: string, text: string): { event: OwnEvent; isHeard: boolean } | null {
  try {
    const { did_create: isMade, created, success, config } = JSON.parse(text) as Answer;
    if (verb === 'DELETE' && success === true) return { event: { kind: 'removed', stream }, isHeard: true };
    // Without `did_create` it was there already.
    if (verb !== 'CREATE' || isMade !== true || typeof created !== 'string') return null;
    return { event: { kind: 'made', stream, created }, isHeard: config?.allow_direct === true };
  } catch {
    // Not JetStream's answer.
    return null;
  }
}

interface Answer {
  did_create?: boolean;
  created?: string;
  success?: boolean;
  config?: { allow_direct?: boolean };
}
