/** A nats-server's file and a run's folder → three private servers in a cluster, of which one at a time can die, and which go together. */
import { createServer } from 'node:net';
import { ProblemError } from '../errors.ts';
import { awaitCluster, busiestLeader } from './cluster-health.ts';
import { awaitPlacement } from './cluster-placement.ts';
import { type LocalServer, type LocalServerOptions, startLocalServer } from './local.ts';
import { didNotStart } from './ready.ts';
import type { StartedServer } from './running-server.ts';

export interface ClusterOptions extends Omit<LocalServerOptions, 'name' | 'cluster'> {
  servers: number;
}

/** Milliseconds for the cluster to come to rest. Where a leader was lost, the others notice after 4 to 10 s. */
const LIMIT = 60_000;

/** A port that was free a moment ago can be another's by now. */
const ATTEMPTS = 3;

/** Resolves when the servers have a leader, and all are current. Rejects with a ProblemError of code `server`; nothing of them stays then. */
export async function startLocalCluster(options: ClusterOptions): Promise<LocalCluster> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options);
    } catch (error) {
      const isTaken = error instanceof ProblemError && error.problem.message.includes('address already in use');
      if (!isTaken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function start({ servers, ...options }: ClusterOptions): Promise<LocalCluster> {
  const ports = await freePorts(servers);
  const starting = ports.map((port, at) => startLocalServer({ ...options, name: nameOf(at), cluster: { port, ports } }));
  const settled = await Promise.allSettled(starting);
  const members = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const cluster = new LocalCluster(members);
  try {
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
    await cluster.rest();
    await cluster.beReady();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error instanceof ProblemError ? error : didNotStart(options.binary, (error as Error).message, []);
  }
}

/** As clients and the `nats` CLI see them. */
function nameOf(at: number): string {
  return `lockerroom-${at + 1}`;
}

class LocalCluster implements StartedServer {
  readonly storeDir = null;
  readonly notice: number;
  readonly #members: LocalServer[];
  /** It is dead on purpose. */
  #victim: LocalServer | null = null;
  readonly #stopped = new AbortController();

  constructor(members: LocalServer[]) {
    this.#members = members;
    this.notice = Math.max(...members.map(({ notice }) => notice));
  }

  /** Those of all servers, with commas between, as the `nats` CLI takes them. */
  get url(): string {
    return this.#members.map(({ url }) => url).join(',');
  }

  get version(): string {
    return this.#members[0]?.version ?? '';
  }

  get removal(): string {
    return `kill ${this.pids.join(' ')}`;
  }

  /** In the order of `url`. */
  get pids(): number[] {
    return this.#members.map(({ pid }) => pid);
  }

  lost(): string | null {
    return this.#members.map((one) => one.lost()).find((loss) => loss !== null) ?? null;
  }

  onLost(listener: (reason: string) => void): void {
    const once = Promise.withResolvers<string>();
    once.promise.then(listener);
    for (const one of this.#members) one.onLost(once.resolve);
  }

  /** One of them: the one that leads the most streams, of several the first. */
  async kill(): Promise<void> {
    const loss = this.lost();
    if (loss !== null) throw new Error(loss);
    const victim = this.#members[await busiestLeader(this.#monitored())] ?? null;
    this.#victim = victim;
    await victim?.kill();
  }

  /** Also waits until it has caught up with the others. */
  async revive(): Promise<void> {
    const victim = this.#victim;
    this.#victim = null;
    await victim?.revive();
    await this.rest();
  }

  async rest(): Promise<void> {
    await awaitCluster(this.#monitored(), { limit: LIMIT, signal: this.#stopped.signal, lost: () => this.lost() });
  }

  /** For streams with a copy on each of them. */
  async beReady(): Promise<void> {
    await awaitPlacement(this.url.split(','), this.#stopped.signal);
    await this.rest();
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error('The cluster was stopped.'));
    await Promise.all(this.#members.map((one) => one.stop()));
  }

  detach(): void {
    for (const one of this.#members) one.detach();
  }

  #monitored() {
    return this.#members.map(({ monitor }, at) => ({ name: nameOf(at), monitor: monitor ?? '' }));
  }
}

export type { LocalCluster };

/** Ports of the loopback interface, all of them other ones, that nobody listens on now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
