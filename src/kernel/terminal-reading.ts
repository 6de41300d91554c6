/** The processes of a terminal's session → whether one of them is waiting for something to be typed. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * `yes`: one is in a read of the terminal. `maybe`: one waits for the first of several things, of which the terminal may be one, or the system does not tell.
 * `no`: they compute, sleep, or wait for something else.
 */
export type Reading = 'yes' | 'maybe' | 'no';

export interface Readers {
  reading: Reading;
  /** The threads in a read of the terminal, and how often each has gone to sleep: another text when one has read something, and reads again. */
  asleep: string;
}

interface SystemCalls {
  read: string[];
  /** They name a descriptor, whose list the system shows. */
  epoll: string[];
  /** They have their list in memory, which nobody sees. */
  poll: string[];
}

const GENERIC: SystemCalls = { read: ['63'], epoll: ['22', '441'], poll: ['72', '73'] };
/** The numbers that Linux has for them. */
const CALLS: Partial<Record<NodeJS.Architecture, SystemCalls>> = {
  x64: { read: ['0'], epoll: ['232', '281', '441'], poll: ['7', '23', '270', '271'] },
  arm64: GENERIC,
  riscv64: GENERIC,
  loong64: GENERIC,
};

/** Of the process, whose standard input is the terminal, and of all that it has started. Only Linux tells, in /proc. */
export function readersOf(leader: number): Readers {
  const calls = CALLS[process.arch];
  if (process.platform !== 'linux' || calls === undefined) return UNKNOWN;
  try {
    const terminal = readlinkSync(`/proc/${leader}/fd/0`);
    // Of what is ours the kernel must answer; where it does not, no answer is to be had for the others.
    readFileSync(`/proc/${leader}/syscall`);
    const threads = threadsOf(leader).map((thread) => ({ thread, reading: readingOfThread(thread, terminal, calls) }));
    const readers = threads.filter(({ reading }) => reading === 'yes');
    const reading = readers.length > 0 ? 'yes' : threads.some((one) => one.reading === 'maybe') ? 'maybe' : 'no';
    return { reading, asleep: readers.map(({ thread }) => `${thread.folder} ${sleepsOf(thread)}`).join('\n') };
  } catch {
    return UNKNOWN;
  }
}

const UNKNOWN: Readers = { reading: 'maybe', asleep: '' };

interface Thread {
  pid: number;
  /** Its folder in /proc. */
  folder: string;
}

function threadsOf(pid: number): Thread[] {
  const own = orElse([], () => readdirSync(`/proc/${pid}/task`)).map((thread) => ({ pid, folder: `/proc/${pid}/task/${thread}` }));
  const children = own.flatMap(({ folder }) => read(`${folder}/children`).split(' ').filter(Boolean));
  return [...own, ...children.flatMap((child) => threadsOf(Number(child)))];
}

function readingOfThread({ pid, folder }: Thread, terminal: string, calls: SystemCalls): Reading {
  const [call = '', argument] = read(`${folder}/syscall`).split(' ');
  if (calls.poll.includes(call)) return 'maybe';
  // A password is asked for at /dev/tty, which for a process of the session is the same terminal.
  const isTerminal = (descriptor: number) => [terminal, '/dev/tty'].includes(orElse('', () => readlinkSync(`/proc/${pid}/fd/${descriptor}`)));
  if (calls.read.includes(call) && isTerminal(Number(argument))) return 'yes';
  if (!calls.epoll.includes(call)) return 'no';
  const watched = read(`/proc/${pid}/fdinfo/${Number(argument)}`).matchAll(/^tfd:\s*(\d+)/gm);
  return [...watched].some(([, descriptor]) => isTerminal(Number(descriptor))) ? 'maybe' : 'no';
}

/** How often it has waited for something. */
function sleepsOf({ folder }: Thread): string {
  return /^voluntary_ctxt_switches:\s*(\d+)/m.exec(read(`${folder}/status`))?.[1] ?? '';
}

function read(file: string): string {
  return orElse('', () => readFileSync(file, 'utf8').trim());
}

/** Processes and threads come and go while they are looked at. */
function orElse<T>(other: T, look: () => T): T {
  try {
    return look();
  } catch {
    return other;
  }
}
