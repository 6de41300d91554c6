/** docker-compose.yml, up and down, under a name of its own and on free ports: what runs, what it is bound to, and that all of it goes. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Kvm } from '@nats-io/kv';
import { connect, wsconnect } from '@nats-io/transport-node';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { NATS_SERVER } from '../../src/server/version.ts';
import { lockerroomJson } from '../cli/command.ts';
import { composeCommand, hasPart } from '../real-parts.ts';
import { ALPINE, docker } from './image.ts';
import { expectWorkbook } from './workbook.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROJECT = `lockerroom-test-${process.pid}`;
const PORTS = ['NATS', 'NATS_MONITOR', 'NATS_WEBSOCKET', 'NATS_1', 'NATS_1_MONITOR', 'NATS_2', 'NATS_2_MONITOR', 'NATS_3', 'NATS_3_MONITOR'] as const;

const ports = Object.fromEntries(await Promise.all(PORTS.map(async (name) => [name, await freePort()]))) as Record<(typeof PORTS)[number], number>;

function compose(...args: string[]): string {
  const [command = '', ...first] = composeCommand() ?? [];
  const env = { ...process.env, ...Object.fromEntries(PORTS.map((name) => [`${name}_PORT`, String(ports[name])])) };
  const all = [...first, '-f', join(ROOT, 'docker-compose.yml'), '-p', PROJECT, ...args];
  return execFileSync(command, all, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function ours(...list: string[]): string[] {
  return docker(...list, '--filter', `label=com.docker.compose.project=${PROJECT}`)
    .split('\n')
    .filter((line) => line !== '');
}

const isHealthy = (count: number) =>
  vi.waitFor(() => expect(ours('ps', '--format', '{{.Status}}')).toEqual(Array(count).fill(expect.stringContaining('(healthy)'))), {
    timeout: 30_000,
    interval: 200,
  });

describe.runIf(await hasPart('docker'))('docker-compose.yml', () => {
  afterAll(() => {
    compose('--profile', 'cluster', 'down', '-v', '-t', '1');
    expect([ours('ps', '-a', '-q'), ours('volume', 'ls', '-q'), ours('network', 'ls', '-q')]).toEqual([[], [], []]);
  });

  test('its version is the one that is installed for the tests', () => {
    expect(compose('config')).toContain(`image: ${ALPINE}`);
  });

  test('by default one server, healthy, with JetStream, monitoring and websocket, on the loopback interface only', async () => {
    compose('up', '-d');
    await isHealthy(1);
    const bound = ours('ps', '--format', '{{.Ports}}')
      .join(', ')
      .split(', ')
      .filter((port) => port.includes('->'));
    expect(bound).toHaveLength(3);
    expect(bound.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);

    const monitor = await fetch(`http://127.0.0.1:${ports.NATS_MONITOR}/healthz`);
    expect(await monitor.json()).toEqual({ status: 'ok' });
    const client = await connect({ servers: `nats://127.0.0.1:${ports.NATS}` });
    expect(client.info).toMatchObject({ version: NATS_SERVER.version, jetstream: true });
    await (await new Kvm(client).create('Bucket1')).put('locker.7', 'sweaty gym socks');
    const web = await wsconnect({ servers: `ws://127.0.0.1:${ports.NATS_WEBSOCKET}` });
    expect((await (await new Kvm(web).open('Bucket1')).get('locker.7'))?.string()).toBe('sweaty gym socks');
    await new Kvm(client).open('Bucket1').then((kv) => kv.destroy());
    await Promise.all([client.close(), web.close()]);
  });

  test('on which the whole workbook passes, but what needs a private server', () => expectWorkbook(`nats://127.0.0.1:${ports.NATS}`), 600_000);

  test('--profile cluster: three in a cluster beside it, each with a volume, a limit of memory and a health check', async () => {
    compose('--profile', 'cluster', 'up', '-d');
    await isHealthy(4);
    const to = (port: number) => connect({ servers: `nats://127.0.0.1:${port}` });
    const [one, two] = await Promise.all([to(ports.NATS_1), to(ports.NATS_2)]);
    // What one takes, another gives: three copies of it.
    const room = await new Kvm(one).create('Bucket1', { replicas: 3 });
    // Word of a new room takes a moment to get around.
    await vi.waitFor(() => room.put('locker.7', 'half-eaten protein bar'));
    await vi.waitFor(async () => expect((await (await new Kvm(two).open('Bucket1')).get('locker.7'))?.string()).toBe('half-eaten protein bar'));
    await room.destroy();
    // No address of a container is told to clients on the host.
    expect(one.info?.connect_urls ?? []).toEqual([]);
    await Promise.all([one.close(), two.close()]);

    const inspected = JSON.parse(docker('inspect', ...ours('ps', '-q'))) as {
      HostConfig: { Memory: number; PortBindings: Record<string, { HostIp: string }[]> };
    }[];
    expect(inspected.map(({ HostConfig }) => HostConfig.Memory)).toEqual(Array(4).fill(512 * 2 ** 20));
    const hosts = inspected.flatMap(({ HostConfig }) => Object.values(HostConfig.PortBindings).flat());
    expect(new Set(hosts.map(({ HostIp }) => HostIp))).toEqual(new Set(['127.0.0.1']));
    expect(ours('volume', 'ls', '-q')).toHaveLength(4);
  });

  test('the lesson on replicas runs on the three of them, up to its first fire', async () => {
    const server = [ports.NATS_1, ports.NATS_2, ports.NATS_3].map((port) => `nats://127.0.0.1:${port}`).join(',');
    const name = '27-three-houses.md';
    const { report, code } = await lockerroomJson([name, '--server', server], { files: { [name]: readFileSync(join(ROOT, 'lessons', name)) } });
    const [{ steps = [] } = {}] = report.lessons;
    const fire = steps.findIndex(({ reason }) => reason === 'needs a private local server, which its fault can kill');
    expect([code, report.server?.source, fire > 5]).toEqual([0, server, true]);
    expect(steps.map(({ status }) => status)).toEqual(steps.map((_, at) => (at < fire ? 'passed' : 'skipped')));
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
