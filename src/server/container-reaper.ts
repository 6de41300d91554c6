/** An engine's address and a run → a process that outlives a killed runner, and removes its containers. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineAddress } from './docker-engine.ts';
import { startSurvivor } from './survivor.ts';

export interface ContainerReaper {
  /** The container outlives the run. */
  keep(id: string): void;
  readonly kept: ReadonlySet<string>;
  /** Tells it that nothing is left to do, and waits until it is gone. */
  end(): Promise<void>;
}

/** It is TypeScript where this file is. */
const HOST = fileURLToPath(new URL(`./container-reaper-host${extname(fileURLToPath(import.meta.url))}`, import.meta.url));

/** Starts it. */
export function startContainerReaper(address: EngineAddress, run: string): ContainerReaper {
  // The run is for whoever looks at the processes. By its whole path this would be one of the run's own, which are killed with it.
  const reaper = startSurvivor(process.execPath, ['--no-warnings', HOST, run.slice(1)]);
  reaper.say(JSON.stringify({ address, run }));
  const kept = new Set<string>();
  return {
    kept,
    keep(id) {
      kept.add(id);
      reaper.say(`keep ${id}`);
    },
    end: () => reaper.end(),
  };
}
