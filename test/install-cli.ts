/** Nothing → the `nats` CLI in the cache, unless it is here already: for CI, where tests that need it must not be skipped. */
import { findNats } from '../src/server/find.ts';

const { path, version } = await findNats({ onProgress: (text) => process.stdout.write(`${text}\n`) });
process.stdout.write(`nats ${version}: ${path}\n`);
