import { describe, expect, test } from 'vitest';
import { Sites } from '../../../src/workbook/sites.ts';

/** Sites that say what becomes of them. */
function fakeSites({ fails = [], failsToClose = [] }: { fails?: string[]; failsToClose?: string[] } = {}) {
  const log: string[] = [];
  const sites = new Sites(async (lesson: string) => {
    log.push(`open ${lesson}`);
    if (fails.includes(lesson)) throw new Error(`no server for ${lesson}`);
    return {
      lesson,
      async close() {
        log.push(`close ${lesson}`);
        if (failsToClose.includes(lesson)) throw new Error(`${lesson} stays`);
      },
    };
  });
  return { sites, log };
}

describe('the sites of lessons', () => {
  test('are opened once, whether they were made ready or not', async () => {
    const { sites, log } = fakeSites();
    sites.prepare('one');
    sites.prepare('one');
    expect([sites.isPrepared('one'), sites.isPrepared('two')]).toEqual([true, false]);
    expect([(await sites.take('one')).lesson, (await sites.take('two')).lesson]).toEqual(['one', 'two']);
    expect(log).toEqual(['open one', 'open two']);
    expect(sites.isPrepared('one')).toBe(false);
  });

  test('are closed at the end where nobody took them', async () => {
    const { sites, log } = fakeSites();
    sites.prepare('one');
    await sites.end();
    await sites.end();
    expect(log).toEqual(['open one', 'close one']);
  });

  test('that could not be opened are the matter of who takes them', async () => {
    const { sites, log } = fakeSites({ fails: ['one', 'two'] });
    for (const lesson of ['one', 'two']) sites.prepare(lesson);
    await expect(sites.take('one')).rejects.toThrow('no server for one');
    await sites.end();
    expect(log).toEqual(['open one', 'open two']);
  });

  test('are closed while other things go on, and at the end they are', async () => {
    const { sites, log } = fakeSites({ failsToClose: ['one'] });
    for (const lesson of ['one', 'two']) sites.leave(await sites.take(lesson));
    await expect(sites.end()).rejects.toThrow('one stays');
    expect(log).toEqual(['open one', 'close one', 'open two', 'close two']);
  });
});
