/** A server that does not answer → what became of it. */
import type { StartedServer } from '../server/running-server.ts';

/** A connection ends before the process does: so long, in milliseconds, its end is waited for. */
const MOMENT = 500;

/** One sentence; null where the process is still there. */
export function lossOf(server: StartedServer): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(server.lost()), MOMENT);
    server.onLost((reason) => {
      clearTimeout(timer);
      resolve(reason);
    });
  });
}
