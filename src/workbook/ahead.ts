/** A run's first page, not read yet → what it will need in any case, started while the code that reads pages is loaded. */
import { readFile } from 'node:fs/promises';
import { type HostProcess, startHost } from '../kernel/start.ts';
import { firstCandidate } from '../server/find.ts';
import { isProgram } from '../server/known-versions.ts';
import { startLocalServer } from '../server/local.ts';
import { openRunFolder, type RunFolder } from '../server/run-folder.ts';
import { NATS_SERVER } from '../server/version.ts';
import { type DockerAhead, openDockerAhead } from './docker-ahead.ts';
import { HARMLESS } from './harmless.ts';
import type { ServerAhead } from './private-server.ts';
import type { ServerChoice } from './programs.ts';

/** Each thing is given away once; what nobody takes goes with `end`. Nothing here is an error: who gets null starts their own, and says why that fails. */
export interface Ahead {
  takeFolder(): Promise<RunFolder | null>;
  /** Of that file. */
  takeServer(path: string): Promise<ServerAhead | null>;
  takeHost(lessonFile: string): HostProcess | null;
  /** The containers of the choice; null where it is none. */
  docker: DockerAhead | null;
  /** Ends what nobody has taken. Safe to call twice. */
  end(): Promise<void>;
}

export interface AheadOptions {
  /** Absolute; null: it is not known yet. */
  page: string | null;
  onFolder: (folder: RunFolder) => void;
  server: ServerChoice;
  signal: AbortSignal;
}

/** Resolves when the processes are on their way. */
export async function startAhead({ page, onFolder, server: choice, signal }: AheadOptions): Promise<Ahead> {
  const text = page === null ? null : await readFile(page, 'utf8').catch(() => null);
  const folder = await openRunFolder({ sweeping: 'beside' }).catch(() => null);
  if (folder === null) return NOTHING;
  onFolder(folder);
  // A kernel is there long before a container is, so it waits until that is on its way.
  const docker = choice.kind === 'docker' ? await openDockerAhead(choice.tag, folder, signal) : null;
  const host =
    page === null || text === null
      ? null
      : startHost({
          lessonFile: page,
          preload: importsIn(text),
          types: false,
          mark: `${folder.path}/kernel`,
          onStart: (pid) => folder.track(pid),
          onEnd: (pid) => folder.untrack(pid),
        });
  if (docker !== null) return new Started({ folder, page, host, path: null, server: null, docker });
  const path = await firstCandidate(NATS_SERVER);
  // Only what is a program for certain: a script may do anything.
  const server = path !== null && isProgram(path) ? startServer(path, folder).catch(() => null) : null;
  return new Started({ folder, page, host, path, server, docker });
}

const NOTHING: Ahead = { takeFolder: async () => null, takeServer: async () => null, takeHost: () => null, docker: null, end: async () => {} };

interface Parts {
  folder: RunFolder;
  page: string | null;
  host: HostProcess | null;
  path: string | null;
  server: Promise<ServerAhead | null> | null;
  docker: DockerAhead | null;
}

class Started implements Ahead {
  readonly #parts: Parts;
  #isFolderTaken = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async takeFolder(): Promise<RunFolder | null> {
    if (this.#isFolderTaken) return null;
    this.#isFolderTaken = true;
    return this.#parts.folder;
  }

  async takeServer(path: string): Promise<ServerAhead | null> {
    const { server } = this.#parts;
    if (path !== this.#parts.path) return null;
    this.#parts.server = null;
    return server;
  }

  takeHost(lessonFile: string): HostProcess | null {
    const { host, page } = this.#parts;
    if (lessonFile !== page) return null;
    this.#parts.host = null;
    return host;
  }

  get docker(): DockerAhead | null {
    return this.#parts.docker;
  }

  async end(): Promise<void> {
    const { folder, host, server, docker } = this.#parts;
    this.#parts.host = null;
    this.#parts.server = null;
    await Promise.all([host?.end(), server?.then(stop), docker?.end()]);
    if (!this.#isFolderTaken) await folder.close();
  }
}

/** Where it cannot be connected to, whoever takes it tries again, and says why. */
async function startServer(path: string, folder: RunFolder): Promise<ServerAhead> {
  const server = await startLocalServer({ binary: { path, version: '' }, folder });
  // Loaded while the server starts, and nothing that the code that reads pages would not load.
  const { connectTo } = await import('./private-server.ts');
  return { server, connection: await connectTo(server).catch(() => null) };
}

async function stop(ahead: ServerAhead | null): Promise<void> {
  await ahead?.connection?.close().catch(() => {});
  await ahead?.server.stop();
}

/** The packages that a page names behind `from`, wherever it does: those of them that can be loaded before anybody asks for them. */
function importsIn(text: string): string[] {
  const named = [...text.matchAll(/\bfrom\s+['"]([^'"\n]+)['"]/g)].map(([, name = '']) => name);
  return [...new Set(named)].filter((name) => HARMLESS.test(name));
}
