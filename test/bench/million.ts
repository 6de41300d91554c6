/** A bucket of a million keys, and one of ten → what a step costs beside it and into it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { watchMemory } from './processes.ts';
import { reportOf, stepDurations } from './report.ts';
import { interleave, ratios } from './rounds.ts';
import type { Sitting } from './speed.ts';
import { median, megabytes, milliseconds, ratio, spread } from './statistics.ts';
import { markdownTable } from './table.ts';

const STEPS = 20;
const MILLION = 1_000_000;
const TEN = 10;

export async function millionTable({ ground, rounds, say }: Sitting): Promise<string> {
  const folder = await ground.folder();
  const kinds = ['beside', 'into'] as const;
  const runs = await interleave(
    [MILLION, TEN].map((keys) => ({
      name: `${keys}`,
      run: async () => {
        await writeFile(join(folder, `keys-${keys}.md`), pageWith(keys));
        const durations = stepDurations(await reportOf(['--twin', 'off', `keys-${keys}.md`], folder, ground));
        return { beside: median(durations.slice(3, 3 + STEPS)), into: median(durations.slice(3 + STEPS)), first: durations[1] ?? Number.NaN };
      },
    })),
    rounds,
    (round) => say(`a bucket of ${MILLION} keys, round ${round} of ${rounds}`),
  );
  const [many = [], few = []] = runs.map(({ results }) => results);
  const rows = kinds.map((kind) => {
    const [one, other] = [many, few].map((results) => results.map((result) => result[kind]));
    return [`a put ${kind} the bucket`, spread(one ?? [], milliseconds), spread(other ?? [], milliseconds), spread(ratios(one ?? [], other ?? []), ratio)];
  });
  const memory: number[] = [];
  for (const keys of [MILLION, TEN])
    memory.push((await watchMemory({ argv: ground.lockerroom('run', '--twin', 'off', `keys-${keys}.md`), cwd: folder, env: ground.env })).others);
  const [high = 0, low = 0] = memory;
  const first = spread(
    many.map((result) => result.first),
    milliseconds,
  );
  return `**A bucket of 1,000,000 keys**\n\n${markdownTable(['a step', 'of 1,000,000 keys, ms', 'of 10 keys, ms', 'times'], rows)}
The step that fills the bucket, and the first look at it: ${first} ms. Runner and kernel held ${megabytes(high)} MB, and ${megabytes(low)} MB with ten keys: ${((high - low) / MILLION).toFixed(0)} bytes a key.
`;
}

/** The crowd is published without waiting for each acknowledgement, for it is not what is measured; that all of it is there is asked. */
function pageWith(keys: number): string {
  const parts = [
    `# A bucket of ${keys} keys

\`\`\`ts
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
const nc = await connect({ servers: process.env.NATS_URL });
const kvm = new Kvm(nc);
\`\`\`

\`\`\`ts timeout=10m
const crowd = await kvm.create('Crowd');
for (let first = 0; first < ${keys}; first += 5000) {
  for (let key = first; key < Math.min(first + 5000, ${keys}); key += 1) nc.publish(\`$KV.Crowd.crowd.\${key}\`, 'socks');
  await nc.flush();
}
while ((await crowd.status()).values < ${keys}) await new Promise((resolve) => setTimeout(resolve, 10));
\`\`\`

\`\`\`yaml change
buckets:
  Crowd:
    keys:
      "crowd.>": { count: ${keys} }
\`\`\`

\`\`\`ts
const beside = await kvm.create('Beside');
\`\`\`

\`\`\`yaml change
buckets:
  Beside: {}
\`\`\`
`,
  ];
  for (const [name, bucket] of [
    ['beside', 'Beside'],
    ['crowd', 'Crowd'],
  ]) {
    for (let step = 0; step < STEPS; step += 1) {
      parts.push(`\`\`\`ts
await ${name}.put('locker.${step}', 'socks');
\`\`\`

\`\`\`yaml change
buckets:
  ${bucket}:
    keys:
      locker.${step}: socks
\`\`\`
`);
    }
  }
  return parts.join('\n');
}
