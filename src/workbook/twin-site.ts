/** A site's server → its console twin: a second private server, and a shell whose `nats` finds that one and nothing of the reader's. */
import { mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startConsoleKernel } from '../kernel/console.ts';
import { startLocalServer } from '../server/local.ts';
import type { RunFolder } from '../server/run-folder.ts';
import { createObserver } from '../state/observer.ts';
import { createTwinStreams } from '../state/twin.ts';
import type { TwinSite } from '../types.ts';
import { lossOf } from './loss.ts';

export interface TwinOptions {
  binary: { path: string; version: string };
  /** The `nats` command. */
  cli: { path: string };
  folder: RunFolder;
  lessonFile: string;
  /** To the first server, as soon as there is one. */
  first: Promise<NatsConnection>;
}

export interface LocalTwin extends TwinSite {
  close(): Promise<void>;
}

/** Rejects with a ProblemError where no server can be started. */
export async function openLocalTwin({ binary, cli, folder, lessonFile, first }: TwinOptions): Promise<LocalTwin> {
  const server = await startLocalServer({ binary, folder });
  try {
    const connection = await connect({ servers: server.url, reconnect: false, name: 'lockerroom' });
    const streams = createTwinStreams(await first, connection);
    let observer = createObserver(connection);
    await observer.read();
    const home = await mkdtemp(join(folder.path, 'console-'));
    const shell = startConsoleKernel({
      env: () => ({ NATS_URL: server.url, NATS_STORE_DIR: server.storeDir }),
      folder: home,
      cwd: dirname(lessonFile),
      path: await linkAsNats(cli.path, home),
      mark: `${home}/command`,
      onStart: (pid) => folder.track(pid),
      onEnd: (pid) => folder.untrack(pid),
    });
    return {
      get observer() {
        return observer;
      },
      console: shell,
      async bring() {
        if (!(await streams.bring())) return;
        // What was brought has another history than what was there under its name.
        observer = createObserver(connection);
        await observer.read();
      },
      accept: () => streams.accept(),
      lost: () => lossOf(server),
      async close() {
        await shell.end();
        await connection.close().catch(() => {});
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The CLI in the cache has its version in its name; a page says `nats`. */
async function linkAsNats(cli: string, home: string): Promise<string> {
  const bin = join(home, 'bin');
  await mkdir(bin);
  await symlink(cli, join(bin, 'nats'));
  return bin;
}
