/** However a run ends, nothing of it is left: no process, no folder. And where it cannot begin, it says what to do. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type JsonReport, lockerroom, lockerroomJson, page } from './command.ts';
import { interrupt } from './interrupt.ts';

const quick = page('```ts\nawait nc.close();\n```\n');

/** Everything that a run makes lies in here, and every process of it has the path among its arguments. */
let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'ending-'));
});

afterEach(async () => {
  await vi.waitFor(async () => expect(await leftovers()).toEqual([]), { timeout: 10_000 });
  await rm(temporary, { recursive: true });
});

async function leftovers(): Promise<string[]> {
  const processes = execFileSync('ps', ['-axo', 'args'], { encoding: 'utf8' }).split('\n');
  return [...processes.filter((line) => line.includes(temporary)), ...(await readdir(temporary))];
}

/** The page says through a file that its step hangs. */
const hangs = () => `\`\`\`ts timeout=60s
import { writeFileSync } from 'node:fs';
writeFileSync('hangs', '');
for (;;) {}
\`\`\`
`;

describe('a run that is interrupted', () => {
  test('Ctrl-C: exit 130, what was judged is reported, nothing is left', async () => {
    const { code, stdout, stderr } = await lockerroom(['run', '.', '--jobs', '1', '--reporter', 'json'], {
      files: { 'a.md': quick, 'b.md': page(hangs()) },
      env: { TMPDIR: temporary },
      during: interrupt('SIGINT'),
    });
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'Interrupted; what was started has been removed.\n' });
    const { ok, lessons } = JSON.parse(stdout) as JsonReport;
    expect(ok).toBe(false);
    // The page that hangs had its first step judged.
    expect(lessons.map(({ file, reason, steps }) => [file, reason, steps.map(({ status }) => status)])).toEqual([
      ['a.md', null, ['passed', 'passed']],
      ['b.md', 'was interrupted', ['passed']],
    ]);
  });

  test('Ctrl-C while the lesson before is replayed says nothing false of either', async () => {
    const files = { 'b.md': page(hangs()), 'c.md': `---\nafter: b\n---\n${quick}` };
    const { code, stdout } = await lockerroom(['run', 'c.md', '--reporter', 'json'], { files, env: { TMPDIR: temporary }, during: interrupt('SIGINT') });
    expect(code).toBe(130);
    expect((JSON.parse(stdout) as JsonReport).lessons).toMatchObject([{ file: 'c.md', status: 'skipped', reason: 'was interrupted', steps: [] }]);
  });

  test('SIGTERM: nothing is left', async () => {
    const { code } = await lockerroom(['run', 'b.md'], { files: { 'b.md': page(hangs()) }, env: { TMPDIR: temporary }, during: interrupt('SIGTERM') });
    expect(code).toBe(143);
  });

  test('kill -9: the server, the kernel in its endless loop and the store go by themselves', async () => {
    const { code } = await lockerroom(['run', 'b.md'], { files: { 'b.md': page(hangs()) }, env: { TMPDIR: temporary }, during: interrupt('SIGKILL') });
    expect(code).toBe(null);
  });
});

describe('a server that is not there', () => {
  test('none to be had: exit 3, advice, and the document all the same', async () => {
    const env = {
      PATH: temporary,
      LOCKERROOM_NATS_SERVER: '',
      XDG_CACHE_HOME: join(temporary, 'cache'),
      LOCKERROOM_NATS_DOWNLOADS: 'http://127.0.0.1:1',
      TMPDIR: temporary,
    };
    const { code, stderr, report } = await lockerroomJson(['a.md'], { files: { 'a.md': quick }, env });
    expect(code).toBe(3);
    expect(stderr).toMatch(/LOCKERROOM_NATS_SERVER/);
    expect(report).toMatchObject({
      ok: false,
      server: null,
      lessons: [{ status: 'skipped' }],
      problems: [{ code: 'server', file: null, advice: expect.stringMatching(/go install/) }],
    });
    await rm(join(temporary, 'cache'), { recursive: true, force: true });
  });

  test('one that does not start: exit 3 with what it said last', async () => {
    const binary = join(temporary, 'bin/nats-server');
    await mkdir(join(temporary, 'bin'));
    await writeFile(
      binary,
      '#!/bin/sh\n[ "$1" = --version ] && { echo "nats-server: v2.15.2"; exit; }\necho "[1] 2026/01/01 [FTL] the disk is on fire" >&2\nexit 1\n',
    );
    await chmod(binary, 0o755);
    const { code, stderr, report } = await lockerroomJson(['a.md', 'b.md'], {
      files: { 'a.md': quick, 'b.md': quick },
      env: { LOCKERROOM_NATS_SERVER: binary, TMPDIR: temporary },
    });
    await rm(join(temporary, 'bin'), { recursive: true });
    expect(code).toBe(3);
    expect(stderr).toMatch(/the disk is on fire/);
    expect(report.problems).toHaveLength(1);
    expect(report.lessons.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
  });

  test('lost in the middle: that step is errored, the rest of the lesson skipped, the next lesson gets a fresh one', async () => {
    const kill = page(`\`\`\`ts
import { execFileSync } from 'node:child_process';
execFileSync('pkill', ['-9', '-f', 'sd ' + process.env.NATS_STORE_DIR]);
\`\`\`

\`\`\`ts
1;
\`\`\`
`);
    const { code, report } = await lockerroomJson(['a.md', 'b.md', '--jobs', '1'], { files: { 'a.md': kill, 'b.md': quick }, env: { TMPDIR: temporary } });
    expect(code).toBe(1);
    expect(report.lessons[0]?.steps.map(({ status }) => status)).toEqual(['passed', 'errored', 'skipped']);
    expect(report.lessons[0]?.steps[1]?.error?.message).toMatch(/the step could not be judged: .*SIGKILL/);
    expect(report.lessons[1]?.status).toBe('passed');
  });
});

test('--keep leaves the server and says how to reach and how to remove it', async () => {
  const bad = page("```ts\nawait kvm.create('Undeclared');\n```\n");
  const { code, stdout } = await lockerroom(['run', 'a.md', '--keep'], { files: { 'a.md': bad }, env: { TMPDIR: temporary } });
  expect(code).toBe(1);
  const [, url] = /server {2}(nats:\S+)/.exec(stdout) ?? [];
  const [, remove] = /remove {2}(.+)/.exec(stdout) ?? [];
  const connection = await connect({ servers: url ?? '' });
  const names = [];
  for await (const status of new Kvm(connection).list()) names.push(status.bucket);
  await connection.close();
  expect(names).toEqual(['Undeclared']);
  execFileSync('sh', ['-c', remove ?? 'false']);
});
