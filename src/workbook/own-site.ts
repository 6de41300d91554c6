/** An account of a server of one's own → a site for one lesson: kernels that are let in, and a console twin that stays private. */
import { startProcessKernel } from '../kernel/process.ts';
import type { RunFolder } from '../server/run-folder.ts';
import type { Kernel } from '../types.ts';
import type { KernelNeeds } from './kernel-needs.ts';
import type { OwnAccount } from './own-account.ts';
import type { LocalSite } from './site.ts';
import { type LocalTwin, openLocalTwin } from './twin-site.ts';

export interface OwnSiteOptions {
  /** Must be empty. */
  account: OwnAccount;
  /** Of the twin; null: there is none to be had. */
  binary: { path: string; version: string } | null;
  /** The `nats` command for a console twin, or why there is none. */
  twin: { path: string } | string;
  folder: RunFolder;
  /** That many are in the twin's cluster; one: it has none. */
  servers: number;
  /** The page, absolute: its steps import from there. */
  lessonFile: string;
  needs: KernelNeeds;
  onProgress: (text: string) => void;
  /** Is told what could not be removed. */
  onLeft: (sentence: string) => void;
}

/** Rejects with a ProblemError where the twin's server does not start, and with an error where the account cannot be read. */
export async function openOwnSite({ account, binary, twin, folder, servers, lessonFile, needs, onProgress, onLeft }: OwnSiteOptions): Promise<LocalSite> {
  const own = account.access.connection;
  const env = () => ({ NATS_URL: own.url });
  const start = () =>
    startProcessKernel({
      lessonFile,
      ...needs,
      own,
      onOwn: (event) => account.made.told(event),
      env,
      mark: `${folder.path}/kernel`,
      onStart: (pid) => folder.track(pid),
      onEnd: (pid) => folder.untrack(pid),
    });
  let first: Kernel | null = start();
  let other: LocalTwin | null = null;
  let kept = false;
  const close = async () => {
    await first?.end();
    await other?.close();
    if (kept) return;
    const left = await account.empty();
    if (left !== null) onLeft(left);
  };
  try {
    const observer = account.observe({ onProgress });
    const isTwin = typeof twin !== 'string' && binary !== null;
    if (isTwin) other = await openLocalTwin({ binary, cli: twin, folder, config: null, servers, lessonFile, first: Promise.resolve(account), onProgress });
    await observer.read();
    return {
      url: own.url,
      observer,
      connection: account.connection,
      twin: other ?? (typeof twin === 'string' ? twin : 'no local nats-server is to be had for them'),
      mortal: null,
      startKernel() {
        const kernel = first ?? start();
        first = null;
        return kernel;
      },
      lost: () => account.lost(),
      keep(file) {
        kept = true;
        return [`Kept for ${file}, in the account at ${own.url}: what the lesson made.`, `  look    nats --server ${own.url} stream ls --all`];
      },
      close,
    };
  } catch (error) {
    await first?.end();
    await other?.close();
    throw error;
  }
}
