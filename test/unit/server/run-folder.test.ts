import { spawn } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openRunFolder } from '../../../src/server/run-folder.ts';
import { isThere, temporaryFolder, untilGone } from './fakes.ts';
import { deadRun, reapersOf, startRunner } from './runner.ts';

let tmp = '';

beforeEach(async () => {
  tmp = await temporaryFolder();
  vi.stubEnv('TMPDIR', tmp);
  onTestFinished(() => void vi.unstubAllEnvs());
});

const left = () => readdir(tmp);

/** A process that ends by itself only after ten minutes. */
function sleeper(): number {
  const { pid } = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  if (pid === undefined) throw new Error('sleep does not start');
  return pid;
}

/** Resolves when the folder is empty; the test's own time limit is the limit. */
async function untilEmpty() {
  while ((await left()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a run that ends', () => {
  test('closes its folder: what is tracked is killed, and nothing is left', async () => {
    const folder = await openRunFolder();
    expect(folder.path).toMatch(/\/lockerroom-\w{6}$/);
    expect(await left()).toEqual([basename(folder.path)]);
    expect((await lstat(folder.path)).mode & 0o777).toBe(0o700);
    const reapers = reapersOf(process.pid);
    expect(reapers).toHaveLength(1);
    const [tracked, ended] = [sleeper(), sleeper()];
    folder.track(tracked);
    folder.track(ended);
    folder.untrack(ended);
    await mkdir(join(folder.path, 'server/store'), { recursive: true });
    await writeFile(join(folder.path, 'server/store/1.blk'), 'x');
    await Promise.all([folder.close(), folder.close()]);
    expect(await left()).toEqual([]);
    expect([tracked, ended, ...reapers].map(isThere)).toEqual([false, true, false]);
    process.kill(ended);
  });

  test.each(['close', 'end', 'killed'] as const)('by %s removes also what nobody may write', async (how) => {
    const runner = await startRunner(tmp, 'now');
    await mkdir(join(runner.path, 'server/store'), { recursive: true });
    await writeFile(join(runner.path, 'server/store/1.blk'), 'x');
    await chmod(join(runner.path, 'server/store'), 0o000);
    await chmod(join(runner.path, 'server'), 0o500);
    await (how === 'killed' ? runner.killed() : runner.told(how));
    await untilEmpty();
  });

  test('at once', async () => {
    const folder = await openRunFolder();
    const pid = sleeper();
    folder.track(pid);
    await writeFile(join(folder.path, 'file'), 'x');
    folder.closeNow();
    expect(await left()).toEqual([]);
    await untilGone(pid);
    folder.closeNow();
    await folder.close();
  });

  test('and is kept, keeps its folder alone', async () => {
    const folder = await openRunFolder();
    const [tracked, kept] = [sleeper(), sleeper()];
    folder.track(tracked);
    folder.track(kept);
    folder.keep();
    folder.untrack(kept);
    await folder.close();
    const next = await openRunFolder();
    await next.close();
    expect(await left()).toEqual([basename(folder.path)]);
    expect([tracked, kept].map(isThere)).toEqual([false, true]);
    process.kill(kept);
  });

  test('takes nothing in any more', async () => {
    const folder = await openRunFolder();
    await folder.close();
    const late = sleeper();
    folder.track(late);
    await untilGone(late);
  });

  test.each([0, 1, -1, 1.5, Number.NaN, process.pid])('never takes %d for a process of its own', async (pid) => {
    const folder = await openRunFolder();
    expect(() => folder.track(pid)).toThrow(RangeError);
    await folder.close();
  });

  test.each([
    ['close', 0],
    ['end', 0],
    ['exit', 3],
    ['throw', 1],
  ] as const)('by %s ends by itself, with nothing left', async (word, code) => {
    const runner = await startRunner(tmp, 'tracked', 'now');
    expect(await runner.told(word)).toBe(code);
    expect(await left()).toEqual([]);
    await Promise.all(runner.processes.map(untilGone));
  });
});

describe('a runner that is killed', () => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGABRT'] as const)('by %s leaves neither process nor folder', async (signal) => {
    const runner = await startRunner(tmp, 'tracked', 'untracked');
    const reapers = reapersOf(runner.child.pid);
    expect(runner.processes.map(isThere)).toEqual([true, true]);
    expect(await runner.killed(signal)).toBe(signal);
    // What was started and not yet tracked is found by its arguments, which only Linux tells the reaper.
    const known = process.platform === 'linux' ? runner.processes : runner.processes.slice(0, 1);
    await Promise.all([...known, ...reapers].map(untilGone));
    await untilEmpty();
  });

  test('leaves a reaper that no signal of a terminal ends', async () => {
    const runner = await startRunner(tmp, 'tracked');
    for (const pid of reapersOf(runner.child.pid)) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    await runner.killed();
    await Promise.all(runner.processes.map(untilGone));
    await untilEmpty();
  });

  test('keeps what it was told to keep', async () => {
    const runner = await startRunner(tmp, 'tracked', 'keep');
    const reapers = reapersOf(runner.child.pid);
    await runner.killed();
    await Promise.all([...runner.processes, ...reapers].map(untilGone));
    const next = await openRunFolder();
    await next.close();
    expect(await left()).toEqual([basename(runner.path)]);
  });

  test('together with its reaper leaves what the next run removes', async () => {
    const runner = await deadRun(tmp, 'tracked', 'untracked');
    expect(runner.processes.map(isThere)).toEqual([true, true]);
    expect(await left()).toEqual([basename(runner.path)]);
    const next = await openRunFolder();
    expect(await left()).toEqual([basename(next.path)]);
    await Promise.all(runner.processes.map(untilGone));
    await next.close();
  });

  test('also where its path is full of signs', async () => {
    tmp = await mkdtemp(join(tmp, "a b'$(x)[*].\\+"));
    const runner = await startRunner(tmp, 'tracked', 'untracked');
    await runner.killed();
    await Promise.all(runner.processes.map(untilGone));
    await untilEmpty();
    vi.stubEnv('TMPDIR', tmp);
    const dead = await deadRun(tmp, 'untracked');
    await (await openRunFolder()).close();
    await Promise.all(dead.processes.map(untilGone));
    expect(await left()).toEqual([]);
  });
});
