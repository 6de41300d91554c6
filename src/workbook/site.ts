/** A nats-server binary → a site for one lesson: a private server, its observer, and kernels that find it. */
import { connect } from '@nats-io/transport-node';
import { ProblemError, problem } from '../errors.ts';
import { startProcessKernel } from '../kernel/process.ts';
import { type LocalServer, startLocalServer } from '../server/local.ts';
import type { RunFolder } from '../server/run-folder.ts';
import { createObserver } from '../state/observer.ts';
import type { Kernel, Site } from '../types.ts';

export interface LocalSite extends Site {
  /** Leaves the server running when the run ends; answers with the lines that tell how to reach it. */
  keep(file: string): string[];
  close(): Promise<void>;
}

export interface LocalSiteOptions {
  binary: { path: string; version: string };
  folder: RunFolder;
  /** The page, absolute: its steps import from there. */
  lessonFile: string;
}

/** Starts the server, and beside it a first kernel, so that neither waits for the other. Rejects with a ProblemError where no server can be started. */
export async function openLocalSite({ binary, folder, lessonFile }: LocalSiteOptions): Promise<LocalSite> {
  const env: Record<string, string> = {};
  const start = () => startProcessKernel({ lessonFile, env: () => env, mark: `${folder.path}/kernel`, onStart: (pid) => folder.track(pid) });
  let first: Kernel | null = start();
  const abandon = async (error: unknown): Promise<never> => {
    await first?.end();
    throw error;
  };
  const server = await startLocalServer({ binary, folder }).catch(abandon);
  env.NATS_URL = server.url;
  env.NATS_STORE_DIR = server.storeDir;
  try {
    const connection = await connect({ servers: server.url, reconnect: false, name: 'lockerroom' });
    const observer = createObserver(connection);
    await observer.read();
    return {
      observer,
      startKernel() {
        const kernel = first ?? start();
        first = null;
        return kernel;
      },
      lost: () => server.lost(),
      keep: (file) => keep(server, folder, file),
      async close() {
        await first?.end();
        await connection.close().catch(() => {});
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    const message = error instanceof Error ? error.message : String(error);
    return abandon(new ProblemError(problem('server', `the nats-server that was started does not answer: ${message}`, `try ${binary.path} by hand`)));
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
