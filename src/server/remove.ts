/** A folder → nothing. */
import { rm } from 'node:fs/promises';

/** Removes a folder and all that is in it, however long a process that was just killed still writes there. No folder is no error. */
export function removeTree(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}
