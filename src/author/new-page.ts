/** A title → a page to begin with: one of each thing that a lesson is made of, and it passes as it is. */
import { stringify } from 'yaml';

/** Under `steps: marked` each step says that it is one. */
export function newPage(title: string, { marked }: { marked: boolean }): string {
  const step = marked ? ' step' : '';
  return `---
${stringify({ title }, { lineWidth: 0 }).trimEnd()}
---
# ${title.replace(/[\\`*_[\]<>#&]/g, (sign) => `\\${sign}`)}

When you have finished this page you can

- say what a bucket, a key and a value are;
- put something into a locker, and prove that it is there.

*This page starts in an empty building.* A bucket is a locker room, a key the number on a locker, a value what is inside.

## Build a room

A step is code that runs on a real server. Below it stands what it prints, and everything that the server holds afterwards: what a page does not say must not happen.

\`\`\`ts${step} title="Build a room"
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';

const nc = await connect({ servers: process.env.NATS_URL });
const room = await new Kvm(nc).create('Team-Awesome', { history: 5 });
console.log('built', (await room.status()).bucket);
\`\`\`

\`\`\`text output
built Team-Awesome
\`\`\`

\`\`\`yaml state
buckets:
  Team-Awesome:
    history: 5
\`\`\`

## Fill a locker

Names of earlier steps, such as \`room\`, are known in later ones. A \`change\` says only what this step changed. The same step on the command line runs on a second server, which must then hold the same lockers.

\`\`\`ts${step} title="Fill a locker"
console.log('revision', await room.put('locker.7', 'sweaty gym socks'));
\`\`\`

\`\`\`text output
revision <number>
\`\`\`

\`\`\`yaml change
buckets:
  Team-Awesome:
    keys:
      locker.7: sweaty gym socks
\`\`\`

\`\`\`console${step}
$ nats kv put Team-Awesome locker.7 "sweaty gym socks"
sweaty gym socks
\`\`\`

## Your turn

The socks are clean now. Say so, and let nobody who was here in between lose his things: change locker 7 only if it is still at the revision that you have read.

\`\`\`ts exercise title="Your turn: clean socks"
const entry = await room.get('locker.7');
console.log(entry?.string());
\`\`\`

<details>
<summary>Hint: what says that nobody was here?</summary>

\`room.update\` takes a key, a value and the revision that the locker must still have.

</details>

<details>
<summary>Solution</summary>

\`\`\`ts solution
const entry = await room.get('locker.7');
console.log(entry?.string());
await room.update('locker.7', 'clean gym socks', entry?.revision ?? 0);
\`\`\`

</details>

\`\`\`text output
sweaty gym socks
\`\`\`

\`\`\`yaml change
buckets:
  Team-Awesome:
    keys:
      locker.7: clean gym socks
\`\`\`

## Close the door behind you

\`\`\`ts${step} title="Close"
await nc.close();
\`\`\`
`;
}
