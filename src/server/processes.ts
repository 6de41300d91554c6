/** A folder → this user's processes that have something in it as an argument or, on Linux, in their environment. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { runCommand } from './command.ts';

interface Processes {
  list: { pid: number; line: string }[];
  /** What stands between two arguments. */
  separator: string;
}

/** Those with an argument `DIR/…`, `--flag=DIR/…` or `file://DIR/…`, or a variable `NAME=DIR/…`; not those that only mention it, as a shell's script does; not ourselves. */
export async function processesIn(folder: string): Promise<number[]> {
  const { list, separator } = fromProc() ?? (await fromPs());
  const argument = new RegExp(`(?:^|${separator})(?:-{0,2}[\\w.-]+=)?(?:file://)?${escaped(folder)}(?:/|${separator}|$)`);
  return list.filter(({ pid, line }) => pid !== process.pid && argument.test(line)).map(({ pid }) => pid);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Null where the system has no /proc. A zombie has no command line, and nothing to be killed. Waiting for each of some hundred files would take ten times as long. */
function fromProc(): Processes | null {
  const pids = attempt(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return null;
  const list: Processes['list'] = [];
  for (const pid of pids) {
    if (attempt(() => statSync(`/proc/${pid}`).uid, -1) !== process.getuid?.()) continue;
    const [line, variables] = ['cmdline', 'environ'].map((name) => attempt(() => readFileSync(`/proc/${pid}/${name}`, 'utf8'), ''));
    if (line) list.push({ pid: Number(pid), line: `${line}\0${variables}` });
  }
  return { list, separator: '\0' };
}

/** A process that ends meanwhile, or is someone else's, is none. */
function attempt<Found>(read: () => Found, otherwise: Found): Found {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

async function fromPs(): Promise<Processes> {
  const { lines } = await runCommand('ps', ['-ww', '-U', String(process.getuid?.()), '-o', 'pid=', '-o', 'args='], { limit: 5_000 });
  const list = lines
    .map((text) => /^\s*(\d+)\s+(.*)$/.exec(text))
    .flatMap((match) => (match?.[2] === undefined ? [] : [{ pid: Number(match[1]), line: match[2] }]));
  return { list, separator: ' ' };
}
