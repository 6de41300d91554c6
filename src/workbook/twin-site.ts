/** A site's server → its console twin: a second private server, and a shell whose `nats` finds that one and nothing of the reader's. */
import { mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NatsConnection } from '@nats-io/nats-core';
import { startConsoleKernel } from '../kernel/console.ts';
import { createTwinStreams } from '../state/twin.ts';
import type { TwinSite } from '../types.ts';
import { openPrivateServer, type PrivateServerOptions } from './private-server.ts';

export interface TwinOptions extends PrivateServerOptions {
  /** The `nats` command. */
  cli: { path: string };
  lessonFile: string;
  /** The first server, as soon as there is one; its connection may be another one after its death. */
  first: Promise<{ readonly connection: NatsConnection }>;
}

export interface LocalTwin extends TwinSite {
  close(): Promise<void>;
}

/** Rejects with a ProblemError where no server can be started. */
export async function openLocalTwin({ cli, lessonFile, first, ...options }: TwinOptions): Promise<LocalTwin> {
  const { folder } = options;
  const own = await openPrivateServer(options);
  try {
    const other = await first;
    const streams = createTwinStreams(
      () => other.connection,
      () => own.connection,
    );
    const home = await mkdtemp(join(folder.path, 'console-'));
    const shell = startConsoleKernel({
      env: () => ({ NATS_URL: own.server.url, ...(own.server.storeDir !== null && { NATS_STORE_DIR: own.server.storeDir }) }),
      folder: home,
      cwd: dirname(lessonFile),
      path: await linkAsNats(cli.path, home),
      mark: `${home}/command`,
      onStart: (pid) => folder.track(pid),
      onEnd: (pid) => folder.untrack(pid),
    });
    return {
      get observer() {
        return own.observer;
      },
      console: shell,
      async bring() {
        if (await streams.bring()) await own.renew();
      },
      accept: () => streams.accept(),
      kill: () => own.kill(),
      revive: () => own.revive(),
      lost: () => own.lost(),
      async close() {
        await shell.end();
        await own.close();
      },
    };
  } catch (error) {
    await own.close();
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
