import { describe, expect, test } from 'vitest';
import { pageOf } from '../../unit/kernel/page.ts';
import { kernelOf, linkPage, runCodes, stepOf } from './lesson.ts';

describe('what a step leaves running', () => {
  const NOTHING = { output: '', stopped: null, kernelLost: false, late: [] };

  const LATER = 'await new Promise((resolve) => setTimeout(resolve, 100)); console.log("on")';

  test('between steps: what it prints', async () => {
    const kernel = kernelOf();
    await kernel.run(stepOf('setTimeout(() => console.log("late"), 20)'));
    expect(await kernel.collect({ drain: false })).toEqual(NOTHING);
    await expect.poll(async () => (await kernel.collect({ drain: false })).output).toBe('late\n');
  });

  test('between steps: its errors, and its names are still there', async () => {
    const kernel = kernelOf();
    const [first, second] = linkPage(pageOf(['const a = 1; setTimeout(() => Promise.reject(new Error("too late")), 20)', 'console.log(a)']));
    if (first === undefined || second === undefined) throw new Error('a page of two steps has two');
    await kernel.run(first);
    const place = { line: 2, column: 46 };
    await expect
      .poll(async () => (await kernel.collect({ drain: false })).stopped)
      .toMatchObject({ reason: 'rejection', error: { name: 'Error', message: 'too late' }, place });
    expect(await kernel.collect({ drain: false })).toEqual(NOTHING);
    expect(await kernel.run(second)).toMatchObject({ output: '1\n', stopped: null, late: [], kernelLost: false });
  });

  test.each([
    ['a rejection', 'setTimeout(() => Promise.reject(new Error("too late")), 20)', 'rejection', { line: 2, column: 33 }],
    ['of no error', 'setTimeout(() => Promise.reject(null), 20)', 'rejection', null],
    ['an exception', 'setTimeout(() => { throw new Error("too late") }, 20)', 'exception', { line: 2, column: 26 }],
    ['of no error', 'setTimeout(() => { throw 1 }, 20)', 'exception', null],
    ['again and again', 'setInterval(() => { throw new Error("too late") }, 5)', 'exception', { line: 2, column: 27 }],
  ])('errors while a later step runs are not the later one’s: %s', async (_title, code, reason, place) => {
    const [first, second, third] = await runCodes([code, LATER, LATER]);
    expect(first).toMatchObject({ stopped: null, late: [] });
    expect(second).toMatchObject({ output: 'on\n', stopped: null, late: [{ index: 0, stop: { reason, place } }], kernelLost: false });
    expect(second?.late).toHaveLength(1);
    expect(third).toMatchObject({ output: 'on\n', stopped: null, late: [], kernelLost: false });
  });

  test('an error belongs to the latest step that had a part in it', async () => {
    const [, second] = await runCodes(['const boom = () => { throw new Error("x") }', `setTimeout(boom, 5); ${LATER}`]);
    expect(second).toMatchObject({ late: [], stopped: { reason: 'exception', place: { line: 2, column: 28 } }, kernelLost: true });
    const [, other] = await runCodes([
      'const later = (f: () => void) => setTimeout(() => f(), 5); let f = () => {}; setTimeout(() => f(), 30); const set = (g: () => void) => { f = g }',
      `set(() => { throw 1 }); set(() => { throw new Error("x") }); ${LATER}`,
    ]);
    expect(other).toMatchObject({ late: [], stopped: { reason: 'exception', place: { line: 6, column: 43 } } });
  });

  test.each([
    ['a timer', 'setTimeout(() => console.log("late"), 100)', 'late\n'],
    ['timers that start timers', 'let n = 0; const again = () => { console.log(n); if (++n < 3) setTimeout(again, 20) }; again()', '1\n2\n'],
    ['reading a file', 'import fs from "node:fs"; fs.readFile(import.meta.filename, () => console.log("read"))', 'read\n'],
    ['a child process', 'import { spawn } from "node:child_process"; spawn("sh", ["-c", "sleep 0.1; echo child"], { stdio: "inherit" })', 'child\n'],
    ['a promise chain', 'new Promise((resolve) => setImmediate(resolve)).then(() => console.log("then"))', 'then\n'],
  ])('after the last step is waited for: %s', async (_title, code, expected) => {
    const kernel = kernelOf();
    const { output } = await kernel.run(stepOf(code));
    const late = await kernel.collect({ drain: true });
    expect(output + late.output).toContain(expected);
    expect(late).toMatchObject({ stopped: null, kernelLost: false });
  });

  test('an error after the last step', async () => {
    const kernel = kernelOf();
    await kernel.run(stepOf('setTimeout(() => { throw new TypeError("late") }, 100)'));
    expect(await kernel.collect({ drain: true })).toMatchObject({
      kernelLost: false,
      stopped: { reason: 'exception', place: { line: 2, column: 26 } },
      late: [],
    });
  });

  test('what does not end is waited for no longer than a second', async () => {
    const kernel = kernelOf();
    await kernel.run(stepOf('setInterval(() => {}, 10)'));
    const started = performance.now();
    expect(await kernel.collect({ drain: true })).toEqual(NOTHING);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('an idle connection is not waited for', async () => {
    const kernel = kernelOf();
    await kernel.run(
      stepOf(
        'import net from "node:net"; const server = net.createServer((s) => s.on("error", () => {})).listen(0); await new Promise<void>((r) => server.on("listening", () => r()));\nconst socket = net.connect((server.address() as net.AddressInfo).port); await new Promise<void>((r) => socket.on("connect", () => r())); setTimeout(() => {}, 60_000)',
      ),
    );
    const started = performance.now();
    expect(await kernel.collect({ drain: true })).toEqual(NOTHING);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('an endless loop after the step’s end', async () => {
    const kernel = kernelOf();
    await kernel.run(stepOf('setImmediate(() => setTimeout(() => { for (;;); }, 20))', 300));
    expect(await kernel.collect({ drain: true })).toMatchObject({ kernelLost: true, stopped: { reason: 'timeout' } });
  });
});
