/** An engine's address and a run → a process that outlives a killed runner, and removes its containers. */
import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineAddress } from './docker-engine.ts';

export interface ContainerReaper {
  /** The container outlives the run. */
  keep(id: string): void;
  readonly kept: ReadonlySet<string>;
  /** Tells it that nothing is left to do, and waits until it is gone. */
  end(): Promise<void>;
}

/** It is TypeScript where this file is. */
const HOST = fileURLToPath(new URL(`./container-reaper-host${extname(fileURLToPath(import.meta.url))}`, import.meta.url));

/** Starts it in a session of its own, where no signal of a terminal reaches it. */
export function startContainerReaper(address: EngineAddress, run: string): ContainerReaper {
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin' };
  // The run is for whoever looks at the processes. By its whole path this would be one of the run's own, which are killed with it.
  const child = spawn(process.execPath, ['--no-warnings', HOST, run.slice(1)], { detached: true, cwd: '/', env, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin.on('error', () => {});
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  const say = (line: string) => {
    if (child.stdin.writable) child.stdin.write(`${line}\n`);
  };
  say(JSON.stringify({ address, run }));
  const kept = new Set<string>();
  return {
    kept,
    keep(id) {
      kept.add(id);
      say(`keep ${id}`);
    },
    async end() {
      say('done');
      child.stdin.end();
      child.ref();
      await ended;
    },
  };
}
