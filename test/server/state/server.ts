/** A nats-server of one's own for a test file, with what a test of the observer needs of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm, type KvOptions } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createObserver } from '../../../src/state/observer.ts';
import type { Delta, Entry, Observer, State } from '../../../src/types.ts';
import { serverBinary, startTestServer } from '../start.ts';

export interface StateServer {
  url: string;
  /** A connection that is closed with the server. */
  connection(): Promise<NatsConnection>;
  stop(): Promise<void>;
}

export async function startServer(): Promise<StateServer> {
  const { server, stop } = await startTestServer();
  return withConnections(server.url, stop);
}

/** A server with flags of its own, where the private server of a run has none for it. */
export async function startServerWith(...flags: string[]): Promise<StateServer> {
  const { path } = await serverBinary();
  const folder = await mkdtemp(join(tmpdir(), 'lockerroom-state-'));
  const child = spawn(path, ['-a', '127.0.0.1', '-p', '-1', '-sd', folder, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  const atExit = () => child.kill('SIGKILL');
  process.once('exit', atExit);
  const ended = once(child, 'exit');
  const stop = async () => {
    process.off('exit', atExit);
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return withConnections(await ready(child), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

function withConnections(url: string, stop: () => Promise<void>): StateServer {
  const connections: NatsConnection[] = [];
  return {
    url,
    async connection() {
      const connection = await connect({ servers: url, reconnect: false });
      connections.push(connection);
      return connection;
    },
    async stop() {
      for (const connection of connections) await connection.close();
      await stop();
    },
  };
}

async function ready({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('the server has no log');
  let url = '';
  for await (const line of createInterface(stderr)) {
    url = /Listening for client connections on (\S+)/.exec(line)?.[1] ?? url;
    if (line.includes('Server is ready')) break;
  }
  if (url === '') throw new Error('nats-server did not start');
  stderr.resume();
  return url;
}

/** A client that works on the server, and an observer with a connection of its own. */
export interface Scene {
  server: StateServer;
  connection: NatsConnection;
  jsm: JetStreamManager;
  kvm: Kvm;
  /** `kvm.create`, of a bucket that begins at revision 1. */
  create(name: string, options?: Partial<KvOptions>): Promise<KV>;
  observer: Observer;
  /** Another observer that has read the server whole: what the state should be. */
  fresh(): Promise<State>;
}

export async function openScene(server: StateServer): Promise<Scene> {
  const connection = await server.connection();
  const jsm = await jetstreamManager(connection);
  const watching = await server.connection();
  const fresh = async () => {
    const observer = createObserver(watching);
    await observer.read();
    return observer.state;
  };
  const kvm = new Kvm(connection);
  const create = (name: string, options?: Partial<KvOptions>) => createAnew(kvm, jsm, name, options);
  return { server, connection, jsm, kvm, create, observer: createObserver(watching), fresh };
}

/** For a test file: a server of its own, whose account is empty and read before each test. The scene is there from the first test on. */
export function useScene(): Scene {
  const scene = {} as Scene;
  let stop = async () => {};
  beforeAll(async () => {
    const server = await startServer();
    stop = () => server.stop();
    Object.assign(scene, await openScene(server));
  });
  afterAll(() => stop());
  beforeEach(async () => {
    await emptyAccount(scene.jsm);
    await scene.observer.read();
  });
  return scene;
}

/** A nats-server that is busy now and then gives a stream that is made right after one of its name was deleted the sequences of the old one. */
async function createAnew(kvm: Kvm, jsm: JetStreamManager, name: string, options: Partial<KvOptions> = {}): Promise<KV> {
  for (;;) {
    const kv = await kvm.create(name, options);
    const { state } = await jsm.streams.info(`KV_${name}`);
    if (state.last_seq === 0 || options.mirror || options.sources) return kv;
    await kv.destroy();
  }
}

/** Takes away all streams, so that each test begins with an empty account. */
export async function emptyAccount(jsm: JetStreamManager): Promise<void> {
  for await (const info of jsm.streams.list()) await jsm.streams.delete(info.config.name);
}

/** Reads until the state is as wanted; what changed meanwhile, reading by reading. */
export async function readUntil(observer: Observer, wanted: (state: State) => boolean): Promise<Delta[]> {
  const deltas: Delta[] = [];
  const end = Date.now() + 10_000;
  do deltas.push(await observer.read());
  while (!wanted(observer.state) && Date.now() < end);
  return deltas;
}

/** The state of the buckets as plain data that reads well in a test: `3:a` is value a at revision 3, `4:DEL` a marker. */
export function shown(state: State): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...state.buckets].map(([name, bucket]) => [name, Object.fromEntries([...bucket.keys].map(([key, entry]) => [key, shownEntry(entry)]))]),
  );
}

export function shownEntry(entry: Entry | null): string {
  if (entry === null) return 'none';
  return entry.map(({ revision, operation, value }) => `${revision}:${value === null ? operation : 'text' in value ? value.text : value.base64}`).join(' ');
}

/** What changed, as plain data: `Bucket1 door: 1:a → 1:a 2:b`. */
export function shownDelta(delta: Delta): string[] {
  return delta.buckets.flatMap(({ bucket, before, after, keys }) => [
    ...(before === null ? [`${bucket} came`] : after === null ? [`${bucket} went`] : []),
    ...keys.map(({ key, before: was, after: is }) => `${bucket} ${key}: ${shownEntry(was)} → ${shownEntry(is)}`),
  ]);
}
