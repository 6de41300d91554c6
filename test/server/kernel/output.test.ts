import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, kernelOf, processesWith, runCodes, stepOf, summaryOf, writeBeside } from './lesson.ts';

describe('what a step prints', () => {
  test('console, streams, descriptors and child processes in order', async () => {
    const code = `import { execFileSync, spawnSync } from 'node:child_process'; import fs from 'node:fs';
for (let i = 0; i < 50; i++) {
  console.log(i, 'log'); console.error(i, 'error'); process.stdout.write(i + ' out\\n'); process.stderr.write(i + ' err\\n');
  fs.writeSync(i % 2 + 1, i + ' fd\\n');
  if (i % 10 === 0) spawnSync('sh', ['-c', \`echo \${i} child; echo \${i} child2 >&2\`], { stdio: 'inherit' });
}`;
    const expected = Array.from({ length: 50 }, (_, i) => [
      `${i} log`,
      `${i} error`,
      `${i} out`,
      `${i} err`,
      `${i} fd`,
      ...(i % 10 === 0 ? [`${i} child`, `${i} child2`] : []),
    ]).flat();
    expect((await runCodes([code]))[0]?.output.trimEnd().split('\n')).toEqual(expected);
  });

  test('nothing of it is lost, though a child made the pipe non-blocking', async () => {
    const code = `import { spawnSync } from 'node:child_process';
spawnSync(process.execPath, ['-e', 'console.log("child")'], { stdio: 'inherit' });
for (let i = 0; i < 900; i++) console.log('x'.repeat(999));
process.exit(0)`;
    const [execution] = await runCodes([code]);
    expect(execution?.output).toHaveLength('child\n'.length + 900_000);
    expect(execution?.stopped?.reason).toBe('exit');
  });

  test('escapes and bytes that are no text are data; characters are whole', async () => {
    const pieces: string[] = [];
    const kernel = kernelOf();
    const execution = await kernel.run(
      stepOf('process.stdout.write("\\x1b[31mred\\x1b[0m\\0é😀".repeat(20000)); process.stdout.write(Buffer.from([0x41, 0xff, 0xc3]))'),
      (text) => pieces.push(text),
    );
    expect(execution.output).toBe(`${'\u001b[31mred\u001b[0m\0é😀'.repeat(20000)}A\uFFFD\uFFFD`);
    expect(pieces.join('')).toBe(execution.output);
    expect(pieces.length).toBeGreaterThan(1);
  });

  test('is told while the step runs', async () => {
    const kernel = kernelOf();
    const told: string[] = [];
    const running = kernel.run(stepOf('console.log("one"); await new Promise(() => {})', 30_000), (text) => told.push(text));
    await expect.poll(() => told.join('')).toBe('one\n');
    await kernel.end();
    expect(await running).toMatchObject({ output: 'one\n', stopped: { reason: 'kernel', message: 'was ended, because the run was' }, kernelLost: true });
  });

  test('belongs to the step that runs when it is printed', async () => {
    const [first, second] = await runCodes([
      'setTimeout(() => console.log("late"), 30)',
      'await new Promise((resolve) => setTimeout(resolve, 60)); console.log("second")',
    ]);
    expect([first?.output, second?.output]).toEqual(['', 'late\nsecond\n']);
  });

  test.each(['for (;;) console.log("flood")', 'process.stdout.write("é".repeat(2 ** 21)); await new Promise(() => {})'])(
    'is cut at the limit: %s',
    async (code) => {
      const [execution, after] = await runCodes([code, 'console.log("next")']);
      expect(Buffer.byteLength(execution?.output ?? '')).toBe(2 ** 20);
      expect(execution).toMatchObject({
        kernelLost: true,
        stopped: { reason: 'output', message: 'printed more than 1 MiB and was stopped; print less, or end what prints' },
      });
      expect(after?.output).toBe('next\n');
    },
  );

  test('the limit is each step’s own', async () => {
    const executions = await runCodes(Array.from({ length: 4 }, () => 'process.stdout.write("x".repeat(2 ** 20 - 9))'));
    expect(executions.map(({ output, stopped }) => [output.length, stopped])).toEqual(Array.from({ length: 4 }, () => [2 ** 20 - 9, null]));
  });
});

describe('memory', () => {
  test.each([
    ['Buffers', 'const all: Buffer[] = []; for (;;) { all.push(Buffer.alloc(2 ** 22, 1)); await new Promise((resolve) => setTimeout(resolve, 1)) }'],
    ['without a pause', 'const all: Buffer[] = []; for (;;) all.push(Buffer.alloc(2 ** 22, 1))'],
    ['the heap', 'const all: unknown[] = []; for (;;) all.push({ all: [1, 2, 3] })'],
  ])('%s', async (_title, code) => {
    const [execution, after] = await runCodes([`console.log("before"); ${code}`, 'console.log("next")'], { limits: { memory: 128 * 2 ** 20 } });
    expect(execution && summaryOf(execution)).toBe('prints "before\\n", memory, lost');
    expect(execution?.stopped?.message).toContain('used more than 128 MB of memory');
    expect(after?.output).toBe('next\n');
  });

  test('what is within the limit is fine', async () => {
    const [execution] = await runCodes([
      'const a = Buffer.alloc(300 * 2 ** 20, 1); await new Promise((resolve) => setTimeout(resolve, 200)); console.log(a.length)',
    ]);
    expect(execution && summaryOf(execution)).toBe('prints "314572800\\n"');
  });
});

describe('the end', () => {
  test('twice, and before anything has run', async () => {
    const kernel = kernelOf();
    await Promise.all([kernel.end(), kernel.end()]);
    await kernel.end();
    expect(await kernel.run(stepOf('1'))).toMatchObject({ kernelLost: true, stopped: { reason: 'kernel' } });
    expect(await kernel.collect({ drain: true })).toMatchObject({ kernelLost: true });
  });

  test('children of steps end with it', async () => {
    const kernel = kernelOf();
    const token = `31${process.pid}.5`;
    await kernel.run(
      stepOf(`import { spawn } from "node:child_process"; spawn("sleep", ["${token}"]); spawn("sh", ["-c", "sleep ${token}; true"], { stdio: "inherit" })`),
    );
    expect(processesWith(token).length).toBeGreaterThan(1);
    await kernel.end();
    expect(processesWith(token)).toEqual([]);
  });

  test('a folder that is not there', async () => {
    const kernel = kernelOf({ lessonFile: join(folder, 'no such folder', 'lesson.md') });
    expect(await kernel.run(stepOf('1'))).toMatchObject({ kernelLost: true, stopped: { reason: 'kernel' } });
  });

  test('where the runner is killed, the kernel ends by itself', async () => {
    const mark = `orphan-${process.pid}`;
    const kernelModule = new URL('../../../src/kernel/process.ts', import.meta.url).href;
    writeBeside(
      'runner.ts',
      `import { startProcessKernel } from ${JSON.stringify(kernelModule)};
startProcessKernel({ lessonFile: import.meta.filename, env: () => ({}), mark: ${JSON.stringify(mark)} }).collect({ drain: false }).then(() => console.log('up'));`,
    );
    const runner = spawn(process.execPath, ['--no-warnings', join(folder, 'runner.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(runner.stdout, 'data');
    expect(processesWith(mark)).toHaveLength(1);
    runner.kill('SIGKILL');
    await expect.poll(() => processesWith(mark), { timeout: 5000 }).toEqual([]);
  });
});
