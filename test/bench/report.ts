/** Arguments of `lockerroom run` → the report that it writes, for what only it knows: how long each step took. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ground } from './ground.ts';
import { timeCommand } from './processes.ts';

export interface Report {
  durationMs: number;
  lessons: { file: string; durationMs: number; steps: { durationMs: number }[] }[];
  /** Of the whole process, in milliseconds. */
  wall: number;
}

export async function reportOf(args: string[], cwd: string, { env, lockerroom }: Ground): Promise<Report> {
  const file = join(env.TMPDIR ?? '/tmp', 'report.json');
  const { wall } = await timeCommand({ argv: lockerroom('run', ...args, '--quiet', '--reporter', 'terminal', '--reporter', `json:${file}`), cwd, env });
  const report = JSON.parse(await readFile(file, 'utf8')) as Report;
  await rm(file);
  return { ...report, wall };
}

export function stepDurations({ lessons }: Report): number[] {
  return lessons.flatMap(({ steps }) => steps.map(({ durationMs }) => durationMs));
}
