/** A nats-server's file and a run's folder → a private server with JetStream, on a free loopback port, that goes with the run. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Launch, launch } from './launch.ts';
import { didNotStart } from './ready.ts';
import { removeTree } from './remove.ts';
import type { RunFolder } from './run-folder.ts';
import { type LocalServer, RunningServer } from './running-server.ts';

export type { LocalServer };

export interface LocalServerOptions {
  binary: { path: string; version: string };
  folder: RunFolder;
  /** Absolute: a configuration file that it includes. Its address, port, store, log and monitoring are ours all the same. */
  config?: string | null;
  /** The server's name in its log and in what it tells clients; default `lockerroom`. */
  name?: string;
  cluster?: Launch['cluster'];
  /** Milliseconds within which it must be ready; default 10 s, where a server takes about 20 ms. */
  limit?: number;
}

const LIMIT = 10_000;

/** Resolves when the server takes connections. Rejects with a ProblemError of code `server` that has the last lines of its log; nothing of it stays then. */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const { binary, folder, config = null, name = 'lockerroom', cluster = null, limit = LIMIT } = options;
  const home = await mkdtemp(join(folder.path, 'server-')).catch((error: Error) => {
    throw didNotStart(binary, `its store cannot be made: ${error.message}`, []);
  });
  const how: Launch = { binary, folder, home, name, config, cluster, limit };
  try {
    return new RunningServer(await launch(how, null), how);
  } catch (error) {
    await removeTree(home);
    throw error;
  }
}
