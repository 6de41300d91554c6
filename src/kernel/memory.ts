/** A process → how much memory it holds, and a call when that becomes too much. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Milliseconds. A step that is done before the first look costs nothing. */
const EVERY = 50;

/** Bytes in memory (resident set), Buffers included; null where that cannot be told, as of a process that has ended. */
export async function residentBytes(pid: number): Promise<number | null> {
  const text = process.platform === 'linux' ? await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '') : await askPs(pid);
  const match = /(?:VmRSS:|^)\s*(\d+)/m.exec(process.platform === 'linux' ? (/^VmRSS:.*/m.exec(text)?.[0] ?? '') : text);
  return match === null ? null : Number(match[1]) * 1024;
}

function askPs(pid: number): Promise<string> {
  return new Promise((resolve) => execFile('ps', ['-o', 'rss=', '-p', String(pid)], (_error, stdout) => resolve(stdout)));
}

/** Looks again and again, until the returned function is called; calls back once, where the process holds more than `most` bytes. */
export function watchMemory(pid: number, most: number, onExcess: () => void): () => void {
  let timer: NodeJS.Timeout;
  let isOver = false;
  const look = async () => {
    const bytes = await residentBytes(pid);
    if (isOver) return;
    if (bytes !== null && bytes > most) onExcess();
    else timer = setTimeout(look, EVERY);
  };
  timer = setTimeout(look, EVERY);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
