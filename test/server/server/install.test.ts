import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findServer } from '../../../src/server/find.ts';
import { startLocalServer } from '../../../src/server/local.ts';
import { openRunFolder } from '../../../src/server/run-folder.ts';
import { NATS_SERVER } from '../../../src/server/version.ts';
import { archive, closedAddress, mirror, sha256, temporaryFolder } from '../../unit/server/fakes.ts';
import { serverBinary } from '../start.ts';

test('the real server, packed as its release is, is installed where there is none, found from then on, and starts', async () => {
  const { path: real, version } = await serverBinary();
  const home = await temporaryFolder();
  // A release is of the pinned version; the server that is here may be another one.
  const pinned = version === NATS_SERVER.version;
  const content = pinned ? await readFile(real) : `#!/bin/sh\n[ "$1" = --version ] && echo nats-server: v${NATS_SERVER.version} || exec '${real}' "$@"\n`;
  const packed = archive('nats-server', content);
  const { url, asked } = await mirror((file) => {
    if (file !== 'SHA256SUMS') return packed;
    const name = (os: string, arch: string) => `${sha256(packed)}  ${NATS_SERVER.archive(NATS_SERVER.version, os, arch)}\n`;
    return ['linux', 'darwin'].flatMap((os) => ['amd64', 'arm64'].map((arch) => name(os, arch))).join('');
  });
  const env = { PATH: join(home, 'bin'), XDG_CACHE_HOME: join(home, 'cache') };
  const find = (downloads: string) => findServer({ env: { ...env, LOCKERROOM_NATS_DOWNLOADS: downloads }, onProgress: () => {} });
  const installed = await find(url);
  expect(installed).toEqual({ path: join(home, `cache/lockerroom/nats-server-v${NATS_SERVER.version}`), version: NATS_SERVER.version });
  expect(asked).toHaveLength(2);
  expect(await find(await closedAddress())).toEqual(installed);
  const folder = await openRunFolder();
  const server = await startLocalServer({ binary: installed, folder });
  expect(server.version).toBe(version);
  await folder.close();
});
