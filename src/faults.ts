/** A step's `fault` → what befalls a server before the step's code, and after it. */
import type { Fault, Mortal } from './types.ts';

/** Just before the code, or a twin's commands. Rejects with one sentence where the server is lost. */
export async function befall(server: Mortal, fault: Fault | null): Promise<void> {
  if (fault === null) return;
  await server.kill();
  if (fault === 'restart-server') await server.revive();
}

/** When the code has ended, before the state is read. Rejects with one sentence where the server does not come up again. */
export async function recover(server: Mortal, fault: Fault | null): Promise<void> {
  if (fault === 'kill-server') await server.revive();
}
