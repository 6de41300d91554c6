/** A page's new text → its file, all at once or not at all, and only where the file is still what was read. */
import { randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** Null: it is written. Else why it is not: the end of a sentence that begins with the page. Nothing is lost either way. */
export function writePage(path: string, { was, text, to = null }: { was: string; text: string; to?: string | null }): string | null {
  let now: Buffer;
  let real: string;
  try {
    real = realpathSync(path);
    now = readFileSync(real);
  } catch (error) {
    return `cannot be read any more (${codeOf(error)})`;
  }
  if (!now.equals(Buffer.from(was))) return 'was changed by someone else while it was run, and is left as it is; run the update again';
  const target = to === null ? real : to;
  // Beside it, so that the last step is one that the file system does whole.
  const beside = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    writeFileSync(beside, text, { flag: 'wx' });
    chmodSync(beside, statSync(real).mode & 0o7777);
    renameSync(beside, target);
    return null;
  } catch (error) {
    rmSync(beside, { force: true });
    return `cannot be written (${codeOf(error)}); it is as it was`;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
