/** The processes of a terminal's session → whether one of them is waiting for something to be typed. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The number of read(2), on Linux. */
const READ: Partial<Record<NodeJS.Architecture, string>> = {
  x64: '0',
  ia32: '3',
  arm: '3',
  arm64: '63',
  riscv64: '63',
  loong64: '63',
  ppc64: '3',
  s390x: '3',
};

/**
 * Whether the process, or one that it has started, is in a read of the terminal that is the process's standard input. Null where the system does not tell:
 * only Linux does, in /proc. One that waits by poll or select is not seen.
 */
export function isTerminalRead(leader: number): boolean | null {
  const read = READ[process.arch];
  if (process.platform !== 'linux' || read === undefined) return null;
  try {
    const terminal = readlinkSync(`/proc/${leader}/fd/0`);
    // Of what is ours the kernel must answer; where it does not, no answer is to be had for the others.
    readFileSync(`/proc/${leader}/syscall`);
    return isReading(leader, terminal, read);
  } catch {
    return null;
  }
}

function isReading(pid: number, terminal: string, read: string): boolean {
  const children: number[] = [];
  for (const thread of listThreads(pid)) {
    const [call, descriptor] = readOr('', `/proc/${pid}/task/${thread}/syscall`).split(' ');
    if (call === read && descriptor !== undefined && linkOf(`/proc/${pid}/fd/${Number(descriptor)}`) === terminal) return true;
    children.push(...readOr('', `/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number));
  }
  return children.some((child) => isReading(child, terminal, read));
}

// Processes and threads come and go while they are looked at.
function listThreads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readOr(other: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return other;
  }
}

function linkOf(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
