/** What the tests of a server of one's own share: servers with a configuration, files beside them, and a look at what they hold. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { type ConnectionOptions, connect } from '@nats-io/transport-node';
import { type LocalServer, startLocalServer } from '../../src/server/local.ts';
import type { RunFolder } from '../../src/server/run-folder.ts';
import { serverBinary } from '../server/start.ts';
import { page } from './command.ts';

const LESSON = page(
  '```ts\nconst kv = await kvm.create("Room");\nawait kv.put("k", "socks");\n```\n\n```yaml state\nbuckets:\n  Room:\n    keys: { k: socks }\n```\n\n```ts\nconsole.log(process.env.NATS_URL);\n```\n\n```text output\nADDRESS\n```\n',
);

/** A lesson with a bucket, which passes on a server of that address. */
export const lessonAt = (url: string) => LESSON.replace('ADDRESS', url);

/** So that no context of this machine's reader is found. */
export const QUIET = { XDG_CONFIG_HOME: '/no/such/folder' };

export async function serverWith(folder: RunFolder, name: string, text: string): Promise<LocalServer> {
  return startLocalServer({ binary: await serverBinary(), folder, config: fileIn(folder, `${name}.conf`, `${text}\n`) });
}

export function fileIn(folder: RunFolder, name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

export async function streamsAt(options: ConnectionOptions): Promise<string[]> {
  const connection = await connect(options);
  const streams = await (await jetstreamManager(connection)).streams.names().next();
  await connection.close();
  return streams.sort();
}

/** Waits until the page has made something there, or the run is over. */
export async function untilMade(child: { exitCode: number | null }, options: ConnectionOptions): Promise<void> {
  while (child.exitCode === null && (await streamsAt(options)).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The address of a server that has no JetStream of its own, which goes with the folder. */
export async function bareServer(folder: RunFolder, config = ''): Promise<string> {
  const { path } = await serverBinary();
  const ports = mkdtempSync(join(folder.path, 'ports-'));
  const { pid } = spawn(path, ['-c', fileIn(folder, 'bare.conf', config), '-a', '127.0.0.1', '-p', '-1', '--ports_file_dir', ports], { stdio: 'ignore' });
  if (pid !== undefined) folder.track(pid);
  for (;;) {
    const file = readdirSync(ports).find((name) => name.endsWith('.ports'));
    const text = file === undefined ? '' : readFileSync(join(ports, file), 'utf8');
    if (text.endsWith('}')) return JSON.parse(text).nats[0];
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
