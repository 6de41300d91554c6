/** A server that does not answer → what became of it. */
import type { StartedServer } from '../server/running-server.ts';

/** One sentence; null where the server is still there. */
export function lossOf(server: StartedServer): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(server.lost()), server.notice);
    server.onLost((reason) => {
      clearTimeout(timer);
      resolve(reason);
    });
  });
}
