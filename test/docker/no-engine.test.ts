/** `run --server docker` where no engine answers, or what is named is no place. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { lockerroom, lockerroomJson, page } from '../cli/command.ts';

const PAGE = page('```ts\n1;\n```\n');

test.each(['tcp://127.0.0.1:1', 'unix:///nowhere/docker.sock'])('DOCKER_HOST=%s: exit 3, and what to do', async (DOCKER_HOST) => {
  const { code, report, stderr } = await lockerroomJson(['a.md', '--server', 'docker'], { files: { 'a.md': PAGE }, env: { DOCKER_HOST } });
  expect(code).toBe(3);
  expect(report).toMatchObject({
    ok: false,
    server: null,
    problems: [{ code: 'docker', message: `No Docker engine answers at ${DOCKER_HOST}, which DOCKER_HOST names.` }],
  });
  expect(stderr).toContain('unset DOCKER_HOST');
});

test('no engine answers at an address where somebody listens and says nothing', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const DOCKER_HOST = `tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const { code, report } = await lockerroomJson(['a.md', '--server', 'docker'], { files: { 'a.md': PAGE }, env: { DOCKER_HOST } });
  silent.close();
  expect({ code, problems: report.problems.map(({ message }) => message) }).toEqual({
    code: 3,
    problems: [`No Docker engine answers at ${DOCKER_HOST}, which DOCKER_HOST names.`],
  });
});

test.each(['docker:', 'docker:a/b', 'docker: 2', 'dockers'])('--server %s is no place: exit 2', async (where) => {
  const { code, stderr } = await lockerroom(['run', 'a.md', '--server', where], { files: { 'a.md': PAGE } });
  expect(code).toBe(2);
  expect(stderr).toContain('It is auto, local, docker[:TAG], or the address of your own server');
});
