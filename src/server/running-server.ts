/** A nats-server that is ready → when and why it was lost, and its end. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describeEnding, type Ending, killGroup } from './child.ts';
import type { LogTail } from './log.ts';
import { removeTree } from './remove.ts';
import type { RunFolder } from './run-folder.ts';

export interface LocalServer {
  /** `nats://127.0.0.1:PORT` */
  url: string;
  /** As the server itself gives it, without a `v`. */
  version: string;
  /** The folder that a page sees as NATS_STORE_DIR. */
  storeDir: string;
  pid: number;
  /** Null while it runs; else one sentence with its exit code or signal and the last lines of its log that matter. */
  lost(): string | null;
  /** Calls the listener once, with that sentence, when the server has ended without `stop` (soon, where it has already). */
  onLost(listener: (reason: string) => void): void;
  /** Ends the server and removes its store. Safe to call twice. */
  stop(): Promise<void>;
  /** Leaves it running when the runner ends; its log goes to `server.log` beside the store. `stop` then does nothing. The run's folder must be kept too. */
  detach(): void;
}

export interface ServerProcess {
  child: ChildProcessByStdio<null, null, Readable>;
  pid: number;
  /** Resolves when it has ended and its log is read. */
  ended: Promise<Ending>;
  log: LogTail;
  /** The folder of the server within the run's: its store, and its log when it is left running. */
  home: string;
  folder: RunFolder;
}

export class RunningServer implements LocalServer {
  readonly url: string;
  readonly version: string;
  readonly storeDir: string;
  readonly pid: number;
  #process: ServerProcess;
  /** Set as soon as the process is gone, unless we ended it. */
  #loss: Ending | null = null;
  #stopping: Promise<void> | null = null;
  #detached = false;

  constructor(started: { url: string; version: string; storeDir: string }, process: ServerProcess) {
    this.url = started.url;
    this.version = started.version;
    this.storeDir = started.storeDir;
    this.pid = process.pid;
    this.#process = process;
    const note = (end: Ending) => {
      if (this.#stopping === null) this.#loss ??= end;
    };
    process.child.once('exit', (code, signal) => note({ code, signal, error: null }));
    process.ended.then(note);
  }

  lost(): string | null {
    if (this.#loss !== null) return this.#reason(this.#loss);
    return this.#stopping === null ? null : 'The nats-server was stopped.';
  }

  onLost(listener: (reason: string) => void): void {
    // Not at the exit: the last lines of the log may still be on their way then.
    this.#process.ended.then(() => {
      if (this.#loss !== null) listener(this.#reason(this.#loss));
    });
  }

  stop(): Promise<void> {
    if (this.#detached) return Promise.resolve();
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { pid, ended, home } = this.#process;
    // Not asked politely: what it would save is thrown away.
    if (this.#loss === null) killGroup(pid);
    await ended;
    await removeTree(home);
  }

  detach(): void {
    if (this.#detached || this.#stopping !== null || this.#loss !== null) return;
    this.#detached = true;
    const { child, pid, home, folder } = this.#process;
    folder.untrack(pid);
    // Go programs die of a log that nobody reads, so another process reads it from now on.
    const reader = spawn('sh', ['-c', 'exec cat >> "$0"', join(home, 'server.log')], { detached: true, stdio: [child.stderr, 'ignore', 'ignore'] });
    reader.on('error', () => {});
    reader.unref();
    child.stderr.destroy();
    child.unref();
  }

  #reason(end: Ending): string {
    const alarms = this.#process.log.alarms;
    return `The nats-server was lost: it ended with ${describeEnding(end)}${alarms.length > 0 ? `; its log says ${alarms.join(' · ')}` : ''}.`;
  }
}
