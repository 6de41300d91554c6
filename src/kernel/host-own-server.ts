/** A run on a server of one's own → a module in the place of `@nats-io/transport-node`, whose `connect` adds what lets the run in. */
import { type Client, completeOptions, enterDomain, type OwnConnection } from './own-connection.ts';

/** The one package whose `connect` is completed. */
const TRANSPORT = '@nats-io/transport-node';
const SHIM = 'lockerroom:transport?';

type Connect = (options?: Record<string, unknown>) => Promise<object>;

let own: OwnConnection | null = null;

export function useOwnServer(connection: OwnConnection | null): void {
  own = connection;
}

/** The module that stands in for what was found, with its code; null for all others, and on a private server. */
export function standIn(specifier: string, found: { url: string; format?: string | null | undefined }): { url: string; source: string } | null {
  if (own === null || specifier !== TRANSPORT) return null;
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
    return completed === options ? connection : enterDomain(connection, own.domain);
  };
}
