/** An image with a nats-server → a container of it that takes connections, on a free port of the loopback interface. */
import { ProblemError, problem } from '../errors.ts';
import { watchEnd } from './container-end.ts';
import { linesOf, logOf } from './container-log.ts';
import { ContainerServer } from './container-server.ts';
import { type Engine, firstLine } from './docker-engine.ts';
import { LogTail } from './log.ts';
import { greeting } from './ready.ts';
import type { StartedServer } from './running-server.ts';

/**
 * `ours`: it is on this machine's network, where it listens on the loopback interface itself; that takes half the time, as there is no network to make and to
 * remove. `published`: it has a network of its own, and the engine publishes its port.
 */
export type Reach = 'ours' | 'published';

export interface ContainerOptions {
  engine: Engine;
  image: string;
  reach: Reach;
  labels: Record<string, string>;
  /** Called with the id of a container that is to outlive the run. */
  onDetach: (id: string) => void;
  /** Called when the engine has been told to start the container, and this process has nothing to do for it for a while. */
  onStarting?: (() => void) | undefined;
}

/** What a lesson stores is thrown away: kept in memory it is written a fifth faster than into a layer of the image. */
const STORE = '/data';
const COMMAND = ['--jetstream', '--store_dir', STORE, '--name', 'lockerroom'];
const CLIENTS = 4222;
/** Milliseconds within which it must be ready, once the image is here. */
const LIMIT = 30_000;
const KEPT_LINES = 200;

/** Rejects with a ProblemError of code `docker`, with what the server said last. */
export async function startContainer({ engine, image, reach, labels, onDetach, onStarting }: ContainerOptions): Promise<StartedServer> {
  const { GenericContainer, Wait } = engine.testcontainers;
  const { dockerode } = engine;
  class Private extends GenericContainer {
    readonly log = new LogTail(KEPT_LINES);
    id: string | null = null;
    readonly ended = Promise.withResolvers<never>();
    hear(text: string): void {
      for (const line of linesOf(text)) this.log.add(line);
    }
    /** Testcontainers publishes on every interface of the machine; ours is for this run alone. An engine elsewhere has no loopback that we could reach. */
    protected override async beforeContainerCreated(): Promise<void> {
      if (reach === 'published' && engine.isLocal) this.hostConfig.PortBindings = { [`${CLIENTS}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '' }] };
    }
    /** Testcontainers would wait for the ports of one that has ended. */
    protected override async containerCreated(id: string): Promise<void> {
      this.id = id;
      await watchEnd(dockerode, id, (exitCode) => this.ended.reject(new Error(`it ended with exit code ${exitCode}`)));
      // Once what Testcontainers does next is done.
      if (onStarting) setImmediate(onStarting);
    }
  }
  const container = new Private(image);
  container.ended.promise.catch(() => {});
  if (reach === 'ours') container.withNetworkMode('host').withCommand([...COMMAND, '--addr', '127.0.0.1', '--port', '-1']);
  else container.withExposedPorts(CLIENTS).withCommand(COMMAND);
  try {
    const start = container
      .withLabels(labels)
      .withTmpFs({ [STORE]: 'rw' })
      // Its own cleaner is another image to pull; ours (container-reaper) needs none.
      .withAutoCleanup(false)
      .withLogConsumer((stream) => stream.on('data', (text: Buffer | string) => container.hear(String(text))))
      .withWaitStrategy(Wait.forLogMessage('Server is ready'))
      .withStartupTimeout(LIMIT)
      .start();
    const started = await Promise.race([start, container.ended.promise]);
    const port = reach === 'ours' ? announcedPort(await logOf(dockerode, started.getId())) : started.getMappedPort(CLIENTS);
    const { version, jetstream } = await greeting(port, engine.host);
    if (!jetstream) throw new Error('it says that its JetStream is off');
    return new ContainerServer(started, { engine, log: container.log, url: `nats://${engine.host}:${port}`, version, onDetach });
  } catch (error) {
    const log = new LogTail(KEPT_LINES);
    for (const line of container.id === null ? [] : await logOf(dockerode, container.id)) log.add(line);
    // Testcontainers may have removed it by now, and its log with it.
    const { last } = log.last.length > 0 ? log : container.log;
    const reason = firstLine(error instanceof Error ? error.message : String(error));
    const message = [`The image ${image} does not start as a nats-server: ${reason}${last.length > 0 ? '. Its log:' : ''}`, ...last].join('\n  ');
    throw new ProblemError(problem('docker', message, `Try it by hand: docker run --rm ${image} --jetstream`));
  }
}

function announcedPort(log: string[]): number {
  const ports = log.map((line) => /Listening for client connections on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1]);
  const port = ports.find((one) => one !== undefined);
  if (port === undefined) throw new Error('it does not say on which port it listens');
  return Number(port);
}
