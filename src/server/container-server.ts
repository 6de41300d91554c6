/** An image with a nats-server → a container of it that takes connections, on a free port of the loopback interface, and how it was lost. */
import type { StartedTestContainer } from 'testcontainers';
import { ProblemError, problem } from '../errors.ts';
import { plainLine } from './child.ts';
import { type Dockerode, type Engine, firstLine } from './docker-engine.ts';
import { LogTail } from './log.ts';
import { greeting } from './ready.ts';
import type { StartedServer } from './running-server.ts';

export interface ContainerOptions {
  engine: Engine;
  image: string;
  labels: Record<string, string>;
  /** Called with the id of a container that is to outlive the run. */
  onDetach: (id: string) => void;
  /** Called when the engine has been told to start the container, and this process has nothing to do for it for a while. */
  onStarting?: (() => void) | undefined;
}

const CLIENTS = 4222;
/** Milliseconds within which it must be ready, once the image is here. */
const LIMIT = 30_000;
const KEPT_LINES = 200;

/** Rejects with a ProblemError of code `docker`, with what the server said last. */
export async function startContainer({ engine, image, labels, onDetach, onStarting }: ContainerOptions): Promise<StartedServer> {
  const { GenericContainer, Wait } = engine.testcontainers;
  // Testcontainers publishes on every interface of the machine; ours is for this run alone. An engine elsewhere has no loopback that we could reach.
  class Private extends GenericContainer {
    protected override async beforeContainerCreated(): Promise<void> {
      if (engine.isLocal) this.hostConfig.PortBindings = { [`${CLIENTS}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '' }] };
    }
    readonly log = new LogTail(KEPT_LINES);
    id: string | null = null;
    readonly ended = Promise.withResolvers<never>();
    /** Testcontainers would wait for the ports of one that has ended. */
    protected override async containerCreated(id: string): Promise<void> {
      this.id = id;
      const end = engine.dockerode.getContainer(id).wait({ condition: 'next-exit' });
      // Once what Testcontainers does next is done.
      if (onStarting) setImmediate(onStarting);
      end.then(({ StatusCode }) => this.ended.reject(new Error(`it ended with exit code ${StatusCode}`))).catch(() => {});
    }
  }
  const container = new Private(image);
  container.ended.promise.catch(() => {});
  try {
    const start = container
      .withCommand(['--jetstream', '--store_dir', '/data', '--name', 'lockerroom'])
      .withExposedPorts(CLIENTS)
      .withLabels(labels)
      // Its own cleaner is another image to pull; ours (container-reaper) needs none.
      .withAutoCleanup(false)
      .withLogConsumer((stream) => stream.on('data', (text: Buffer | string) => addLines(container.log, String(text))))
      .withWaitStrategy(Wait.forLogMessage('Server is ready'))
      .withStartupTimeout(LIMIT)
      .start();
    const started = await Promise.race([start, container.ended.promise]);
    const port = started.getMappedPort(CLIENTS);
    const { version, jetstream } = await greeting(port, engine.host);
    if (!jetstream) throw new Error('it says that its JetStream is off');
    return new ContainerServer(started, { engine, log: container.log, url: `nats://${engine.host}:${port}`, version, onDetach });
  } catch (error) {
    const last = container.id === null ? [] : await lastLines(engine.dockerode, container.id);
    const reason = firstLine(error instanceof Error ? error.message : String(error));
    const message = [`The image ${image} does not start as a nats-server: ${reason}${last.length > 0 ? '. Its log:' : ''}`, ...last].join('\n  ');
    throw new ProblemError(problem('docker', message, `Try it by hand: docker run --rm ${image} --jetstream`));
  }
}

/** Of its log, which goes with it. */
async function lastLines(dockerode: Dockerode, id: string): Promise<string[]> {
  const log = new LogTail(KEPT_LINES);
  const frames = await dockerode
    .getContainer(id)
    .logs({ stdout: true, stderr: true, tail: KEPT_LINES })
    .catch(() => Buffer.alloc(0));
  // Each begins with eight bytes, of which the last four are its length.
  for (let at = 0; at + 8 <= frames.length; ) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    addLines(log, frames.toString('utf8', at + 8, end));
    at = end;
  }
  return log.last;
}

function addLines(log: LogTail, text: string): void {
  for (const line of text.split('\n')) log.add(plainLine(line));
}

interface ContainerState {
  engine: Engine;
  log: LogTail;
  url: string;
  version: string;
  onDetach: (id: string) => void;
}

class ContainerServer implements StartedServer {
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
