/** `run --server docker`: a lesson in containers of the image (see image.ts), and nothing of them left, however it ends. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { NATS_SERVER } from '../../src/server/version.ts';
import { lockerroom, lockerroomJson, page, type RunOptions } from '../cli/command.ts';
import { hasPart } from '../real-parts.ts';
import { docker, IMAGE } from './image.ts';

const { version } = NATS_SERVER;
const hasDocker = await hasPart('docker');

/** What the runs of this file make lies in here, and their containers carry its path. */
let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'docker-test-'));
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

const run = (args: string[], options: RunOptions = {}) =>
  lockerroomJson([...args, '--server', 'docker'], { ...options, env: { TMPDIR: temporary, ...options.env } });

function containers(): string[] {
  const lines = docker('ps', '-a', '--filter', 'label=lockerroom.run', '--format', '{{.Label "lockerroom.run"}} {{.Names}} {{.Ports}}').split('\n');
  return lines.filter((line) => line.startsWith(temporary));
}

/** All that runs may leave: containers, folders, processes that name one, and what an engine keeps beside containers; of other tests, the composed servers' is passed over. */
function remains() {
  const kept = (what: string) =>
    docker(what, 'ls', '--format', '{{.Name}}')
      .split('\n')
      .filter((name) => !name.startsWith('lockerroom-test-'));
  const processes = spawnSync('ps', ['-axo', 'args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((args) => args.includes(temporary.slice(1)));
  return { containers: containers(), folders: readdirSync(temporary), processes, volumes: kept('volume'), networks: kept('network') };
}

const BUCKET = page(`\`\`\`ts
const kv = await kvm.create('Bucket1');
console.log(await kv.put('locker.7', 'sweaty gym socks'), process.env.NATS_STORE_DIR);
\`\`\`

\`\`\`text output
1 undefined
\`\`\`

\`\`\`yaml state
buckets:
  Bucket1:
    keys: { locker.7: sweaty gym socks }
\`\`\`

\`\`\`console
$ nats kv add Bucket1 > /dev/null && nats kv put Bucket1 locker.7 "sweaty gym socks"
sweaty gym socks
\`\`\`
`);

describe.runIf(hasDocker)('with an engine', () => {
  let before: ReturnType<typeof remains>;
  beforeAll(() => {
    before = remains();
    expect(before).toMatchObject({ containers: [], folders: [], processes: [] });
  });
  afterEach(() => vi.waitFor(() => expect(remains()).toEqual(before), { timeout: 20_000, interval: 200 }));

  test('a page and its console twin: two servers on loopback ports, and the report says where', async () => {
    const seen = new Set<string>();
    const during = watch(() => {
      for (const line of containers()) seen.add(line);
      return false;
    });
    const files = { 'a.md': `${BUCKET}\n\`\`\`ts\nawait new Promise((resolve) => setTimeout(resolve, 1_000));\n\`\`\`\n` };
    const { code, report, stderr } = await run(['a.md'], { files, during });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/rror/) });
    expect(report).toMatchObject({ ok: true, server: { version, source: `docker:${version}` }, totals: { passed: 3 } });
    const ports = [...seen].flatMap((line) => line.match(/\S+(?=->4222)/g) ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('a lesson that needs a private local server is skipped, and says why', async () => {
    const { code, report } = await run([`a.md`], { files: { 'a.md': `---\nprivate: true\n---\n${BUCKET}` } });
    expect(code).toBe(0);
    expect(report.lessons).toMatchObject([{ status: 'skipped', reason: `needs a private local server, and this one is docker:${version}` }]);
  });

  test('a container that is lost: the step is errored, the rest skipped, the next lesson gets another', async () => {
    const lose = page(`\`\`\`ts timeout=30s
import { renameSync, writeFileSync } from 'node:fs';
writeFileSync('lose.part', process.env.NATS_URL ?? '');
renameSync('lose.part', 'lose');
for await (const { type } of nc.status()) if (type === 'disconnect') break;
\`\`\`

\`\`\`ts
1;
\`\`\`
`);
    const during = watch((folder) => {
      if (!existsSync(join(folder, 'lose'))) return false;
      // Only the page's own: that of the next lesson is being made ready.
      const port = new URL(readFileSync(join(folder, 'lose'), 'utf8')).port;
      const own = containers().find((line) => line.includes(`:${port}->`));
      if (own === undefined) return false;
      docker('kill', own.split(' ')[1] ?? '');
      return true;
    });
    const { code, report } = await run(['a.md', 'b.md', '--jobs', '1', '--twin', 'off'], { files: { 'a.md': lose, 'b.md': BUCKET }, during });
    expect(code).toBe(1);
    expect(report.lessons[0]?.steps.map(({ status }) => status)).toEqual(['passed', 'errored', 'skipped']);
    expect(report.lessons[0]?.steps[1]?.error?.message).toMatch(/container of the nats-server was lost: it ended with exit code 137/);
    expect(report.lessons[1]?.status).toBe('passed');
  });

  test('no such image: exit 3, and what to do', async () => {
    const missing = await lockerroomJson(['a.md', '--server', 'docker:0.0.0-none'], { files: { 'a.md': BUCKET }, env: { TMPDIR: temporary } });
    expect(missing.code).toBe(3);
    expect(missing.report.problems).toMatchObject([
      { code: 'docker', message: expect.stringMatching(/^The image nats:0\.0\.0-none is not here and cannot be pulled: /) },
    ]);
    expect(missing.stderr).toContain('docker pull nats:0.0.0-none');
  });

  test('an image that is no nats-server: exit 3, and what it said', async () => {
    const image = 'nats:lockerroom-test-other';
    spawnSync('docker', ['build', '-q', '-t', image, '-'], { input: `FROM ${IMAGE}\nENTRYPOINT ["nats-server", "--socks"]\n` });
    try {
      const { code, report, stderr } = await lockerroomJson(['a.md', '--server', 'docker:lockerroom-test-other'], {
        files: { 'a.md': BUCKET },
        env: { TMPDIR: temporary },
      });
      expect(code).toBe(3);
      expect(report.problems).toMatchObject([
        {
          code: 'docker',
          message: expect.stringMatching(
            /^The image nats:lockerroom-test-other does not start as a nats-server: it ended with exit code \d\. Its log:\n +flag provided but not defined: -socks$/,
          ),
        },
      ]);
      expect(stderr).toContain(`docker run --rm ${image} --jetstream`);
    } finally {
      docker('rmi', '-f', image);
    }
  });

  const HANGS = page("```ts timeout=60s\nimport { writeFileSync } from 'node:fs';\nwriteFileSync('hangs', '');\nfor (;;) {}\n```\n");

  test.each([
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const)('%s in the middle leaves nothing', async (signal, exit) => {
    let running = 0;
    const during = watch((folder, child) => {
      if (!existsSync(join(folder, 'hangs'))) return false;
      running = containers().length;
      child.kill(signal);
      return true;
    });
    const { code } = await lockerroom(['run', 'a.md', '--server', 'docker', '--twin', 'off'], { files: { 'a.md': HANGS }, env: { TMPDIR: temporary }, during });
    expect({ code, running }).toEqual({ code: exit, running: 1 });
  });

  test('nor does SIGKILL while a container is made', async () => {
    const during = watch((_, child) => containers().length > 0 && child.kill('SIGKILL'));
    const { code } = await lockerroom(['run', 'a.md', '--server', 'docker'], { files: { 'a.md': BUCKET }, env: { TMPDIR: temporary }, during });
    expect(code).toBeNull();
  });

  test('where what cleans up was killed too, the next run does', async () => {
    const during = watch((folder, child) => {
      if (!existsSync(join(folder, 'hangs'))) return false;
      const all = spawnSync('ps', ['-axo', 'pid,ppid,args'], { encoding: 'utf8' }).stdout.split('\n');
      const children = all.map((line) => line.trim().split(/\s+/)).filter(([, parent]) => Number(parent) === child.pid);
      child.kill('SIGSTOP');
      for (const [pid] of children) process.kill(Number(pid), 'SIGKILL');
      child.kill('SIGKILL');
      return true;
    });
    await lockerroom(['run', 'a.md', '--server', 'docker', '--twin', 'off'], { files: { 'a.md': HANGS }, env: { TMPDIR: temporary }, during });
    expect(containers()).toHaveLength(1);
    expect((await run(['a.md'], { files: { 'a.md': BUCKET } })).code).toBe(0);
  });
});

describe('without an engine', () => {
  test.each(['tcp://127.0.0.1:1', 'unix:///nowhere/docker.sock'])('DOCKER_HOST=%s: exit 3, and what to do', async (DOCKER_HOST) => {
    const { code, report, stderr } = await run(['a.md'], { files: { 'a.md': BUCKET }, env: { DOCKER_HOST } });
    expect(code).toBe(3);
    expect(report).toMatchObject({
      ok: false,
      server: null,
      problems: [{ code: 'docker', message: `No Docker engine answers at ${DOCKER_HOST}, which DOCKER_HOST names.` }],
    });
    expect(stderr).toContain('unset DOCKER_HOST');
  });

  test('nor does one at an address where somebody listens and says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const DOCKER_HOST = `tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { code, report } = await run(['a.md'], { files: { 'a.md': BUCKET }, env: { DOCKER_HOST } });
    silent.close();
    expect({ code, problems: report.problems.map(({ message }) => message) }).toEqual({
      code: 3,
      problems: [`No Docker engine answers at ${DOCKER_HOST}, which DOCKER_HOST names.`],
    });
  });

  test.each(['docker:', 'docker:a/b', 'docker: 2', 'dockers'])('--server %s is no place: exit 2', async (where) => {
    const { code, stderr } = await lockerroom(['run', 'a.md', '--server', where], { files: { 'a.md': BUCKET } });
    expect(code).toBe(2);
    expect(stderr).toContain('It is auto, local, docker[:TAG], or the address of your own server');
  });
});

/** Looks again and again while the run goes on, until `look` says that it has seen enough. */
function watch(look: (folder: string, child: Parameters<NonNullable<RunOptions['during']>>[0]) => boolean): NonNullable<RunOptions['during']> {
  return (child, folder) => {
    const timer = setInterval(() => {
      if (look(folder, child)) clearInterval(timer);
    }, 50);
    child.on('exit', () => clearInterval(timer));
  };
}
