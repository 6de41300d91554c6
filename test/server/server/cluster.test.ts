/** Three private servers in a cluster: ready when they have a leader and are current, one of them dies and comes back, all of them go together. */
import { existsSync, readdirSync } from 'node:fs';
import { jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LocalCluster, startLocalCluster } from '../../../src/server/cluster.ts';
import { openRunFolder, type RunFolder } from '../../../src/server/run-folder.ts';
import { createObserver } from '../../../src/state/observer.ts';
import { createTwinStreams } from '../../../src/state/twin.ts';
import { isThere } from '../../unit/server/fakes.ts';
import { serverBinary } from '../start.ts';

let folder: RunFolder;
let cluster: LocalCluster;

const start = async () => startLocalCluster({ binary: await serverBinary(), folder, servers: 3 });
const connectTo = ({ url }: LocalCluster) => connect({ servers: url.split(','), maxReconnectAttempts: -1, reconnectTimeWait: 50 });

beforeAll(async () => {
  folder = await openRunFolder();
  cluster = await start();
});

afterAll(() => folder.close());

/** Until somebody knows: whoever led the room may have led the cluster as well. */
async function leaderOf(nc: NatsConnection, bucket: string): Promise<string> {
  const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: 500 });
  for (;;) {
    const info = await jsm.streams.info(`KV_${bucket}`).catch(() => null);
    if (info?.cluster?.leader) return info.cluster.leader;
  }
}

/** Until it is taken: a room without a leader takes nothing, nor does one of which not all servers have heard. */
async function put(room: KV, key: string, value: string): Promise<number> {
  for (;;) {
    const revision = await room.put(key, value).catch(() => null);
    if (revision !== null) return revision;
  }
}

test('it has three addresses, and each server knows the others', async () => {
  const urls = cluster.url.split(',');
  expect([urls.length, new Set(urls).size, new Set(cluster.pids).size, cluster.storeDir, cluster.lost()]).toEqual([3, 3, 3, null, null]);
  const names = await Promise.all(
    urls.map(async (servers) => {
      const nc = await connect({ servers });
      await vi.waitFor(() => expect(nc.info?.connect_urls).toHaveLength(3));
      const { server_name, connect_urls, version } = nc.info ?? {};
      await nc.close();
      return [server_name, connect_urls?.length, version];
    }),
  );
  expect(names).toEqual([1, 2, 3].map((one) => [`lockerroom-${one}`, 3, cluster.version]));
});

test('what was acknowledged is read, whichever server is asked and whichever leads', async () => {
  const nc = await connectTo(cluster);
  const kvm = new Kvm(nc);
  const rooms = await Promise.all(Array.from({ length: 6 }, (_, at) => kvm.create(`Room-${at}`, { replicas: 3, history: 5 })));
  const observers = await Promise.all(cluster.url.split(',').map(async (servers) => createObserver(await connect({ servers }))));
  for (let round = 1; round <= 5; round++) {
    for (const [at, room] of rooms.entries()) await put(room, 'k', `${round} of ${at}`);
    for (const observer of observers) {
      await observer.read();
      const values = rooms.map((_, at) => observer.state.buckets.get(`Room-${at}`)?.keys.get('k')?.at(-1)?.value);
      expect(values).toEqual(rooms.map((_, at) => ({ text: `${round} of ${at}` })));
    }
  }
  // More than are asked for one by one: a consumer reads them, on whichever server it is.
  for (const observer of observers) {
    await Promise.all(Array.from({ length: 200 }, (_, key) => rooms[0]?.put(`many.${key}`, 'v')));
    await observer.read();
    expect(observer.state.buckets.get('Room-0')?.keys.size).toBe(201);
  }
  for (const [at] of rooms.entries()) await (await kvm.open(`Room-${at}`)).destroy();
  await nc.close();
});

test('the server that leads dies, the others go on, and it comes back with what it missed', async () => {
  const nc = await connectTo(cluster);
  const room = await new Kvm(nc).create('Led', { replicas: 3 });
  await put(room, 'k', 'before');
  const leader = await leaderOf(nc, 'Led');
  const pids = cluster.pids;
  await cluster.kill();
  const dead = pids.findIndex((pid) => !isThere(pid));
  expect([`lockerroom-${dead + 1}`, pids.filter(isThere).length, cluster.lost()]).toEqual([leader, 2, null]);
  expect(await put(room, 'k', 'meanwhile')).toBe(2);
  expect(await leaderOf(nc, 'Led')).not.toBe(leader);

  const { url } = cluster;
  await cluster.revive();
  expect([cluster.url, cluster.pids.filter((pid, at) => pid === pids[at]).length, cluster.lost()]).toEqual([url, 2, null]);
  const { cluster: now } = await (await jetstreamManager(nc)).streams.info('KV_Led');
  expect(now?.replicas?.map(({ current, offline = false }) => [current, offline])).toEqual([
    [true, false],
    [true, false],
  ]);
  // Asked of the one that was away, it says what the room holds.
  const back = await connect({ servers: url.split(',')[dead] ?? '' });
  const observer = createObserver(back);
  await observer.read();
  expect(observer.state.buckets.get('Led')?.keys.get('k')).toMatchObject([{ value: { text: 'meanwhile' }, revision: 2 }]);
  await back.close();
  await room.destroy();
  await nc.close();
});

test('what a cluster holds is brought to another one with its replicas and revisions', async () => {
  const twin = await start();
  const [first, second] = await Promise.all([connectTo(cluster), connectTo(twin)]);
  const room = await new Kvm(first).create('Both', { replicas: 3, history: 3 });
  for (const value of ['a', 'b']) await put(room, 'k', value);
  const streams = createTwinStreams(
    () => first,
    () => second,
  );
  expect(await streams.bring()).toBe(true);
  expect(await streams.bring()).toBe(false);
  const observer = createObserver(second);
  await observer.read();
  const both = observer.state.buckets.get('Both');
  expect([both?.settings.replicas, both?.keys.get('k')?.map(({ revision }) => revision)]).toEqual([3, [1, 2]]);
  await room.destroy();
  await Promise.all([first.close(), second.close()]);
  await twin.stop();
});

describe('its end', () => {
  test('a server that dies unbidden is a loss of all', async () => {
    const one = await start();
    const loss = new Promise((resolve) => one.onLost(resolve));
    process.kill(one.pids[1] ?? 0, 'SIGKILL');
    expect(await loss).toMatch(/^The nats-server was lost: it ended with signal SIGKILL/);
    expect(one.lost()).toBe(await loss);
    await expect(one.kill()).rejects.toThrow('SIGKILL');
    await one.stop();
  });

  test('stop ends all three, also where one is dead on purpose, and their stores go', async () => {
    const before = readdirSync(folder.path).length;
    const one = await start();
    const pids = one.pids;
    await one.kill();
    await one.stop();
    await one.stop();
    expect([pids.filter(isThere), readdirSync(folder.path).length]).toEqual([[], before]);
  });

  test('the folder of the run ends them, where nobody else does', async () => {
    const own = await openRunFolder();
    const one = await startLocalCluster({ binary: await serverBinary(), folder: own, servers: 3 });
    await own.close();
    expect([one.pids.filter(isThere), existsSync(own.path)]).toEqual([[], false]);
  });

  test('a server that does not start leaves none of the others', async () => {
    const before = readdirSync(folder.path).length;
    const binary = await serverBinary();
    await expect(startLocalCluster({ binary, folder, servers: 3, config: '/no/such/file.conf' })).rejects.toThrow(/does not start: /);
    expect(readdirSync(folder.path).length).toBe(before);
  });
});
