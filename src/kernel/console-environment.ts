/** The runner's environment → that of the commands of a page: the same on every machine, and with nothing of the reader's `nats` in it. */
import { delimiter, join } from 'node:path';
import { FIXED_ENV, inheritedEnv } from './child.ts';

/** What would make bash do something else than the page says: files that it reads first, its options, functions in the place of commands. */
const NOT_FOR_SHELLS = /^(?:BASH_ENV|ENV|BASHOPTS|SHELLOPTS|BASH_FUNC_.*|POSIXLY_CORRECT|CDPATH|GLOBIGNORE|OLDPWD|LINES)$/;

/** `nats` is written in Go, and ends before it is worth while to look through its memory: that is a quarter of its work. What needs much memory is looked through as ever. */
const SHORT_LIVED_GO = { GOGC: 'off', GOMEMLIMIT: '256MiB' };

export interface ConsoleEnvironment {
  /** Absolute: where programs keep configuration and data; HOME stays, so that what else a page runs finds its own. */
  folder: string;
  /** A folder that is put first on the PATH. */
  path: string | undefined;
  /** NATS_URL and the like. */
  given: Record<string, string>;
}

export function consoleEnv({ folder, path, given }: ConsoleEnvironment): Record<string, string> {
  const inherited = Object.entries(inheritedEnv()).filter(([name]) => !NOT_FOR_SHELLS.test(name));
  const env: Record<string, string> = { ...SHORT_LIVED_GO, ...Object.fromEntries(inherited), ...FIXED_ENV, ...given };
  // `nats` keeps contexts in the one, and what it has in common with `nsc` in the other.
  env.XDG_CONFIG_HOME = join(folder, 'config');
  env.XDG_DATA_HOME = join(folder, 'data');
  if (path !== undefined) env.PATH = env.PATH ? `${path}${delimiter}${env.PATH}` : path;
  return env;
}
