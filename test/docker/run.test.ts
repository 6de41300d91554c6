/** `run --server docker`: a lesson in containers of the image (see image.ts), and nothing of them left, however it ends. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** Whether the page's server takes connections at its address, and at any other of this machine. */
const REACHED = `
\`\`\`ts
import { connect as dial } from 'node:net';
import { networkInterfaces } from 'node:os';
const { hostname, port } = new URL(process.env.NATS_URL ?? '');
const answers = (host: string) =>
  new Promise<boolean>((resolve) => {
    const socket = dial({ host, port: Number(port), timeout: 2_000 });
    for (const event of ['connect', 'error', 'timeout']) {
      socket.on(event, () => {
        resolve(event === 'connect');
        socket.destroy();
      });
    }
  });
const others = Object.values(networkInterfaces()).flatMap((all) => all?.filter(({ internal }) => !internal) ?? []);
const open = await Promise.all(others.map(({ address }) => answers(address)));
console.log(hostname, await answers(hostname), open.includes(true));
\`\`\`

\`\`\`text output
127.0.0.1 true false
\`\`\`
`;

describe.runIf(hasDocker)('with an engine', () => {
  let before: ReturnType<typeof remains>;
  beforeAll(() => {
    before = remains();
    expect(before).toMatchObject({ containers: [], folders: [], processes: [] });
  });
  afterEach(() => vi.waitFor(() => expect(remains()).toEqual(before), { timeout: 40_000, interval: 200 }), 60_000);

  test('a page and its console twin: servers on the loopback interface only, and the report says where', async () => {
    const { code, report, stderr } = await run(['a.md'], { files: { 'a.md': `${BUCKET}${REACHED}` } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/rror/) });
    expect(report).toMatchObject({ ok: true, server: { version, source: `docker:${version}` }, totals: { passed: 3 } });
  });

  test('where the engine forbids the network of this machine, it publishes a port on the loopback interface', async () => {
    const { server, host } = await forbiddingEngine();
    const bound = new Set<string>();
    const during = watch(() => {
      for (const line of containers()) for (const port of line.match(/\S+(?=->4222)/g) ?? []) bound.add(port);
      return false;
    });
    const { code, report } = await run(['a.md'], { files: { 'a.md': `${BUCKET}${REACHED}` }, env: { DOCKER_HOST: host }, during });
    expect({ code, report }).toMatchObject({ code: 0, report: { totals: { passed: 3 } } });
    expect(bound.size).toBeGreaterThan(0);
    expect([...bound].filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    server.close();
  });

  test('a lesson that needs a private local server is skipped, and says why', async () => {
    const { code, report } = await run([`a.md`], { files: { 'a.md': `---\nprivate: true\n---\n${BUCKET}` } });
    expect(code).toBe(0);
    expect(report.lessons).toMatchObject([{ status: 'skipped', reason: `needs a private local server, and this one is docker:${version}` }]);
  });

  test('a container that is lost: the step is errored, the rest skipped, the next lesson gets another', { timeout: 150_000 }, async () => {
    const lose = page(`\`\`\`ts timeout=100s
import { renameSync, writeFileSync } from 'node:fs';
const news = nc.status();
writeFileSync('lose.part', process.env.NATS_URL ?? '');
renameSync('lose.part', 'lose');
for await (const { type } of news) if (type === 'disconnect') break;
\`\`\`

\`\`\`ts
1;
\`\`\`
`);
    // What the engine answers, to be seen where it answers something else.
    const answers = new Set<string>();
    const ask = (...args: string[]) => {
      const { status, stderr } = spawnSync('docker', args, { encoding: 'utf8', timeout: 10_000 });
      answers.add(`${args[0]}: ${status} ${stderr.trim()}`);
      return { status, stderr };
    };
    const during = watch((folder) => {
      if (!existsSync(join(folder, 'lose'))) return false;
      // Only the page's own: that of the next lesson is being made ready.
      const port = new URL(readFileSync(join(folder, 'lose'), 'utf8')).port;
      const names = containers().map((line) => line.split(' ')[1] ?? '');
      const own = names.find((name) => ask('logs', name).stderr.includes(`client connections on 127.0.0.1:${port}\n`));
      return own !== undefined && ask('kill', own).status === 0;
    });
    const { code, report } = await run(['a.md', 'b.md', '--jobs', '1', '--twin', 'off'], { files: { 'a.md': lose, 'b.md': BUCKET }, during });
    const [lost, next] = report.lessons;
    expect(lost?.steps, [...answers].join('\n')).toMatchObject([
      { status: 'passed' },
      { status: 'errored', error: { message: expect.stringMatching(/container of the nats-server was lost: it ended with exit code 137/) } },
      { status: 'skipped' },
    ]);
    expect([next?.status, code]).toEqual(['passed', 1]);
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

/** The engine, behind something that allows no container the host's network. */
async function forbiddingEngine() {
  const server = createHttpServer(async (asked, answer) => {
    const { method, url: path, headers } = asked;
    const body = Buffer.concat(await asked.toArray());
    if (path?.includes('/containers/create') && body.includes('"NetworkMode":"host"')) {
      answer.writeHead(403, { 'content-type': 'application/json' }).end('{ "message": "no container has the network of the host here" }');
      return;
    }
    const passedOn = request({ socketPath: '/var/run/docker.sock', method, path, headers }, (engine) => {
      answer.writeHead(engine.statusCode ?? 500, engine.headers);
      engine.pipe(answer);
      engine.on('error', () => answer.destroy());
    });
    passedOn.on('error', () => answer.destroy()).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Looks again and again while the run goes on, until `look` says that it has seen enough. */
function watch(look: (folder: string, child: Parameters<NonNullable<RunOptions['during']>>[0]) => boolean): NonNullable<RunOptions['during']> {
  return (child, folder) => {
    const timer = setInterval(() => {
      if (look(folder, child)) clearInterval(timer);
    }, 50);
    child.on('exit', () => clearInterval(timer));
  };
}
