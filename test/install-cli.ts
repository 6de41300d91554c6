/** Nothing → the `nats` CLI and the oldest nats-server in the cache, unless they are here already: for CI, where tests that need them must not be skipped. */
import { findNats, findServerOf } from '../src/server/find.ts';
import { OLD_SERVER } from './real-parts.ts';

const onProgress = (text: string) => process.stdout.write(`${text}\n`);

const nats = await findNats({ onProgress });
process.stdout.write(`nats ${nats.version}: ${nats.path}\n`);
const server = await findServerOf(OLD_SERVER, { onProgress });
process.stdout.write(`nats-server ${server.version}: ${server.path}\n`);
