import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { withLock } from '../../../src/server/install-lock.ts';
import { DEAD_PID, temporaryFolder } from './fakes.ts';

const someTime = () => sleep(Math.random() * 8);

// Each look at the disk takes some time, so that those who are after one lock overtake each other in all ways.
vi.mock('node:fs/promises', async (original) => {
  const disk = await original<typeof import('node:fs/promises')>();
  const late =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args) => {
      await someTime();
      return call(...args);
    };
  return { ...disk, open: late(disk.open), readFile: late(disk.readFile), rename: late(disk.rename), rm: late(disk.rm), stat: late(disk.stat) };
});

const LONG_AGO = new Date(Date.now() - 60_000);

/** The lock of a process that was killed, or of another holder. */
async function deadLock({ holder = `${hostname()} ${DEAD_PID} x`, beat = new Date() } = {}): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, '.lock');
  await writeFile(file, holder);
  await utimes(file, beat, beat);
  return { folder, file };
}

describe('the lock of a dead holder', () => {
  test('goes to one after the other, however many find it at once', async () => {
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const { folder, file } = await deadLock();
        let inside = 0;
        const seen: number[] = [];
        const use = async () => {
          seen.push(++inside);
          await someTime();
          inside--;
        };
        await Promise.all(Array.from({ length: 3 }, () => withLock(file, { onWait: () => {} }, use)));
        expect([seen, await readdir(folder)]).toEqual([[1, 1, 1], []]);
      }),
    );
  });

  test.each([
    ['of a process that was killed', {}],
    ['of another machine, which gives no sign of life any more', { holder: 'elsewhere 1 x', beat: LONG_AGO }],
    ['of nobody knows whom, long ago', { holder: '', beat: LONG_AGO }],
  ])('%s is taken', async (_, lock) => {
    const { folder, file } = await deadLock(lock);
    let uses = 0;
    const use = async () => uses++;
    await Promise.all(Array.from({ length: 3 }, () => withLock(file, { onWait: () => {} }, use)));
    expect([uses, await readdir(folder)]).toEqual([3, []]);
  });

  test('is removed also where one died that was about to', async () => {
    const { folder, file } = await deadLock();
    await writeFile(`${file}.removal`, `${hostname()} ${DEAD_PID} x`);
    await utimes(`${file}.removal`, LONG_AGO, LONG_AGO);
    await withLock(file, { onWait: () => {} }, async () => {});
    expect(await readdir(folder)).toEqual([]);
  });

  test('is done without, where it cannot be told whose it is', async () => {
    const file = join(await temporaryFolder(), '.lock');
    await mkdir(join(file, 'inside'), { recursive: true });
    expect(await withLock(file, { onWait: () => {} }, async () => 'used')).toBe('used');
  });
});
