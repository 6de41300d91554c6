/** A tag and a run's folder → nats-servers in containers of the image `nats:TAG`, each private to whoever starts it, which go with the run. */
import { hostname } from 'node:os';
import { startContainerReaper } from './container-reaper.ts';
import { type Reach, startContainer } from './container-start.ts';
import { removeContainersOf, sweepContainers } from './container-sweep.ts';
import { findImage, openEngine } from './docker-engine.ts';
import type { RunFolder } from './run-folder.ts';
import type { StartedServer } from './running-server.ts';
import { NATS_SERVER } from './version.ts';

export interface DockerOptions {
  /** Of the image `nats`; null: that of the pinned version. */
  tag: string | null;
  folder: RunFolder;
  onProgress: (text: string) => void;
  signal: AbortSignal;
  /** As of `startContainer`, for the first. */
  onStarting?: () => void;
}

/**
 * Containers side by side, not accounts of one: an account would take 4 ms and a container takes 250, but the next lesson's is made ready while one runs (the workbook: 58 s, and 53 on
 * processes of this machine), and so a page needs no credentials and hears no advisory of another.
 */
export interface DockerServers {
  /** The image, as it is named in messages. */
  path: string;
  /** `docker:TAG` */
  source: string;
  /** As the server in the image gives it. */
  version: string;
  /** Rejects with a ProblemError of code `docker`. */
  start(): Promise<StartedServer>;
  /** Removes every container of the run that was not kept. */
  close(): Promise<void>;
}

/** Removes the containers of dead runs and starts a first server, which tells its version. Rejects with a ProblemError of code `docker` where there is no engine, no image or no server in it. */
export async function openDocker({ tag, folder, onProgress, signal, onStarting }: DockerOptions): Promise<DockerServers> {
  const image = `nats:${tag ?? NATS_SERVER.version}`;
  const engine = await openEngine();
  const labels = { 'lockerroom.run': folder.path, 'lockerroom.host': hostname() };
  const reaper = startContainerReaper(engine.address, folder.path);
  // Only the end waits for it. A folder that is being removed looks like one that was kept, so their sweep comes first.
  const swept = folder.swept.then(() => sweepContainers(engine.dockerode)).catch(() => {});
  const starting = new Set<Promise<StartedServer>>();
  let closed = false;
  const close = async () => {
    closed = true;
    // One whose creation is under way could not be found yet.
    await Promise.allSettled([...starting, swept]);
    await removeContainersOf(engine.dockerode, folder.path, reaper.kept);
    await reaper.end();
  };
  try {
    await findImage(engine, image, { onProgress, signal });
    let reach: Reach = engine.isOnOurNetwork ? 'ours' : 'published';
    const startOne = async (onStarting?: () => void) => {
      const options = { engine, image, labels, onDetach: (id: string) => reaper.keep(id), onStarting };
      try {
        return await startContainer({ ...options, reach });
      } catch (error) {
        // An engine may forbid its containers the host's network, or mean another one.
        if (reach === 'published') throw error;
        reach = 'published';
        return startContainer({ ...options, reach });
      }
    };
    const start = (onStarting?: () => void) => {
      if (closed) return Promise.reject(new Error('the run has ended'));
      const one = startOne(onStarting);
      starting.add(one);
      const forget = () => starting.delete(one);
      one.then(forget, forget);
      return one;
    };
    let first: StartedServer | null = await start(onStarting);
    signal.throwIfAborted();
    return {
      path: `the image ${image}`,
      source: `docker:${image.slice('nats:'.length)}`,
      version: first.version,
      // The first one is there already, and nobody has used it.
      async start() {
        const ready = first;
        first = null;
        return ready ?? start();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
