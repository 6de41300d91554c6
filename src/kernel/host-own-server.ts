/** A run on a server of one's own → modules in the place of the clients, whose `connect` adds what lets the run in and tells the runner which connections are the page's. */
import { send } from './host-channel.ts';
import { type Client, completeOptions, enterDomain, type OwnConnection } from './own-connection.ts';

/** The packages whose `connect` is completed: the client, and the older one that has all in one package. */
const TRANSPORTS = ['@nats-io/transport-node', 'nats'];
const SHIM = 'lockerroom:transport?';

/** What of a connection is used here, of either client. */
interface Connection {
  info?: { server_name: string; client_id: number };
  status(): AsyncIterable<{ type: string }>;
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
    return completed === options ? connection : enterDomain(connection, own.domain);
  };
}

/** Says which client of the server it is, at once and after each return: what such a one makes is the run's. */
async function follow(connection: Connection): Promise<void> {
  const clientOf = ({ info }: Connection) => (info === undefined ? null : { server: info.server_name, id: info.client_id });
  let client = clientOf(connection);
  if (client !== null) send({ type: 'connected', client });
  for await (const { type } of connection.status()) {
    if (type === 'disconnect' && client !== null) send({ type: 'disconnected', client });
    if (type !== 'reconnect') continue;
    client = clientOf(connection);
    if (client !== null) send({ type: 'connected', client });
  }
}
