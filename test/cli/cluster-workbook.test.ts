/** The whole workbook on a cluster of three servers of one's own, where what one server knows the others learn a moment later: the pages stay as they are. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalCluster, startLocalCluster } from '../../src/server/cluster.ts';
import { openRunFolder, type RunFolder } from '../../src/server/run-folder.ts';
import { expectWorkbook } from '../docker/workbook.ts';
import { serverBinary } from '../server/start.ts';
import { lockerroom } from './command.ts';

let folder: RunFolder;
let cluster: LocalCluster;

beforeAll(async () => {
  folder = await openRunFolder();
  cluster = await startLocalCluster({ binary: await serverBinary(), folder, servers: 3 });
});

afterAll(() => folder.close());

test('passes but for what needs a private server, and leaves the account empty', async () => {
  await expectWorkbook(cluster.url, { twin: false });
  const { stdout } = await lockerroom(['show', '--server', cluster.url, '--plain']);
  expect(stdout).toContain('The building is empty');
}, 900_000);
