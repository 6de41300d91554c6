/**
 * The process behind `container-reaper`: reads a line `{ address, run }`, then `keep ID` and `done`. The end of its input without `done` is the runner's
 * end: it removes the run's containers. It speaks to the engine itself, so that it is small and starts at once.
 */
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineAddress } from './docker-engine.ts';

/** A container whose creation was under way when the runner died shows up late: so many looks, a second apart, find nothing before it is over. */
const QUIET_LOOKS = 3;
const MOST_LOOKS = 30;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { address, run } = JSON.parse((await lines.next()).value ?? '{}') as { address: EngineAddress; run: string };
const kept = new Set<string>();
for (let next = await lines.next(); !next.done; next = await lines.next()) {
  if (next.value === 'done') process.exit();
  if (next.value.startsWith('keep ')) kept.add(next.value.slice('keep '.length));
}

for (let looks = 0, quiet = 0; looks < MOST_LOOKS && quiet < QUIET_LOOKS; looks++) {
  if (looks > 0) await delay(1_000);
  quiet = (await removeAll().catch(() => 1)) === 0 ? quiet + 1 : 0;
}
process.exit();

/** Answers with how many there were. */
async function removeAll(): Promise<number> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`lockerroom.run=${run}`] }));
  const found = JSON.parse(await ask('GET', `/containers/json?all=1&filters=${filters}`)) as { Id: string }[];
  const ours = found.filter(({ Id }) => !kept.has(Id));
  await Promise.all(ours.map(({ Id }) => ask('DELETE', `/containers/${Id}?force=1&v=1`)));
  return ours.length;
}

function ask(method: string, path: string): Promise<string> {
  const send = address.protocol === 'https' ? https : http;
  const { protocol: _, ...where } = address;
  return new Promise((resolve, reject) => {
    const request = send({ ...where, method, path, timeout: 20_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(text)).on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer'))).on('error', reject);
    request.end();
  });
}
