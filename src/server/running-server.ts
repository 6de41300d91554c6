/** A nats-server that is ready → when and why it was lost, its deaths on purpose, and its end. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describeEnding, type Ending, killGroup } from './child.ts';
import { type Launch, launch, storeOf } from './launch.ts';
import type { LogTail } from './log.ts';
import { removeTree } from './remove.ts';
import type { RunFolder } from './run-folder.ts';

/** A server that was started for a run, wherever it runs. */
export interface StartedServer {
  /** `nats://127.0.0.1:PORT` */
  url: string;
  /** As the server itself gives it, without a `v`. */
  version: string;
  /** The folder that a page sees as NATS_STORE_DIR; null where its store is out of reach. */
  storeDir: string | null;
  /** Milliseconds within which its end is known here: a connection ends before the server does. */
  readonly notice: number;
  /** The shell command that ends one that was left. */
  readonly removal: string;
  /** Null while it runs, and while it is dead on purpose; else one sentence with its exit code or signal and the last lines of its log that matter. */
  lost(): string | null;
  /** Calls the listener once, with that sentence, when the server has ended without `stop` or `kill` (soon, where it has already). */
  onLost(listener: (reason: string) => void): void;
  /** Kills it as a crash would, on purpose, and waits until it is gone. Rejects with the sentence of `lost` where it was gone already. */
  kill(): Promise<void>;
  /** After `kill`: starts it again on the same port and store. Rejects with the sentence of `lost`, as it is lost then. */
  revive(): Promise<void>;
  /** Ends the server and removes its store. Safe to call twice. */
  stop(): Promise<void>;
  /** Leaves it, and its store, when the runner ends; its log goes to `server.log` beside the store. `stop` then does nothing. The run's folder must be kept too. */
  detach(): void;
}

/** One in a process of this machine. */
export interface LocalServer extends StartedServer {
  storeDir: string;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** `http://127.0.0.1:PORT`, where it tells about itself, and another one after each `revive`; null where it does not. */
  readonly monitor: string | null;
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

/** A port that another program has for a moment is waited for this long, in milliseconds. */
const PORT_PATIENCE = 5_000;
const PORT_AGAIN = 50;

export class RunningServer implements LocalServer {
  readonly url: string;
  readonly version: string;
  readonly storeDir: string;
  readonly notice = 500;
  readonly #launch: Launch;
  readonly #port: number;
  #process: ServerProcess;
  #monitor: number | null;
  /** Set as soon as the process is gone, unless we ended it; the sentence, where it did not come up again. */
  #loss: Ending | string | null = null;
  /** It is dead on purpose. */
  #killed = false;
  #reviving: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;
  readonly #stopped = new AbortController();
  #detached = false;

  constructor(started: Awaited<ReturnType<typeof launch>>, how: Launch) {
    this.url = `nats://127.0.0.1:${started.port}`;
    this.version = started.version;
    this.storeDir = storeOf(how.home);
    this.#launch = how;
    this.#port = started.port;
    this.#process = started.process;
    this.#monitor = started.monitor;
    this.#watch(started.process);
  }

  get pid(): number {
    return this.#process.pid;
  }

  get monitor(): string | null {
    return this.#monitor === null ? null : `http://127.0.0.1:${this.#monitor}`;
  }

  get removal(): string {
    return `kill ${this.pid}`;
  }

  #watch({ child, ended }: ServerProcess): void {
    const note = (end: Ending) => {
      if (this.#stopping === null && !this.#killed && this.#process.child === child) this.#loss ??= end;
    };
    child.once('exit', (code, signal) => note({ code, signal, error: null }));
    ended.then(note);
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

  async kill(): Promise<void> {
    const loss = this.lost();
    if (loss !== null) throw new Error(loss);
    this.#killed = true;
    killGroup(this.#process.pid);
    await this.#process.ended;
  }

  revive(): Promise<void> {
    this.#reviving ??= this.#revive().finally(() => {
      this.#reviving = null;
    });
    return this.#reviving;
  }

  async #revive(): Promise<void> {
    const until = performance.now() + PORT_PATIENCE;
    while (this.#killed && this.#stopping === null) {
      try {
        const started = await launch(this.#launch, this.#port, this.#stopped.signal);
        this.#process = started.process;
        this.#monitor = started.monitor;
        this.#killed = false;
        this.#watch(this.#process);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const isTaken = message.includes('address already in use');
        if (isTaken && performance.now() < until) await delay(PORT_AGAIN);
        else if (this.#stopping === null) {
          const why = isTaken ? `another program has taken its port ${this.#port}.` : message;
          this.#loss = `The nats-server did not come up again: ${why}`;
          break;
        }
      }
    }
    const loss = this.lost();
    if (loss !== null) throw new Error(loss);
  }

  stop(): Promise<void> {
    if (this.#detached) return Promise.resolve();
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#stopped.abort();
    await this.#reviving?.catch(() => {});
    const { pid, ended, home } = this.#process;
    // Not asked politely: what it would save is thrown away.
    if (this.#loss === null && !this.#killed) killGroup(pid);
    await ended;
    await removeTree(home);
  }

  detach(): void {
    if (this.#detached || this.#stopping !== null) return;
    this.#detached = true;
    // Of one that is gone only the store is left.
    if (this.#killed || this.#loss !== null) return;
    const { child, pid, home, folder } = this.#process;
    folder.untrack(pid);
    // Go programs die of a log that nobody reads, so another process reads it from now on.
    const reader = spawn('sh', ['-c', 'exec cat >> "$0"', join(home, 'server.log')], { detached: true, stdio: [child.stderr, 'ignore', 'ignore'] });
    reader.on('error', () => {});
    reader.unref();
    child.stderr.destroy();
    child.unref();
  }

  #reason(loss: Ending | string): string {
    if (typeof loss === 'string') return loss;
    const alarms = this.#process.log.alarms;
    return `The nats-server was lost: it ended with ${describeEnding(loss)}${alarms.length > 0 ? `; its log says ${alarms.join(' · ')}` : ''}.`;
  }
}
