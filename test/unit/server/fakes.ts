/** What the tests of the server part put in the place of the real world: folders, programs, a mirror of releases. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import { onTestFinished } from 'vitest';

/** A folder that goes with the test. Its path is short: a socket's path must fit below it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 't-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A program: a shell script that finds the system's own commands and nothing else. */
export async function program(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

/** One that no process has: the largest there can be. */
export const DEAD_PID = 2 ** 22;

export const answers = (version: string) => `echo nats-server: v${version}`;

/** A release's archive, as the project packs it. */
export function archive(name: string, content: string | Uint8Array): Buffer {
  const data = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return gzipSync(createTar([{ name: 'nats-server-v0/' }, { name: 'nats-server-v0/README.md', data: 'read me' }, { name: `nats-server-v0/${name}`, data }]));
}

export const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

export type Route = Buffer | string | RequestListener;

/** A server of downloads on the loopback: `route` gives what stands at a path, null is 404. Gives its address and what was asked for. */
export async function mirror(route: (file: string) => Route | null): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    const found = route(path.slice(path.lastIndexOf('/') + 1));
    if (found === null) response.writeHead(404).end('nothing here');
    else if (typeof found === 'function') found(request, response);
    else response.end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** The address of a port where nobody listens. */
export async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** Resolves when the process is gone, or is a zombie that waits for its burial; the test's own time limit is the limit. */
export async function untilGone(pid: number): Promise<void> {
  while (isThere(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // A system without /proc, or gone meanwhile.
    return process.platform !== 'linux';
  }
}
