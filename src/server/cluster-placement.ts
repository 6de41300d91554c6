/** Servers of a new cluster that have a leader → whether the leader would already put copies on all of them: it waits for each to tell how much room it has. */
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';

/** JetStream's `err_code` for "no suitable peers for placement". */
const NO_PEERS = 10005;
const PROBE = 'LOCKERROOM_PROBE';
/** Milliseconds between two questions, and for an answer. */
const ASK_EVERY = 50;
const ANSWER_WITHIN = 2_000;

/**
 * Makes a stream with a copy on each server, which nobody has had time to see, and removes it. Any other refusal is the configuration's affair and shows elsewhere, as
 * does that nobody is let in. Rejects with the signal's reason.
 */
export async function awaitPlacement(urls: string[], signal: AbortSignal): Promise<void> {
  const connection = await connect({ servers: urls, reconnect: false, name: 'lockerroom' }).catch(() => null);
  if (connection === null) return;
  const ask = async (operation: string, question: object) => {
    const answer = await connection.request(`$JS.API.STREAM.${operation}.${PROBE}`, JSON.stringify(question), { timeout: ANSWER_WITHIN }).catch(() => null);
    return answer?.json<{ error?: { err_code?: number } }>() ?? {};
  };
  const config = { name: PROBE, subjects: [PROBE], num_replicas: urls.length, storage: 'memory' };
  try {
    while ((await ask('CREATE', config)).error?.err_code === NO_PEERS) {
      signal.throwIfAborted();
      await delay(ASK_EVERY);
    }
    await ask('DELETE', {});
  } finally {
    await connection.close();
  }
}
