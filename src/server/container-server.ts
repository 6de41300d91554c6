/** A container with a nats-server that is ready → when and why it was lost, and its end. */
import type { StartedTestContainer } from 'testcontainers';
import { type Dockerode, type Engine, firstLine } from './docker-engine.ts';
import type { LogTail } from './log.ts';
import type { StartedServer } from './running-server.ts';

interface ContainerState {
  engine: Engine;
  log: LogTail;
  url: string;
  version: string;
  onDetach: (id: string) => void;
}

export class ContainerServer implements StartedServer {
  readonly url: string;
  readonly version: string;
  /** Its store is in the container. */
  readonly storeDir = null;
  /** The engine takes a container apart before it says so. */
  readonly notice = 10_000;
  readonly removal: string;
  readonly #container: ReturnType<Dockerode['getContainer']>;
  readonly #onDetach: (id: string) => void;
  readonly #ended: Promise<void>;
  #loss: string | null = null;
  #stopping: Promise<void> | null = null;
  #detached = false;

  constructor(started: StartedTestContainer, { engine, log, url, version, onDetach }: ContainerState) {
    this.url = url;
    this.version = version;
    this.removal = `docker rm -f -v ${started.getName().replace(/^\//, '')}`;
    this.#container = engine.dockerode.getContainer(started.getId());
    this.#onDetach = onDetach;
    const lost = (how: string) => {
      if (this.#stopping !== null) return;
      const { alarms } = log;
      this.#loss ??= `The container of the nats-server was lost: ${how}${alarms.length > 0 ? `; its log says ${alarms.join(' · ')}` : ''}.`;
    };
    this.#ended = this.#container.wait().then(
      ({ StatusCode }: { StatusCode: number }) => lost(`it ended with exit code ${StatusCode}`),
      (error: Error) => lost(firstLine(error.message)),
    );
  }

  lost(): string | null {
    return this.#loss ?? (this.#stopping === null ? null : 'The nats-server was stopped.');
  }

  onLost(listener: (reason: string) => void): void {
    this.#ended.then(() => {
      if (this.#loss !== null) listener(this.#loss);
    });
  }

  /** Lessons with faults are `private`, and do not come here. */
  kill(): Promise<void> {
    return Promise.reject(new Error('a server in a container is not killed by a step'));
  }

  revive(): Promise<void> {
    return this.kill();
  }

  stop(): Promise<void> {
    if (this.#detached) return Promise.resolve();
    // Killed, not asked: what it would save is thrown away. Where it does not go, the end of the run removes it, or says so.
    this.#stopping ??= this.#container.remove({ force: true, v: true }).catch(() => {});
    return this.#stopping;
  }

  detach(): void {
    if (this.#detached || this.#stopping !== null || this.#loss !== null) return;
    this.#detached = true;
    this.#onDetach(this.#container.id);
  }
}
