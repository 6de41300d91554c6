/** A process → how much memory it holds, and a call when that becomes too much. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Milliseconds. A step that is done before the first look costs nothing. */
const EVERY = 50;

/** Bytes in memory (resident set), Buffers included; null where that cannot be told, as of a process that has ended. */
export async function residentBytes(pid: number): Promise<number | null> {
  const match = process.platform === 'linux' ? /^VmRSS:\s*(\d+)/m.exec(statusOf(pid)) : /^\s*(\d+)/m.exec(await askPs(pid));
  return match === null ? null : Number(match[1]) * 1024;
}

/** At once, as it is no file on a disk: by way of Node's threads it takes six times the work. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
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
