/** A page on a private server and in a container → what the container costs the run, beside what `docker run` of the same image takes by itself → a table. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import images, { docker, IMAGE } from '../docker/image.ts';
import { hasPart } from '../real-parts.ts';
import { timeCommand } from './processes.ts';
import { interleave } from './rounds.ts';
import { pageOf, SHAPES } from './shapes.ts';
import type { Sitting } from './speed.ts';
import { milliseconds, spread } from './statistics.ts';
import { markdownTable } from './table.ts';

const STEPS = 10;

/** The container's own start is that of `docker run`, from the command to the server's word that it is ready; its own end that of `docker rm`. */
export async function dockerTable({ ground, rounds, say }: Sitting): Promise<string> {
  if (!(await hasPart('docker'))) return '**In a container**: no Docker engine is here.\n';
  const removeImages = await images();
  try {
    const folder = await ground.folder();
    await writeFile(join(folder, 'page.md'), pageOf(SHAPES.each, STEPS));
    const run = (server: string) => async () => {
      const { wall } = await timeCommand({ argv: ground.lockerroom('run', '--twin', 'off', '--server', server, 'page.md'), cwd: folder, env: ground.env });
      return { wall, end: 0 };
    };
    const measured = await interleave(
      [
        { name: 'local', run: run('local') },
        { name: 'docker', run: run('docker') },
        { name: 'bare', run: bareContainer },
      ],
      rounds,
      (round) => say(`in a container, round ${round} of ${rounds}`),
    );
    const [local = [], inside = [], bare = []] = measured.map(({ results }) => results);
    const more = inside.map(({ wall }, round) => wall - (local[round]?.wall ?? Number.NaN));
    const beyond = (of: (one: { wall: number; end: number }) => number) =>
      spread(
        more.map((cost, round) => cost - of(bare[round] ?? { wall: Number.NaN, end: Number.NaN })),
        milliseconds,
      );
    const walls = (runs: { wall: number }[]) =>
      spread(
        runs.map(({ wall }) => wall),
        milliseconds,
      );
    const ends = spread(
      bare.map(({ end }) => end),
      milliseconds,
    );
    const rows = [
      [`lockerroom run, ${STEPS} steps`, walls(local)],
      ['lockerroom run --server docker, the same', walls(inside)],
      ['what the container costs the run', spread(more, milliseconds)],
      ["`docker run` until ready: a container's own start", walls(bare)],
      ['`docker rm -f -v`: its own end', ends],
      ['the cost beyond the own start', beyond(({ wall }) => wall)],
      ['the cost beyond own start and own end', beyond(({ wall, end }) => wall + end)],
    ];
    return `**In a container** (the image ${IMAGE})\n\n${markdownTable(['', 'ms'], rows)}`;
  } finally {
    removeImages?.();
  }
}

let count = 0;

async function bareContainer(): Promise<{ wall: number; end: number }> {
  count += 1;
  const name = `lockerroom-bench-${process.pid}-${count}`;
  const started = performance.now();
  const child = spawn('docker', ['run', '--name', name, '-p', '127.0.0.1::4222', IMAGE, '--jetstream'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('Server is ready')) resolve();
    });
    ended.then(() => reject(new Error(`the container does not start:\n${log}`)));
  });
  const wall = performance.now() - started;
  const asked = performance.now();
  docker('rm', '-f', '-v', name);
  const end = performance.now() - asked;
  await ended;
  return { wall, end };
}
