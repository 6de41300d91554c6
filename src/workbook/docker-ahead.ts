/** A tag → containers on their way before the pages are read, for whoever asks for them later. */
import type { DockerServers } from '../server/docker.ts';
import type { RunFolder } from '../server/run-folder.ts';

export interface DockerAhead {
  /** It is the caller's then, who is told of what is slow; null where somebody has taken it before. Rejects as `openDocker` does. */
  take(onProgress: (text: string) => void): Promise<DockerServers> | null;
  /** Removes what nobody has taken. */
  end(): Promise<void>;
}

/** Resolves when the first container is on its way, or there is none: what is loaded before that would keep the engine's answers waiting. */
export async function openDockerAhead(tag: string | null, folder: RunFolder, signal: AbortSignal): Promise<DockerAhead> {
  let last: string | null = null;
  let tell = (text: string): void => {
    last = text;
  };
  const underway = Promise.withResolvers<void>();
  // Loaded only here: it brings Testcontainers.
  const { openDocker } = await import('../server/docker.ts');
  const servers = openDocker({ tag, folder, onProgress: (text) => tell(text), signal, onStarting: underway.resolve });
  const settled = servers.catch(() => null);
  await Promise.race([underway.promise, settled]);
  let isTaken = false;
  return {
    take(onProgress) {
      if (isTaken) return null;
      isTaken = true;
      tell = onProgress;
      if (last !== null) onProgress(last);
      return servers;
    },
    async end() {
      if (!isTaken) await (await settled)?.close();
    },
  };
}
