/** A nats-server binary → a site for one lesson: a private server, its observer, kernels that find it, and the console twin. */
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { ProblemError, problem } from '../errors.ts';
import { startProcessKernel } from '../kernel/process.ts';
import { type LocalServer, startLocalServer } from '../server/local.ts';
import type { RunFolder } from '../server/run-folder.ts';
import { createObserver } from '../state/observer.ts';
import type { Kernel, Site } from '../types.ts';
import { lossOf } from './loss.ts';
import { type LocalTwin, openLocalTwin } from './twin-site.ts';

export interface LocalSite extends Site {
  /** Leaves the server running when the run ends; answers with the lines that tell how to reach it. */
  keep(file: string): string[];
  close(): Promise<void>;
}

export interface LocalSiteOptions {
  binary: { path: string; version: string };
  /** The `nats` command for a console twin, or why there is none. */
  twin: { path: string } | string;
  folder: RunFolder;
  /** The page, absolute: its steps import from there. */
  lessonFile: string;
}

/** Starts the servers, and beside them a first kernel, so that none waits for the other. Rejects with a ProblemError where no server can be started. */
export async function openLocalSite({ binary, twin, folder, lessonFile }: LocalSiteOptions): Promise<LocalSite> {
  const env: Record<string, string> = {};
  const start = () => startProcessKernel({ lessonFile, env: () => env, mark: `${folder.path}/kernel`, onStart: (pid) => folder.track(pid) });
  let first: Kernel | null = start();
  const opened: { server?: LocalServer; connection?: NatsConnection; twin?: LocalTwin } = {};
  const close = async () => {
    await first?.end();
    await opened.twin?.close();
    await opened.connection?.close().catch(() => {});
    await opened.server?.stop();
  };

  const connected = (async () => {
    const server = await startLocalServer({ binary, folder });
    opened.server = server;
    env.NATS_URL = server.url;
    env.NATS_STORE_DIR = server.storeDir;
    opened.connection = await connect({ servers: server.url, reconnect: false, name: 'lockerroom' });
    return { server, connection: opened.connection };
  })();
  const twinned =
    typeof twin === 'string' ? twin : openLocalTwin({ binary, cli: twin, folder, lessonFile, first: connected.then(({ connection }) => connection) });
  try {
    // Both are waited for, also where one fails, so that nothing is started behind the clean-up's back.
    const [one, other] = await Promise.allSettled([connected, twinned]);
    if (one.status === 'rejected') throw one.reason;
    if (other.status === 'rejected') throw other.reason;
    if (typeof other.value !== 'string') opened.twin = other.value;
    const { server, connection } = one.value;
    const observer = createObserver(connection);
    await observer.read();
    return {
      observer,
      twin: other.value,
      startKernel() {
        const kernel = first ?? start();
        first = null;
        return kernel;
      },
      lost: () => lossOf(server),
      keep: (file) => keep(server, folder, file),
      close,
    };
  } catch (error) {
    await close();
    if (error instanceof ProblemError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new ProblemError(problem('server', `the nats-server that was started does not answer: ${message}`, `Try ${binary.path} by hand.`));
  }
}

function keep(server: LocalServer, folder: RunFolder, file: string): string[] {
  folder.keep();
  server.detach();
  return [
    `Kept for ${file}:`,
    `  server  ${server.url}   (nats --server ${server.url} kv ls)`,
    `  store   ${server.storeDir}`,
    `  remove  kill ${server.pid}; rm -r ${folder.path}`,
  ];
}
