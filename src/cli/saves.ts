/** Folders and files → when something in them is saved: one word for several saves in quick succession. */
import { relative } from 'node:path';
import { type ChokidarOptions, type FSWatcher, watch } from 'chokidar';
import { ProblemError, problem } from '../errors.ts';
import type { WatchedFolders } from '../workbook/watched.ts';

/** Editors save in several strokes (empty, write, rename); after so many milliseconds without one it is done. */
const QUIET = 60;

/** Where there is always something, such as a log beside the pages, it is said after so many milliseconds all the same. */
const PATIENCE = 400;

/** What no page lies in. */
const NEVER = /(^|[\\/])(node_modules|\.git)([\\/]|$)/;

interface Listeners {
  /** Absolute paths. */
  onSave: (paths: string[]) => void;
  onError: (error: ProblemError) => void;
}

export class Saves {
  /** One for each time that there was something new to watch: a watcher says only once that it is ready. */
  readonly #watchers: FSWatcher[] = [];
  readonly #deep = new Set<string>();
  readonly #flat = new Set<string>();
  readonly #listeners: Listeners;
  readonly #saved = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #since = 0;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  /** These too, from now on. Resolves when nothing that is saved in them is missed any more. */
  async watch({ deep, flat }: WatchedFolders): Promise<void> {
    const newDeep = addNew(this.#deep, deep);
    const isSeen = (path: string) => [...this.#deep].some((root) => isBelow(path, root)) && !NEVER.test(this.#fromRoot(path));
    const newFlat = addNew(
      this.#flat,
      flat.filter((path) => !isSeen(path)),
    );
    await Promise.all([this.#open(newDeep, { ignored: (path) => NEVER.test(this.#fromRoot(path)) }), this.#open(newFlat, { depth: 0 })]);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all(this.#watchers.map((watcher) => watcher.close()));
  }

  async #open(paths: string[], options: ChokidarOptions): Promise<void> {
    if (paths.length === 0) return;
    const watcher = watch(paths, { ignoreInitial: true, ...options });
    this.#watchers.push(watcher);
    watcher.on('all', (_, path) => this.#note(path));
    watcher.on('error', (error) => this.#listeners.onError(unwatchable(error)));
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
  }

  /** Below the folder that is watched: that one may lie anywhere. */
  #fromRoot(path: string): string {
    const root = [...this.#deep].find((one) => isBelow(path, one));
    return root === undefined ? '' : relative(root, path);
  }

  #note(path: string): void {
    const now = performance.now();
    if (this.#saved.size === 0) this.#since = now;
    this.#saved.add(path);
    clearTimeout(this.#timer);
    const say = () => {
      const paths = [...this.#saved];
      this.#saved.clear();
      this.#listeners.onSave(paths);
    };
    this.#timer = setTimeout(say, Math.max(0, Math.min(QUIET, this.#since + PATIENCE - now)));
  }
}

/** Those that were not among them. */
function addNew(known: Set<string>, paths: string[]): string[] {
  const news = [...new Set(paths)].filter((path) => !known.has(path));
  for (const path of news) known.add(path);
  return news;
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way === '' || !way.startsWith('..');
}

function unwatchable(error: unknown): ProblemError {
  const { code, message } = error as NodeJS.ErrnoException;
  const advice = code === 'ENOSPC' || code === 'EMFILE' ? 'raise the limit (fs.inotify.max_user_watches), or name fewer pages' : null;
  return new ProblemError(problem('watch', `the pages cannot be watched: ${message}`, advice));
}
