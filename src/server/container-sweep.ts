/** An engine → the same without the containers of a run, or of dead runs of this machine. */
import { lstat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ProblemError, problem } from '../errors.ts';
import { type Dockerode, firstLine } from './docker-engine.ts';
import { isDead } from './sign-of-life.ts';

/** Those that carry the label, and are not among the kept ones. Rejects with a ProblemError that names what stays. */
export async function removeContainersOf(dockerode: Dockerode, run: string, kept: ReadonlySet<string>): Promise<void> {
  const failures: string[] = [];
  for (const { Id } of await list(dockerode, [`lockerroom.run=${run}`]))
    if (!kept.has(Id)) await remove(dockerode, Id).catch((error: Error) => failures.push(`${Id.slice(0, 12)} (${firstLine(error.message)})`));
  if (failures.length === 0) return;
  throw new ProblemError(problem('docker', `Containers of the run could not be removed: ${failures.join(', ')}`, 'Remove them by hand: docker rm -f ID'));
}

/** What a kill -9 of a run and of what cleans up after it left. What cannot be removed is left to the next run. */
export async function sweepContainers(dockerode: Dockerode): Promise<void> {
  for (const { Id, Labels } of await list(dockerode, ['lockerroom.run', `lockerroom.host=${hostname()}`])) {
    const run = Labels['lockerroom.run'] ?? '';
    // A folder without a sign of life was kept, and its container with it, until somebody removes the folder.
    const isGone = (await lstat(run).catch(() => null)) === null;
    if (isGone || (await isDead(run))) await remove(dockerode, Id).catch(() => {});
  }
}

function list(dockerode: Dockerode, label: string[]) {
  return dockerode.listContainers({ all: true, filters: { label } });
}

async function remove(dockerode: Dockerode, id: string): Promise<void> {
  await dockerode
    .getContainer(id)
    .remove({ force: true, v: true })
    .catch((error: { statusCode?: number }) => {
      // Gone already, or about to be.
      if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
    });
}
