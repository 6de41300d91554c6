/** A folder ↔ whether the run that owns it is alive: its owner, and nobody else, listens on a socket in it. Process ids are given away again; this is not. */
import { lstat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export const SOCKET = 'alive';

/** A socket's path has 104 bytes on macOS and 108 on Linux; longer ones are cut off without a word. */
const LONGEST = 103;

export function fitsSocket(folder: string): boolean {
  const path = join(folder, SOCKET);
  // The reaper reads the folder's path as a line.
  return Buffer.byteLength(path) <= LONGEST && !path.includes('\n');
}

/** Shows the sign of life for as long as this process lives; it does not keep the process alive. */
export async function listen(folder: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(join(folder, SOCKET), () => resolve());
  });
  server.removeAllListeners('error');
  server.on('error', () => {});
  server.unref();
  return server;
}

/** True only where the socket is there and nobody listens: then the owner has died. A folder without it is none of ours, or was kept. */
export async function isDead(folder: string): Promise<boolean> {
  const path = join(folder, SOCKET);
  const info = await lstat(path).catch(() => null);
  if (!info?.isSocket()) return false;
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
