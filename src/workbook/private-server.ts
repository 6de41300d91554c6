/** A nats-server's file → a private server with our connection to it and what reads it, which can die and come back as a step's fault says. */
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { ProblemError, problem } from '../errors.ts';
import type { ClusterOptions } from '../server/cluster.ts';
import { type LocalServer, startLocalServer } from '../server/local.ts';
import type { RunFolder } from '../server/run-folder.ts';
import type { StartedServer } from '../server/running-server.ts';
import { createObserver, type MovableObserver, type ObserverOptions } from '../state/observer.ts';
import type { Mortal, Problem } from '../types.ts';
import { configProblem, type ServerConfig, type ServerNeeds } from './config.ts';
import { lossOf } from './loss.ts';

/** What servers are started of: a file of this machine, or whatever `start` starts. */
export interface ServerProgram {
  /** A file; of others what messages name. */
  path: string;
  version: string;
  start?: () => Promise<StartedServer>;
  /** `docker:TAG`; left out: `local`. */
  source?: string;
  /** Ends what was started for the run as a whole. */
  close?: () => Promise<void>;
}

/** A server that was started before it was asked for; the connection is null where there is none yet. */
export interface ServerAhead {
  server: LocalServer;
  connection: NatsConnection | null;
}

export interface PrivateServerOptions extends ServerNeeds {
  binary: ServerProgram;
  folder: RunFolder;
  /** A server of that file that was started before it was asked for; null where there is none. It is the caller's then. */
  takeServer?: (path: string) => Promise<ServerAhead | null>;
  /** Is told how far the reading of a large bucket is. */
  onProgress?: (text: string) => void;
}

/** Rejects with a ProblemError where it cannot be started, or its state not be read: of the `config`, where that is why. */
export async function openPrivateServer(options: PrivateServerOptions): Promise<PrivateServer> {
  const { binary, folder, config, servers, takeServer } = options;
  // One that takes a configuration, or is not alone, is a server of its own.
  const ahead = config === null && servers === 1 ? await takeServer?.(binary.path) : null;
  const own = { binary, folder, config: config?.path ?? null };
  const start = (): Promise<StartedServer> => binary.start?.() ?? (servers > 1 ? startCluster({ ...own, servers }) : startLocalServer(own));
  const server: StartedServer =
    ahead?.server ??
    (await start().catch(async (error: unknown) => {
      if (config === null || !(error instanceof ProblemError)) throw error;
      // Without it the server tells whose fault it is: this machine's is not the page's.
      await (await startLocalServer({ binary, folder })).stop();
      throw new ProblemError(refused(config, binary.version, error.problem.message));
    }));
  let connection = ahead?.connection ?? null;
  try {
    connection ??= await connectTo(server);
    const one = new PrivateServer(server, connection, options);
    await one.observer.read();
    return one;
  } catch (error) {
    await connection?.close().catch(() => {});
    await server.stop();
    throw new ProblemError(unreadable(options, error));
  }
}

export class PrivateServer implements Mortal {
  readonly server: StartedServer;
  #connection: NatsConnection;
  #observer: MovableObserver;
  readonly #options: ObserverOptions;

  constructor(server: StartedServer, connection: NatsConnection, options: ObserverOptions) {
    this.server = server;
    this.#connection = connection;
    this.#options = options;
    this.#observer = createObserver(connection, options);
  }

  /** Another one after each `revive`. */
  get connection(): NatsConnection {
    return this.#connection;
  }

  /** Has read the state. */
  get observer(): MovableObserver {
    return this.#observer;
  }

  /** Reads all anew: what was brought here has another history than what was there under its name. */
  async renew(): Promise<void> {
    this.#observer = createObserver(this.#connection, this.#options);
    await this.#observer.read();
  }

  kill(): Promise<void> {
    return this.server.kill();
  }

  async revive(): Promise<void> {
    await this.server.revive();
    await this.#connection.close().catch(() => {});
    this.#connection = await connectTo(this.server);
    this.#observer.moveTo(this.#connection);
  }

  lost(): Promise<string | null> {
    return lossOf(this.server);
  }

  async close(): Promise<void> {
    await this.#connection.close().catch(() => {});
    await this.server.stop();
  }
}

/** Loaded only where a lesson asks for it: what asks the servers how they are brings an HTTP client. */
async function startCluster(options: ClusterOptions): Promise<StartedServer> {
  const { startLocalCluster } = await import('../server/cluster.ts');
  return startLocalCluster(options);
}

/** The runner's own connection to a private server. */
export function connectTo(server: StartedServer): Promise<NatsConnection> {
  return connect({ servers: server.url.split(','), reconnect: false, name: 'lockerroom' });
}

const REFUSED =
  'Address, port, store and log are the run’s: leave them out of it. Listeners of other kinds need the port -1, as several servers include it at a time.';

function refused(config: ServerConfig, version: string, message: string): Problem {
  const [reason, log] = message.split('. Its log:\n');
  const said = (log ?? reason ?? '').replaceAll('nats-server: ', '').replaceAll(config.path, config.name).trim();
  return configProblem(config, `nats-server ${version} does not start with ${config.name}: ${said}`, REFUSED);
}

function unreadable({ binary, config }: PrivateServerOptions, error: unknown): Problem {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (config === null) return problem('server', `the nats-server that was started does not answer: ${message}`, `Try ${binary.path} by hand.`);
  if (/Authorization|Authentication/i.test(`${name} ${message}`)) {
    return configProblem(
      config,
      `${config.name} lets nobody in without a password, and names no \`no_auth_user\``,
      'Runner and page connect as that user: add `no_auth_user: NAME`.',
    );
  }
  return configProblem(
    config,
    `with ${config.name} the state cannot be read: ${message}`,
    'The runner reads it as the `no_auth_user`: its account needs JetStream, and it the permission to publish to `$JS.API.>` and to subscribe to `_INBOX.>`.',
  );
}
