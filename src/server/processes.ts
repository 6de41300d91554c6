/** A folder → this user's processes that have something in it as an argument or, on Linux, in their environment. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { runCommand } from './command.ts';

interface Processes {
  list: { pid: number; line: string }[];
  /** What stands between two arguments. */
  separator: string;
}

/** Those with an argument `DIR/…`, `--flag=DIR/…` or `file://DIR/…`, or a variable `NAME=DIR/…`; not those that only mention it, as a shell's script does; not ourselves. */
export async function processesIn(folder: string): Promise<number[]> {
  const { list, separator } = (await fromProc()) ?? (await fromPs());
  const argument = new RegExp(`(?:^|${separator})(?:-{0,2}[\\w.-]+=)?(?:file://)?${escaped(folder)}(?:/|${separator}|$)`);
  return list.filter(({ pid, line }) => pid !== process.pid && argument.test(line)).map(({ pid }) => pid);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Null where the system has no /proc. A zombie has no command line, and nothing to be killed. */
async function fromProc(): Promise<Processes | null> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  if (pids.length === 0) return null;
  const list: Processes['list'] = [];
  for (const pid of pids) {
    const info = await stat(`/proc/${pid}`).catch(() => null);
    if (info?.uid !== process.getuid?.()) continue;
    const [line, variables] = await Promise.all(['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')));
    if (line) list.push({ pid, line: `${line}\0${variables}` });
  }
  return { list, separator: '\0' };
}

async function fromPs(): Promise<Processes> {
  const { lines } = await runCommand('ps', ['-ww', '-U', String(process.getuid?.()), '-o', 'pid=', '-o', 'args='], { limit: 5_000 });
  const list = lines
    .map((text) => /^\s*(\d+)\s+(.*)$/.exec(text))
    .flatMap((match) => (match?.[2] === undefined ? [] : [{ pid: Number(match[1]), line: match[2] }]));
  return { list, separator: ' ' };
}
