/** The reader's environment → the Docker engine that Testcontainers finds in it, and an image there. Testcontainers is loaded here, and only here. */
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';
import { ProblemError, problem } from '../errors.ts';
import { requireLazily } from './lazy-require.ts';

type Testcontainers = typeof import('testcontainers');
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
}

/** Rejects with a ProblemError of code `docker` that says what to do. */
export async function openEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const testcontainers = loadTestcontainers();
  const client = await testcontainers.getContainerRuntimeClient().catch((error: Error) => {
    throw noEngine(env, error.message);
  });
  const { dockerode } = client.container;
  const address = addressOf(dockerode);
  // Testcontainers would silently take another engine than the one that the reader has named.
  if (env.DOCKER_HOST && !isAt(env.DOCKER_HOST, address)) throw noEngine(env, 'no engine answers there');
  const { host } = client.info.containerRuntime;
  const isLocal = await isOurs(host);
  return { testcontainers, client, dockerode, address, host: isLocal ? '127.0.0.1' : host, isLocal };
}

/** Whether an address is this machine's: only there can we listen. In a container, the bridge's is ours where the engine is beside us, and not where it is the host's. */
function isOurs(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(0, host, () => server.close(() => resolve(true)));
  });
}

/** What Testcontainers needs for builds, Compose and waits by HTTP: 550 of the 730 files that it reads at its start. */
const SELDOM = new Set(['@grpc/grpc-js', '@grpc/proto-loader', 'archiver', 'docker-compose', 'tar-fs', 'undici']);

/** From beside this package, else from the project in whose folder the command runs. */
function loadTestcontainers(): Testcontainers {
  for (const beside of [import.meta.url, join(process.cwd(), 'package.json')]) {
    const require = createRequire(beside);
    const path = tryResolve(require);
    if (path === null) continue;
    try {
      return requireLazily(SELDOM, () => require(path));
    } catch (error) {
      throw doesNotLoad(error);
    }
  }
  const message = '`--server docker` needs the package testcontainers, and it is not installed.';
  throw new ProblemError(problem('docker', message, 'Install it: npm install --save-dev testcontainers@12'));
}

function tryResolve(require: NodeJS.Require): string | null {
  try {
    return require.resolve('testcontainers');
  } catch {
    return null;
  }
}

function doesNotLoad(error: unknown): ProblemError {
  const message = `The package testcontainers does not load: ${error instanceof Error ? error.message : String(error)}`;
  return new ProblemError(problem('docker', message, 'Install a version that your Node runs: npm install --save-dev testcontainers@12'));
}

function noEngine(env: NodeJS.ProcessEnv, reason: string): ProblemError {
  const where = env.DOCKER_HOST ? `No Docker engine answers at ${env.DOCKER_HOST}, which DOCKER_HOST names.` : `No Docker engine answers here (${reason}).`;
  const advice = env.DOCKER_HOST
    ? 'Start it, or unset DOCKER_HOST; without `--server docker` a run needs no Docker.'
    : 'Start Docker, or see https://docs.docker.com/engine/install; without `--server docker` a run needs none.';
  return new ProblemError(problem('docker', where, advice));
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
