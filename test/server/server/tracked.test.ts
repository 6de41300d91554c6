/** A run knows the processes that it must end, and no others: an id that is not in use any more may soon be another program's. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunFolder } from '../../../src/server/run-folder.ts';
import { openLocalSite } from '../../../src/workbook/site.ts';
import { serverBinary, withServer } from '../start.ts';

test('of a lesson that is over no process is left to be ended', () =>
  withServer(async (_, folder) => {
    const tracked = new Set<number>();
    const watched: RunFolder = Object.assign(Object.create(folder) as RunFolder, {
      track: (pid: number) => void tracked.add(pid),
      untrack: (pid: number) => void tracked.delete(pid),
    });
    const site = await openLocalSite({
      binary: await serverBinary(),
      twin: 'there is none',
      folder: watched,
      config: null,
      servers: 1,
      lessonFile: join(folder.path, 'page.md'),
      needs: { preload: [], types: false },
    });
    const kernel = site.startKernel();
    await kernel.collect({ drain: false });
    expect(tracked.size).toBe(2);
    await kernel.end();
    await site.close();
    expect([...tracked]).toEqual([]);
  }));
