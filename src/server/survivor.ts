/** A program and its arguments → a process that outlives this one, and is told line by line what there would be to clean up. */
import { spawn } from 'node:child_process';

export interface Survivor {
  /** Tells it a line, at once: the pipe takes it before this returns. */
  say(line: string): void;
  /** Dismisses it (`done`) and waits until it is gone. */
  end(): Promise<void>;
}

/** Starts it in a session of its own, where no signal of a terminal reaches it, in the root folder and with nothing of the environment but the PATH. */
export function startSurvivor(program: string, args: string[]): Survivor {
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin' };
  const child = spawn(program, args, { detached: true, cwd: '/', env, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // One that was killed, or could not be started, is no reason to fail.
  child.stdin.on('error', () => {});
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  const say = (line: string) => {
    if (child.stdin.writable) child.stdin.write(`${line}\n`);
  };
  return {
    say,
    async end() {
      say('done');
      child.stdin.end();
      child.ref();
      await ended;
    },
  };
}
