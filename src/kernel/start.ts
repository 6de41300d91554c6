/** A lesson's file → the process of its kernel, with nothing loaded here that knows steps: so that it can be started before the page is read. */
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { OwnConnection } from './own-connection.ts';
import { HostProcess, type Limits, type OwnListener } from './parent.ts';
import type { Needs } from './protocol.ts';

export type { HostProcess } from './parent.ts';

export interface HostOptions extends Needs {
  /** Absolute. */
  lessonFile: string;
  /** An argument that the process has beside its own, so that it can be found by its command line. */
  mark: string;
  onStart?: (pid: number) => void;
  /** It is gone, and its id may soon be another's. */
  onEnd?: (pid: number) => void;
  limits?: Partial<Limits>;
  /** What lets the page into a server of one's own; left out or null: the server is private. */
  own?: OwnConnection | null;
  onOwn?: OwnListener | null;
}

export const LIMITS: Limits = { memory: 512 * 2 ** 20, output: 2 ** 20 };

/** Never throws: what fails is in the answers to requests. */
export function startHost({ lessonFile, preload, types, mark, onStart, onEnd, limits, own = null, onOwn = null }: HostOptions): HostProcess {
  const file = fileURLToPath(pathToFileURL(lessonFile));
  const host = new HostProcess({ lessonFile: file, preload, types, codeCache: codeCache(), own }, mark, { ...LIMITS, ...limits }, onOwn);
  const { pid } = host;
  if (pid !== undefined) {
    onStart?.(pid);
    host.ended.then(() => onEnd?.(pid));
  }
  return host;
}

/** The folder of the runner's own, where it has one. Node keeps a folder for each of its versions in it. */
function codeCache(): string | null {
  const folder = getCompileCacheDir();
  return folder === undefined ? null : dirname(folder);
}
