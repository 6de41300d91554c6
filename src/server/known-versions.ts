/** A program's file → the version that it told when it was last asked, as long as it is the same file. */
import { closeSync, openSync, readFileSync, readSync, renameSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In the cache: by path, what the file was then and what it said. */
const FILE = 'versions.json';

/** As many are kept as anybody has. */
const MOST = 50;

interface Known {
  identity: string;
  version: string;
}

/** The first bytes of programs that are what they are: those of Linux and of macOS. What a script says can hang on anything. */
const MAGIC = new Set(['7f454c46', 'cffaedfe', 'cefaedfe', 'cafebabe', 'feedfacf']);

export class KnownVersions {
  readonly #file: string;

  constructor(cache: string) {
    this.#file = join(cache, FILE);
  }

  /** Null where it was never asked, or is another file now, also if that has the same name, size and time. */
  versionOf(path: string): string | null {
    const identity = identityOf(path);
    const known = this.#read().get(path);
    return identity !== null && known?.identity === identity ? known.version : null;
  }

  /** What cannot be kept is asked again. */
  keep(path: string, version: string): void {
    const identity = identityOf(path);
    if (identity === null || !isProgram(path)) return;
    const all = this.#read();
    all.delete(path);
    const kept = [...all, [path, { identity, version }] as const].slice(-MOST);
    const partial = `${this.#file}.${process.pid}`;
    try {
      writeFileSync(partial, JSON.stringify(Object.fromEntries(kept)));
      renameSync(partial, this.#file);
    } catch {
      // There is no cache, or it may not be written.
    }
  }

  #read(): Map<string, Known> {
    try {
      return new Map(Object.entries(JSON.parse(readFileSync(this.#file, 'utf8')) as Record<string, Known>));
    } catch {
      return new Map();
    }
  }
}

/** The time of the last change of status cannot be set: a file that was put in the place of another one has a later one. */
function identityOf(path: string): string | null {
  const found: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile()) return null;
  return [found.dev, found.ino, found.size, found.mode, found.uid, found.mtimeMs, found.ctimeMs].join(' ');
}

/** Whether it is a program of the system's own format. */
export function isProgram(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    const magic = Buffer.alloc(4);
    readSync(file, magic);
    closeSync(file);
    return MAGIC.has(magic.toString('hex'));
  } catch {
    return false;
  }
}
