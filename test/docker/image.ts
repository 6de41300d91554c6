/**
 * The images that the tests use, as global setup of the suite. No registry can be reached where these tests usually run, so they are built `FROM scratch` of the
 * nats-server that is installed here, under the names of the official ones; where those are here already they are used. What was built is removed at the end.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer } from '../../src/server/find.ts';
import { onPath } from '../../src/server/search-path.ts';
import { NATS_SERVER } from '../../src/server/version.ts';
import { hasPart } from '../real-parts.ts';

export const IMAGE = `nats:${NATS_SERVER.version}`;
/** What docker-compose.yml names: with a `wget`, here that of busybox. */
export const ALPINE = `${IMAGE}-alpine`;

const SERVER = 'COPY nats-server /usr/local/bin/nats-server\nENV PATH=/usr/local/bin:/bin\n';
const DOCKERFILES = {
  [IMAGE]: `FROM scratch\n${SERVER}ENTRYPOINT ["nats-server"]\n`,
  [ALPINE]: `FROM scratch\n${SERVER}COPY busybox /bin/wget\n`,
};

export default async function setup(): Promise<(() => void) | undefined> {
  if (!(await hasPart('docker'))) return undefined;
  const built: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'docker-image-'));
  try {
    const missing = Object.entries(DOCKERFILES).filter(([image]) => docker('images', '-q', image) === '');
    if (missing.length === 0) return undefined;
    const server = await findServer({ range: NATS_SERVER.version, onProgress: () => {} });
    copyFileSync(server.path, join(folder, 'nats-server'));
    const [busybox] = await onPath('busybox', { PATH: `${process.env.PATH}:/bin:/usr/bin` });
    if (busybox === undefined) throw new Error('the image for docker-compose.yml needs a static busybox: apt-get install busybox-static');
    copyFileSync(busybox, join(folder, 'busybox'));
    for (const [image, dockerfile] of missing) {
      writeFileSync(join(folder, 'Dockerfile'), dockerfile);
      docker('build', '-q', '-t', image, folder);
      built.push(image);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return () => void docker('rmi', '-f', ...built);
}

export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
