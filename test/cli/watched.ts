/** A folder of pages and `lockerroom run --watch` in it: what is saved, what is printed of it, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BIN } from './command.ts';

export interface Ended {
  code: number | null;
  signal: string | null;
  stderr: string;
}

export class WatchedFolder {
  readonly folder: string;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #heard = { stdout: '', stderr: '' };
  readonly #read = { stdout: 0, stderr: 0 };
  #notify: () => void = () => {};

  private constructor(folder: string, args: string[], env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.child = spawn(process.execPath, [BIN, 'run', '--watch', ...args], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      this.child[stream]?.setEncoding('utf8').on('data', (text: string) => {
        this.#heard[stream] += text;
        this.#notify();
      });
    }
    this.ended = new Promise((resolve) =>
      this.child.on('close', (code, signal) => {
        resolve({ code, signal, stderr: this.#heard.stderr });
        this.#notify();
      }),
    );
  }

  static async open(files: Record<string, string>, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<WatchedFolder> {
    const folder = await mkdtemp(join(tmpdir(), 'watch-test-'));
    for (const [name, text] of Object.entries(files)) await write(join(folder, name), text);
    return new WatchedFolder(folder, args, env);
  }

  async save(name: string, text: string): Promise<void> {
    await write(join(this.folder, name), text);
  }

  /** As many editors do: into another file, which then takes the name. */
  async saveByRename(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, `${name}~`), text);
    await rename(join(this.folder, `${name}~`), join(this.folder, name));
  }

  /** What is printed from the last answer on, up to the end of the first match. */
  async until(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    for (;;) {
      const news = this.#heard[stream].slice(this.#read[stream]);
      const found = pattern.exec(news);
      if (found !== null) {
        const end = found.index + found[0].length;
        this.#read[stream] += end;
        return news.slice(0, end);
      }
      if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error(`it has ended, and printed no ${pattern}:\n${news}`);
      await new Promise<void>((resolve) => (this.#notify = resolve));
    }
  }

  /** A whole run: up to the line that says that it is watching. */
  run(): Promise<string> {
    return this.until(/Watching \d+ lessons? · [^\n]*\n/);
  }

  async close(): Promise<Ended> {
    this.child.kill('SIGINT');
    const ended = await this.ended;
    await rm(this.folder, { recursive: true, force: true });
    return ended;
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
