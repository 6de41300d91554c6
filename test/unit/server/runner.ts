/** A real runner in a process of its own, and what it leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { untilGone } from './fakes.ts';

export interface Runner {
  path: string;
  processes: number[];
  url: string | null;
  child: ChildProcess;
  /** Tells it what to do; resolves with its exit code or signal. */
  told(word: 'close' | 'exit' | 'throw' | 'end'): Promise<number | string>;
  killed(signal?: NodeJS.Signals): Promise<number | string>;
}

/** Starts it with `words` (see the fixture) in a TMPDIR; resolves when it has made everything. */
export async function startRunner(tmpdir: string, ...words: string[]): Promise<Runner> {
  const fixture = fileURLToPath(new URL('../../fixtures/server/runner.ts', import.meta.url));
  const child = spawn(process.execPath, [fixture, ...words], { env: { ...process.env, TMPDIR: tmpdir }, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (text) => {
    complaints += text;
  });
  const ended = once(child, 'exit').then(([code, signal]): number | string => code ?? signal);
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  if (!Array.isArray(line)) throw new Error(`The runner ended with ${line}: ${complaints}`);
  const made: { path: string; processes: number[]; url: string | null } = JSON.parse(line[0]);
  onTestFinished(() => {
    child.kill('SIGKILL');
    for (const pid of made.processes) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // As it should be.
      }
    }
  });
  const told = (word: string) => {
    child.stdin.write(`${word}\n`);
    return ended;
  };
  const killed = (signal: NodeJS.Signals = 'SIGKILL') => {
    child.kill(signal);
    return ended;
  };
  return { ...made, child, told, killed };
}

/** The process ids of the reapers that this process has started. */
export function reapersOf(pid: number | undefined): number[] {
  const reapers: number[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = /^\d+ \(.*\) \w (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1];
      if (Number(parent) === pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes('lockerroom-reaper')) reapers.push(Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  return reapers;
}

/** What a run leaves whose runner and reaper were both killed. */
export async function deadRun(tmpdir: string, ...words: string[]): Promise<Runner> {
  const runner = await startRunner(tmpdir, ...words);
  const reapers = reapersOf(runner.child.pid);
  if (reapers.length !== 1) throw new Error(`The runner has ${reapers.length} reapers`);
  for (const pid of reapers) process.kill(pid, 'SIGKILL');
  await Promise.all(reapers.map(untilGone));
  await runner.killed();
  return runner;
}
