/** A command line → what it took as a whole process: time, processor, memory. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface Command {
  argv: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

export interface Cost {
  /** Milliseconds from its start to its end. */
  wall: number;
  /** Milliseconds of processor, user and system, of the process and all its descendants. */
  cpu: number;
  /** What it printed on standard output. */
  output: string;
}

/** Bash's own clock, whose figures have three decimals, and hold what every waited-for descendant took. */
const TIMED = 'TIMEFORMAT="%3R %3U %3S"; exec 3>&2 2>"$0"; time "$@" 2>&3 3>&-';

/** Rejects where the command fails: a contender that does not do the work is no contender. */
export async function timeCommand({ argv, cwd, env }: Command): Promise<Cost> {
  const file = join(env.TMPDIR ?? '/tmp', `time-${process.pid}`);
  const output = await finish(spawn('bash', ['-c', TIMED, file, ...argv], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }), argv);
  const [wall = 0, user = 0, system = 0] = (await readFile(file, 'utf8'))
    .trim()
    .split(/\s+/)
    .map((seconds) => Number(seconds) * 1_000);
  await rm(file);
  return { wall, cpu: user + system, output };
}

/** Bytes. */
export interface Memory {
  /** Of the nats-servers. */
  servers: number;
  /** Of all other processes, each by itself. */
  others: number;
  /** Of these together: what several of them map of the same files, such as Node itself, is there once. */
  together: number;
}

/** How often the processes are looked at, in milliseconds. */
const LOOK_EVERY = 4;

/**
 * The largest sum of the resident memory of the command and its descendants: of those that are there at the same moment, what each has held at most (VmHWM).
 * In a round of its own, for looking costs time.
 */
export async function watchMemory({ argv, cwd, env }: Command): Promise<Memory> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const most: Memory = { servers: 0, others: 0, together: 0 };
  const timer = setInterval(() => {
    const now = residentBelow(child.pid ?? 0);
    most.servers = Math.max(most.servers, now.servers);
    most.others = Math.max(most.others, now.others);
    most.together = Math.max(most.together, now.together);
  }, LOOK_EVERY);
  await finish(child, argv).finally(() => clearInterval(timer));
  return most;
}

async function finish(child: ReturnType<typeof spawn>, argv: string[]): Promise<string> {
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}\n${output.slice(-2_000)}\n${errors.slice(-2_000)}`);
  return output;
}

function residentBelow(root: number): Memory {
  const sum: Memory = { servers: 0, others: 0, together: 0 };
  let files = 0;
  for (const waiting = [root]; waiting.length > 0; ) {
    const pid = waiting.pop();
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1_024;
      if (/^Name:\s+nats-server/m.test(status)) sum.servers += bytes('VmHWM');
      else {
        sum.others += bytes('VmHWM');
        sum.together += bytes('RssAnon') + bytes('RssShmem');
        files = Math.max(files, bytes('RssFile'));
      }
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        waiting.push(...readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number));
      }
    } catch {
      // It has ended meanwhile.
    }
  }
  sum.together += files;
  return sum;
}

/** Milliseconds of processor that the threads of a living process have had. */
export function processorTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);
}
