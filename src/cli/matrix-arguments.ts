/** What `--matrix` takes, and what cannot be together with it. */
import { InvalidArgumentError } from 'commander';
import satisfies from 'semver/functions/satisfies.js';
import valid from 'semver/functions/valid.js';
import { NATS_SERVER } from '../server/version.ts';
import type { ServerChoice } from '../workbook/programs.ts';
import type { RunArguments } from './run-arguments.ts';

const WHAT = 'It is nats-server versions, as in 2.10,2.12.6,2.15: 2.10 is the newest patch of 2.10.';

/** `2.10, v2.12.6` → `['2.10', '2.12.6']`, each once. */
export function matrixVersions(value: string): string[] {
  const versions = value.split(',').map((one) => one.trim().replace(/^v/, ''));
  for (const version of versions) {
    const full = /^\d+\.\d+$/.test(version) ? `${version}.0` : version;
    // What semver would also take, such as 2.12.6+build, is the name of no release.
    if (valid(full) !== full) throw new InvalidArgumentError(version === '' ? WHAT : `"${version}" is no version. ${WHAT}`);
    if (!satisfies(full, NATS_SERVER.range, { includePrerelease: true }))
      throw new InvalidArgumentError(`Of nats-server ${NATS_SERVER.range} is needed, and this is ${version}.`);
  }
  return [...new Set(versions)];
}

interface Beside {
  watch: boolean;
  server: ServerChoice | string;
  /** What says how to get into a server of one's own. */
  given: object;
}

/** Throws where something was given that is for one server, or for a reader who waits at it. */
export function checkMatrix({ reporters, update }: Pick<RunArguments, 'reporters' | 'update'>, { watch, server, given }: Beside): void {
  const other = reporters.find(({ name }) => name !== 'terminal' && name !== 'json');
  if (update !== null) throw wrong('--update writes what happened on one server; leave one of the two out');
  if (watch) throw wrong('--watch is for one server; leave one of the two out');
  if (typeof server === 'string' || server.kind !== 'local') throw wrong('each version is a private, local server: leave --server out');
  const own = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  if (own !== undefined) throw wrong(`each version is a private, local server: leave --${own === 'jsDomain' ? 'js-domain' : own} out`);
  if (other !== undefined) throw wrong(`the reporters are terminal and json; for ${other.name} run each version by itself`);
}

function wrong(why: string): InvalidArgumentError {
  return new InvalidArgumentError(`error: with --matrix ${why}`);
}
