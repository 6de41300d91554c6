import { expect, test } from 'vitest';
import { Slots } from '../../../src/workbook/slots.ts';

test('so many at a time, in the order in which they were asked for; a failure frees its slot', async () => {
  const slots = new Slots(2);
  const doors = [0, 1, 2, 3].map(() => Promise.withResolvers<string>());
  const begun: number[] = [];
  const ends = doors.map(({ promise }, index) =>
    slots.use(() => {
      begun.push(index);
      return promise;
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  doors[1]?.reject(new Error('no'));
  await expect(ends[1]).rejects.toThrow('no');
  expect(begun).toEqual([0, 1, 2]);
  doors[0]?.resolve('a');
  expect(await ends[0]).toBe('a');
  expect(begun).toEqual([0, 1, 2, 3]);
});
