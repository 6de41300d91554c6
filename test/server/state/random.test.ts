/**
 * Nothing slips through: after each step of random work the observer that followed it holds what one that reads everything anew holds, and its deltas are the differences.
 * `RANDOM_RUNS=2000 RANDOM_SEED=1` runs it for longer.
 */
import type { NatsConnection } from '@nats-io/nats-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyDelta, composeDeltas, diffStates, emptyDelta, emptyState } from '../../../src/document/delta.ts';
import { createObserver } from '../../../src/state/observer.ts';
import type { Delta, Observer, State } from '../../../src/types.ts';
import { openScene, type Scene, type StateServer, startServer } from './server.ts';
import { perform, steps, type Work } from './work.ts';

const RUNS = Number(process.env.RANDOM_RUNS ?? 20);
const SEED = process.env.RANDOM_SEED === undefined ? {} : { seed: Number(process.env.RANDOM_SEED) };

let server: StateServer;
let scene: Scene;
let watching: NatsConnection;
let other: NatsConnection;
beforeAll(async () => {
  server = await startServer();
  scene = await openScene(server);
  watching = await server.connection();
  other = await server.connection();
});
afterAll(() => server.stop());

/** A copy that does not change as the observer reads on; entries are never changed, so they are shared. */
function snapshot({ buckets, streams }: State): State {
  return { buckets: new Map([...buckets].map(([name, { settings, keys }]) => [name, { settings, keys: new Map(keys) }])), streams: new Set(streams) };
}

const same = (one: State, another: State) => JSON.stringify(diffStates(one, another)) === JSON.stringify(emptyDelta());

/** What the account does by itself goes on while it is read: both are read again until they are of one moment. A thing that had slipped through would never agree. */
async function readBoth(observer: Observer): Promise<{ fresh: State; delta: Delta }> {
  let delta = emptyDelta();
  for (const end = Date.now() + 5_000; ; ) {
    const before = await scene.fresh();
    delta = composeDeltas(delta, await observer.read());
    const fresh = await scene.fresh();
    // Where nothing moved around the reading it has no excuse.
    if (same(before, fresh) || Date.now() > end) return { fresh, delta };
  }
}

async function emptyAccount(kept: ReadonlySet<string>): Promise<void> {
  for await (const { config } of scene.jsm.streams.list()) if (!kept.has(config.name)) await scene.jsm.streams.delete(config.name);
}

async function holds(batches: Work[][], kept: ReadonlySet<string>): Promise<void> {
  await emptyAccount(kept);
  for (const name of ['A', '__proto__']) await scene.create(name, { history: name === 'A' ? 3 : 1 });
  const observer = createObserver(watching);
  const sum = emptyState();
  for (const batch of batches) {
    // What a bucket or message that is not there refuses is part of the game.
    for (const one of batch) await perform(one, scene, other).catch(() => {});
    const before = snapshot(observer.state);
    const { fresh, delta } = await readBoth(observer);
    expect(observer.state).toEqual(fresh);
    expect(delta).toEqual(diffStates(before, observer.state));
    applyDelta(sum, structuredClone(delta));
    expect(sum).toEqual(observer.state);
  }
}

describe('the observer', () => {
  it('misses nothing in an account of a few buckets', async () => {
    await fc.assert(
      fc.asyncProperty(steps, (batches) => holds(batches, new Set())),
      { numRuns: RUNS, ...SEED },
    );
  }, 3_600_000);

  it('misses nothing among many', async () => {
    const beside = Array.from({ length: 40 }, (_, at) => `Beside${at}`);
    for (const name of beside) await scene.kvm.create(name);
    const kept = new Set(beside.map((name) => `KV_${name}`));
    await fc.assert(
      fc.asyncProperty(steps, (batches) => holds(batches, kept)),
      { numRuns: RUNS, ...SEED },
    );
  }, 3_600_000);
});
