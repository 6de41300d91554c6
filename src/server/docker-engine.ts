/** The reader's environment → the Docker engine that Testcontainers finds in it, and an image there. */
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerRuntimeClient } from 'testcontainers';
import { ProblemError, problem } from '../errors.ts';
import { loadTestcontainers, type Testcontainers } from './testcontainers.ts';

/** Milliseconds within which an engine must have answered. */
const PATIENCE = 10_000;

export type Dockerode = ContainerRuntimeClient['container']['dockerode'];

/** Where an engine listens, as Node's `http` takes it. */
export interface EngineAddress {
  socketPath?: string;
  protocol?: string;
  host?: string;
  port?: number | string;
  ca?: string;
  cert?: string;
  key?: string;
}

export interface Engine {
  testcontainers: Testcontainers;
  client: ContainerRuntimeClient;
  dockerode: Dockerode;
  address: EngineAddress;
  /** Where the ports of its containers are: an address, `127.0.0.1` for an engine of this machine. */
  host: string;
  isLocal: boolean;
  /** Whether a container on the host's network is on ours. */
  isOnOurNetwork: boolean;
}

/** Rejects with a ProblemError of code `docker` that says what to do. */
export async function openEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const testcontainers = loadTestcontainers();
  const silence = delay(PATIENCE, null, { ref: false });
  const client = await Promise.race([testcontainers.getContainerRuntimeClient().catch(() => null), silence]);
  if (client === null) throw noEngine(env);
  const { dockerode } = client.container;
  const address = addressOf(dockerode);
  // Testcontainers would silently take another engine than the one that the reader has named.
  if (env.DOCKER_HOST && !isAt(env.DOCKER_HOST, address)) throw noEngine(env);
  const { host } = client.info.containerRuntime;
  const isLocal = await isOurs(host);
  const isOnOurNetwork = isLocal && (await hasOurBridge(dockerode));
  return { testcontainers, client, dockerode, address, host: isLocal ? '127.0.0.1' : host, isLocal, isOnOurNetwork };
}

/** Whether the engine's bridge is this machine's: it is not where the engine runs in a virtual machine, or without root. */
async function hasOurBridge(dockerode: Dockerode): Promise<boolean> {
  const bridge = await dockerode
    .getNetwork('bridge')
    .inspect()
    .catch(() => null);
  const gateway = bridge?.IPAM?.Config?.find((one) => one.Gateway !== undefined)?.Gateway;
  return gateway !== undefined && isOurs(gateway);
}

/** Whether an address is this machine's: only there can we listen. In a container, the bridge's is ours where the engine is beside us, and not where it is the host's. */
function isOurs(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(0, host, () => server.close(() => resolve(true)));
  });
}

function noEngine({ DOCKER_HOST }: NodeJS.ProcessEnv): ProblemError {
  const message = DOCKER_HOST ? `No Docker engine answers at ${DOCKER_HOST}, which DOCKER_HOST names.` : 'No Docker engine answers here.';
  const advice = DOCKER_HOST
    ? 'Start it, or unset DOCKER_HOST; `docker version` says more.'
    : 'Start Docker, and see whether `docker version` reaches it; one with an address of its own is named in DOCKER_HOST.';
  return new ProblemError(problem('docker', message, `${advice} Without \`--server docker\` a run needs none.`));
}

function addressOf(dockerode: Dockerode): EngineAddress {
  const { socketPath, protocol, host, port, ca, cert, key } = dockerode.modem as EngineAddress;
  return socketPath ? { socketPath } : JSON.parse(JSON.stringify({ protocol, host, port, ca, cert, key }, (_, value) => value ?? undefined));
}

function isAt(named: string, { socketPath, host, port }: EngineAddress): boolean {
  if (!/^\w+:\/\//.test(named)) return true;
  const { protocol, pathname, hostname, port: namedPort } = new URL(named);
  if (protocol === 'unix:') return socketPath === pathname;
  if (protocol !== 'tcp:' && protocol !== 'http:' && protocol !== 'https:') return true;
  return socketPath === undefined && host === hostname && (namedPort === '' || String(port) === namedPort);
}

/** Pulls the image where it is not here. Rejects with a ProblemError of code `docker`, and with the signal's reason. */
export async function findImage(
  { client, testcontainers }: Engine,
  image: string,
  { onProgress, signal }: { onProgress: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  const name = testcontainers.ImageName.fromString(image);
  if (await client.image.exists(name)) return;
  onProgress(`pulling the image ${image}`);
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  await Promise.race([client.image.pull(name), aborted]).catch((error: Error) => {
    signal.throwIfAborted();
    const message = `The image ${image} is not here and cannot be pulled: ${firstLine(error.message)}`;
    throw new ProblemError(problem('docker', message, `Check the tag and the network, or get it by hand: docker pull ${image}`));
  });
}

export function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? '';
}
