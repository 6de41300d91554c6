/** The real parts that tests use and a machine may lack. A test asks here whether to run, so that none is skipped in silence. */
import { spawnSync } from 'node:child_process';
import { lookFor, lookForNats } from '../src/server/find.ts';
import { NATS_SERVER, NEWEST_PATCHES } from '../src/server/version.ts';

/** The oldest nats-server that this package is for. */
export const OLD_SERVER = NEWEST_PATCHES[0] ?? '';

export interface RealPart {
  /** As LOCKERROOM_REQUIRE names it. */
  name: string;
  /** What does not run without it. */
  skipped: string;
  advice: string;
  present: () => Promise<boolean>;
}

let cli: Promise<{ path: string; version: string } | null> | null = null;

/** The `nats` CLI that a run would find here; null where there is none. Nothing is installed. Looked for once a file. */
export function cliBinary(): Promise<{ path: string; version: string } | null> {
  cli ??= lookForNats();
  return cli;
}

function answers(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Compose v2, else docker-compose; null where there is neither. */
export function composeCommand(): string[] | null {
  if (answers('docker', ['compose', 'version'])) return ['docker', 'compose'];
  return answers('docker-compose', ['version']) ? ['docker-compose'] : null;
}

/** Each suite that needs more than a nats-server adds its part here. */
const PARTS: RealPart[] = [
  {
    name: 'cli',
    skipped: 'every test that runs the `nats` CLI',
    advice: 'Have `nats` on the PATH or name it in LOCKERROOM_NATS: go install github.com/nats-io/natscli/nats@latest',
    present: async () => (await cliBinary()) !== null,
  },
  {
    name: 'docker',
    skipped: 'every test of `--server docker` and of docker-compose.yml',
    advice:
      'Start a Docker engine, and have the commands docker and docker-compose (or docker compose): apt-get install docker.io docker-compose busybox-static',
    present: async () => answers('docker', ['version']) && composeCommand() !== null,
  },
  {
    name: 'nats-server-2.11',
    skipped: 'every test of expiry that leaves markers',
    advice: 'Name a nats-server from 2.11 on in LOCKERROOM_NATS_SERVER, or take yours off the PATH: one that has them is then installed.',
    // Where none is here, the pinned one is installed, which has them.
    present: async () => (await lookFor(NATS_SERVER)).found?.version.match(/^2\.(?:[0-9]|10)\./) == null,
  },
  {
    name: 'nats-server-2.10',
    skipped: 'every test that runs pages on an old nats-server too',
    advice: `Have it installed into the cache: npx lockerroom run lessons/01-the-building.md --matrix ${OLD_SERVER}`,
    present: async () => (await lookFor(NATS_SERVER, { range: OLD_SERVER })).found !== null,
  },
];

/** What LOCKERROOM_REQUIRE can name. */
export const PART_NAMES: readonly string[] = PARTS.map(({ name }) => name);

/** Whether the part is here, by its name. */
export async function hasPart(name: string): Promise<boolean> {
  const part = PARTS.find((one) => one.name === name);
  if (part === undefined) throw new Error(`there is no part ${name}`);
  return part.present();
}

export async function missingParts(): Promise<RealPart[]> {
  const found = await Promise.all(PARTS.map(async (part) => ({ part, present: await part.present() })));
  return found.filter(({ present }) => !present).map(({ part }) => part);
}
