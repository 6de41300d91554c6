import { copyFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findServer } from '../../../src/server/find.ts';
import { KnownVersions } from '../../../src/server/known-versions.ts';
import { serverBinary } from '../../server/start.ts';
import { answers, closedAddress, program, temporaryFolder } from './fakes.ts';

const WHEN = new Date('2026-01-01');

/** A cache, and a copy of this Node, which is a program for certain, with a time that is easily given to another file. */
async function cacheAndProgram() {
  const folder = await temporaryFolder();
  const path = join(folder, 'nats-server');
  await copyFile(process.execPath, path);
  await utimes(path, WHEN, WHEN);
  return { folder, path };
}

describe('the version of a program', () => {
  test('is known from run to run', async () => {
    const { folder, path } = await cacheAndProgram();
    new KnownVersions(folder).keep(path, '2.15.2');
    expect(new KnownVersions(folder).versionOf(path)).toBe('2.15.2');
    expect(new KnownVersions(folder).versionOf(`${path}-other`)).toBeNull();
  });

  test('is not that of the program that is put in its place, with the same size and time', async () => {
    const { folder, path } = await cacheAndProgram();
    const known = new KnownVersions(folder);
    known.keep(path, '2.15.2');
    await copyFile(path, `${path}-new`);
    await utimes(`${path}-new`, WHEN, WHEN);
    await rename(`${path}-new`, path);
    expect(known.versionOf(path)).toBeNull();
  });

  test('is not that of the program that is written over it, with the same size and time', async () => {
    const { folder, path } = await cacheAndProgram();
    const known = new KnownVersions(folder);
    known.keep(path, '2.15.2');
    await copyFile(process.execPath, path);
    await utimes(path, WHEN, WHEN);
    expect(known.versionOf(path)).toBeNull();
  });

  test('is asked each time of a script, which may say something else tomorrow', async () => {
    const folder = await temporaryFolder();
    const path = await program(join(folder, 'nats-server'), answers('2.15.2'));
    const known = new KnownVersions(folder);
    known.keep(path, '2.15.2');
    expect(known.versionOf(path)).toBeNull();
  });

  test('is not known where what was kept is no list of versions', async () => {
    const { folder, path } = await cacheAndProgram();
    await writeFile(join(folder, 'versions.json'), '{"');
    const known = new KnownVersions(folder);
    expect(known.versionOf(path)).toBeNull();
    known.keep(path, '2.15.2');
    expect(known.versionOf(path)).toBe('2.15.2');
  });
});

test('a nats-server that was asked once is found without being asked again, and passed over where its version does not suit', async () => {
  const folder = await temporaryFolder();
  const { path, version } = await serverBinary();
  const env = { HOME: folder, PATH: '', LOCKERROOM_NATS_SERVER: path, XDG_CACHE_HOME: folder, LOCKERROOM_NATS_DOWNLOADS: await closedAddress() };
  const cache = join(folder, 'lockerroom');
  await program(join(cache, 'nats-server-v2.11.0'), answers('2.11.0'));
  const told: string[] = [];
  const onProgress = (text: string) => told.push(text);
  expect(await findServer({ env, onProgress })).toEqual({ path, version });
  new KnownVersions(cache).keep(path, '2.9.0');
  expect(await findServer({ env, onProgress })).toMatchObject({ version: '2.11.0' });
  expect(told).toEqual([`${path} ($LOCKERROOM_NATS_SERVER) is passed over: it is version 2.9.0, and >=2.10 is needed.`]);
});
