/** A container that is not started yet → its exit code, as soon as it has ended. */
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Dockerode } from './docker-engine.ts';

/** Milliseconds within which an engine has taken the question; one that says nothing before it can answer is not waited for. */
const TAKEN = 500;

/**
 * Resolves when the engine has taken the question: of a container that ends before that, it would tell of the removal, with an exit code of 0. `onEnd` is not called
 * where the engine cannot tell.
 */
export async function watchEnd(dockerode: Dockerode, id: string, onEnd: (exitCode: number) => void): Promise<void> {
  const taken = new Promise<Readable>((resolve, reject) => {
    const question = { path: `/containers/${id}/wait?`, options: { condition: 'next-exit' }, method: 'POST', isStream: true, statusCodes: { 200: true } };
    dockerode.modem.dial(question, (error: unknown, answer: unknown) => (error ? reject(error) : resolve(answer as Readable)));
  });
  taken
    .then(json)
    .then((answer) => onEnd((answer as { StatusCode: number }).StatusCode))
    .catch(() => {});
  await Promise.race([taken.catch(() => {}), delay(TAKEN, null, { ref: false })]);
}
