/** A nats-server binary → a site for one lesson: a private server, its observer, kernels that find it, and the console twin. */
import type { NatsConnection } from '@nats-io/nats-core';
import { startProcessKernel } from '../kernel/process.ts';
import type { HostProcess } from '../kernel/start.ts';
import type { RunFolder } from '../server/run-folder.ts';
import type { StartedServer } from '../server/running-server.ts';
import { createTwinStreams } from '../state/twin.ts';
import type { ExpectedState, Kernel, Site } from '../types.ts';
import type { KernelNeeds } from './kernel-needs.ts';
import { openPrivateServer, type PrivateServer, type PrivateServerOptions } from './private-server.ts';
import { type LocalTwin, openLocalTwin } from './twin-site.ts';

export interface LocalSite extends Site {
  url: string;
  /** Leaves the server running when the run ends; answers with the lines that tell how to reach it. */
  keep(file: string): string[];
  close(): Promise<void>;
  /** To its server, as long as that lives. */
  connection: NatsConnection;
}

/** A server that holds the state in which lessons start. */
export interface Base {
  connection: NatsConnection;
  /** What the page of the earlier lesson says at its end. */
  expected: ExpectedState;
}

export interface LocalSiteOptions extends PrivateServerOptions {
  /** The `nats` command for a console twin, or why there is none. */
  twin: { path: string } | string;
  /** The page, absolute: its steps import from there. */
  lessonFile: string;
  /** What this one is to hold at its start; left out or null: nothing. */
  base?: Base | null;
  /** What the kernel can make ready while the server starts. */
  needs: KernelNeeds;
  /** It is one of many, whose types are stripped in one place. */
  stripsHere?: boolean;
  /** A kernel's process for this page that was started before it was asked for; null where there is none. It is the caller's then. */
  takeHost?: (lessonFile: string) => HostProcess | null;
}

/**
 * Starts the servers, and beside them a first kernel, so that none waits for the other. Rejects with a ProblemError where no server can be started, or none with
 * the lesson's `config`.
 */
export async function openLocalSite({ twin, lessonFile, needs, stripsHere = false, base = null, takeHost, ...options }: LocalSiteOptions): Promise<LocalSite> {
  const { folder } = options;
  const env: Record<string, string> = {};
  const start = (host: HostProcess | null) =>
    startProcessKernel({
      lessonFile,
      ...needs,
      stripsHere,
      env: () => env,
      mark: `${folder.path}/kernel`,
      onStart: (pid) => folder.track(pid),
      onEnd: (pid) => folder.untrack(pid),
      ...(host && { host }),
    });
  let first: Kernel | null = start(takeHost?.(lessonFile) ?? null);
  const opened: { first?: PrivateServer; twin?: LocalTwin } = {};
  const close = async () => {
    await Promise.all([first?.end(), opened.twin?.close(), opened.first?.close()]);
  };

  const connected = openPrivateServer(options).then(async (one) => {
    opened.first = one;
    env.NATS_URL = one.server.url;
    if (one.server.storeDir !== null) env.NATS_STORE_DIR = one.server.storeDir;
    if (base !== null) {
      const { connection } = one;
      await createTwinStreams(
        () => base.connection,
        () => connection,
      ).bring();
      await one.renew();
    }
    return one;
  });
  const twinned = typeof twin === 'string' ? twin : openLocalTwin({ ...options, cli: twin, lessonFile, first: connected });
  try {
    // Both are waited for, also where one fails, so that nothing is started behind the clean-up's back.
    const [one, other] = await Promise.allSettled([connected, twinned]);
    if (one.status === 'rejected') throw one.reason;
    if (other.status === 'rejected') throw other.reason;
    if (typeof other.value !== 'string') opened.twin = other.value;
    const { server, observer, connection } = one.value;
    return {
      url: server.url,
      observer,
      connection,
      twin: other.value,
      mortal: one.value,
      ...(base && { start: base.expected }),
      startKernel() {
        const kernel = first ?? start(null);
        first = null;
        return kernel;
      },
      lost: () => one.value.lost(),
      keep: (file) => keep(server, folder, file),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function keep(server: StartedServer, folder: RunFolder, file: string): string[] {
  folder.keep();
  server.detach();
  const store = server.storeDir === null ? [] : [`  store   ${server.storeDir}`];
  // What is gone cannot be reached, and its process id may be another's by now.
  if (server.lost() !== null) return [`Kept for ${file}, whose server is gone:`, ...store, `  remove  rm -rf ${folder.path}`];
  return [`Kept for ${file}:`, `  server  ${server.url}   (nats --server ${server.url} kv ls)`, ...store, `  remove  ${server.removal}; rm -rf ${folder.path}`];
}
