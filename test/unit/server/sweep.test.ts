import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { killGroup } from '../../../src/server/child.ts';
import { openRunFolder } from '../../../src/server/run-folder.ts';
import { isThere, temporaryFolder } from './fakes.ts';
import { deadRun, startRunner } from './runner.ts';

let tmp = '';

beforeEach(async () => {
  tmp = await temporaryFolder();
  vi.stubEnv('TMPDIR', tmp);
  onTestFinished(() => void vi.unstubAllEnvs());
});

const left = () => readdir(tmp);

describe('a run that begins', () => {
  test('never touches one that is alive, however busy', async () => {
    const runner = await startRunner(tmp, 'tracked');
    runner.child.kill('SIGSTOP');
    const others = await Promise.all(Array.from({ length: 10 }, openRunFolder));
    await Promise.all(others.map((folder) => folder.close()));
    expect(await left()).toEqual([basename(runner.path)]);
    expect(runner.processes.map(isThere)).toEqual([true]);
    runner.child.kill('SIGCONT');
    expect(await runner.told('close')).toBe(0);
    expect(await left()).toEqual([]);
  });

  test('touches nothing that only looks like ours', async () => {
    await mkdir(join(tmp, 'lockerroom-abcdef/lessons'), { recursive: true });
    await mkdir(join(tmp, 'lockerroom-empty0'));
    await mkdir(join(tmp, 'lockerroom-backup'));
    await writeFile(join(tmp, 'lockerroom-backup/alive'), 'no socket');
    await writeFile(join(tmp, 'lockerroom-123456'), 'a file');
    await mkdir(join(tmp, '.lockerroom-young0'));
    const dead = await deadRun(tmp);
    await rename(dead.path, join(tmp, 'lockerroom-of-mine'));
    await symlink(join(tmp, 'lockerroom-of-mine'), join(tmp, 'lockerroom-linked'));
    const before = (await left()).sort();
    await (await openRunFolder()).close();
    expect((await left()).sort()).toEqual(before);
    expect(existsSync(join(tmp, 'lockerroom-abcdef/lessons'))).toBe(true);
  });

  test('does not kill what only mentions a dead run', async () => {
    const dead = await deadRun(tmp);
    const shell = (script: string, argument: string) => {
      const child = spawn('sh', ['-c', script, argument], { detached: true, stdio: 'ignore' });
      const { pid } = child;
      if (pid === undefined) throw new Error('sh does not start');
      onTestFinished(() => void killGroup(pid));
      return { pid, ended: once(child, 'exit') };
    };
    const mention = shell(`: ${dead.path}/file; sleep 600; exit`, `see-${dead.path}/file`);
    const use = shell('sleep 600; exit', `--store=${dead.path}/store`);
    await (await openRunFolder()).close();
    expect(await use.ended).toEqual([null, 'SIGKILL']);
    expect(isThere(mention.pid)).toBe(true);
  });

  test('removes what was killed while it was made, once it is old', async () => {
    const old = new Date(Date.now() - 3_600_000);
    await mkdir(join(tmp, '.lockerroom-abcdef'));
    await mkdir(join(tmp, '.lockerroom-ghijkl'));
    await writeFile(join(tmp, '.lockerroom-ghijkl/file'), '');
    const dead = await deadRun(tmp);
    await rename(dead.path, join(tmp, '.lockerroom-mnopqr'));
    for (const name of await left()) await utimes(join(tmp, name), old, old);
    await mkdir(join(tmp, '.lockerroom-young0'));
    await (await openRunFolder()).close();
    expect((await left()).sort()).toEqual(['.lockerroom-ghijkl', '.lockerroom-young0']);
  });

  test('goes to /tmp where TMPDIR is too long for a socket, or is not there', async () => {
    const long = join(tmp, 'x'.repeat(100));
    await mkdir(long);
    for (const place of [long, join(tmp, 'none')]) {
      vi.stubEnv('TMPDIR', place);
      const folder = await openRunFolder();
      expect(folder.path).toMatch(/^(\/private)?\/tmp\/lockerroom-\w{6}$/);
      await folder.close();
      expect(existsSync(folder.path)).toBe(false);
    }
    expect(await readdir(long)).toEqual([]);
  });

  test('is not disturbed by another program’s socket of the same name', async () => {
    await mkdir(join(tmp, 'lockerroom-socket'));
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(join(tmp, 'lockerroom-socket/alive'), resolve));
    await (await openRunFolder()).close();
    expect(await left()).toEqual(['lockerroom-socket']);
    other.close();
  });
});
