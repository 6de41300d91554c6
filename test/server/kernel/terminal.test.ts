import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cliBinary } from '../../real-parts.ts';
import { startTestServer, type TestServer } from '../start.ts';
import { consoleOf, fenceOf, lessonFolder, runCommands, sayOf, summaryOf } from './console.ts';

describe('an answer is typed at its prompt:', () => {
  test.each<[command: string, answers: string[], said: string]>([
    ['read -p "Name? " name; echo "Hello $name"', ['Ann'], '[0] Name? Ann\nHello Ann'],
    // One after the other, each at its own, however late it comes.
    ['for i in 1 2 3; do sleep 0.3; read -p "$i? " a; echo "$i is $a"; done', ['a', 'b b', ''], '[0] 1? a\n1 is a\n2? b b\n2 is b b\n3?\n3 is'],
    // Without an echo, and one that drops what was typed before it.
    ['read -s -p "Secret? " a; echo; read -s -p "Again? " b; echo; [ "$a" = "$b" ] && echo same', ['x', 'x'], '[0] Secret?\nAgain?\nsame'],
    ['read -s a; read -s b; echo "$a$b"', ['1', '2'], '[0] 12'],
    // One that waits by poll.
    ['read -t 20 -p "Soon? " a; echo "$a"', ['yes'], '[0] Soon? yes\nyes'],
    [
      `"$NODE" -e "const r = require('node:readline').createInterface({ input: process.stdin, output: process.stdout }); r.question('Key? ', (k) => { console.log(k.length); r.close(); })"`,
      ['locker.7'],
      '[0] Key? locker.7\n8',
    ],
    ['exit 3', [], '[3] '],
    ['read -p "ü ✓? " x; echo "$x"', ['日本'], '[0] ü ✓? 日本\n日本'],
  ])('%j, %j', async (command, answers, said) => {
    expect(await sayOf(command, { answers, env: () => ({ NODE: process.execPath }) })).toBe(said);
  });

  // Elsewhere a line that looks like a prompt gets its answer when nothing has happened for a while.
  test.runIf(process.platform === 'linux').each<[command: string, answers: string[], said: string]>([
    // A prompt may be a line of its own, or nothing at all.
    ['echo "Your name:"; read name; echo "Hello $name"', ['Ann'], '[0] Your name:\nAnn\nHello Ann'],
    ['read one; read two; echo "$one and $two"', ['a', 'b'], '[0] a\nb\na and b'],
    // What only looks like a prompt does not get the answer.
    ['printf "Working: "; sleep 0.6; echo done; sleep 0.5; read -p "Name? " name; echo "$name"', ['Ann'], '[0] Working: done\nName? Ann\nAnn'],
  ])('where the system tells who reads the terminal: %j, %j', async (command, answers, said) => {
    expect(await sayOf(command, { answers })).toBe(said);
  });

  test('the answers go on to the next command', async () => {
    const executions = await runCommands(['read -p "A? " a; echo $a', 'echo no question', 'read -p "B? " b; echo $b'], { answers: ['1', '2'] });
    expect(executions.map(summaryOf)).toEqual(['[0] A? 1\n1', '[0] no question', '[0] B? 2\n2']);
  });
});

describe('what stands on the screen at the end is what was printed:', () => {
  test.each([
    ['printf "10 %%\\r20 %%\\r30 %%\\ndone\\n"', '30 %\ndone'],
    ['printf "one\\ntwo\\n\\033[1A\\033[2K2\\n"', 'one\n2'],
    ['printf "\\033[31mred\\033[0m   \\n\\n  in\\n\\n\\n"', 'red\n\n  in'],
    // What has scrolled off is part of it, and a line wider than the screen is one line.
    ['seq 1 3000 | tr "\\n" "," | fold -w 250; echo; seq 1 200', `${wide(3000, 250)}\n${Array.from({ length: 200 }, (_, i) => i + 1).join('\n')}`],
    ['stty size; tput cols; echo "$TERM $COLUMNS"; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo terminal', '50 100\n100\nxterm-256color 100\nterminal'],
    ['echo out; echo err >&2; echo out', 'out\nerr\nout'],
    ['printf "\\033[?1049hother screen\\033[?1049lback"', 'back'],
    ['sh -c "kill -s KILL \\$\\$"; true', 'Killed'],
  ])('%j', async (command, screen) => {
    const [execution] = await runCommands([command], { answers: [] });
    expect(execution?.stopped).toBe(null);
    expect(execution?.output.replace(/^bash: line 1: .*(Killed).*/m, '$1')).toBe(screen);
  });
});

function wide(count: number, width: number): string {
  const text = Array.from({ length: count }, (_, i) => `${i + 1},`).join('');
  return text.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n');
}

describe('a fence with answers is stopped', () => {
  test.each<[command: string, answers: string[], said: string]>([
    ['read -p "Name? " n', ['Ann', 'y'], 'exit: ended and did not ask for the answer `y`; leave out of answers= what no prompt asks for'],
    ['exit 1', ['a', 'b'], 'exit: ended with exit code 1 and did not ask for the answers `a`, `b`; leave out of answers= what no prompt asks for'],
    [
      'read -p "Name? " n; read -p "Sure? " s',
      ['Ann'],
      'timeout: ran longer than its time limit of 1.5s and was stopped, waiting at `Sure?`; give the answer to that prompt in answers=',
    ],
    [
      'echo thinking; sleep 600',
      ['y'],
      'timeout: ran longer than its time limit of 1.5s and was stopped, before it asked for the answer `y`; see what it waits for, or give the step a longer timeout=',
    ],
    ['echo; sleep 600', [], 'timeout: ran longer than its time limit of 1.5s and was stopped; end what it waits for, or give the step a longer timeout='],
  ])('%j, %j', async (command, answers, said) => {
    expect(await sayOf(command, { answers, timeout: 1500 })).toBe(said);
  });

  test.each([
    ['yes', 'output: printed more than 20000 lines on its terminal and was stopped; print less, or end what prints'],
    ['cat /dev/zero | tr "\\0" x', 'output: printed more than 1 MiB and was stopped; print less, or end what prints'],
  ])('%j', async (command, said) => {
    expect(await sayOf(command, { answers: [], timeout: 30_000 })).toBe(said);
  });

  test('and holds what stood on the screen', async () => {
    const [execution] = await runCommands(['read -p "Name? " n; read -p "Sure? " s'], { answers: ['Ann'], timeout: 700 });
    expect(execution).toMatchObject({ output: 'Name? Ann\nSure?', exitCode: 137, stopped: { place: { line: 11, column: 1 } } });
  });

  test('or goes on, whatever bytes it prints', async () => {
    const errors = vi.spyOn(console, 'error');
    const [execution] = await runCommands(['head -c 300000 /dev/urandom; exit 7'], { answers: [] });
    expect(execution).toMatchObject({ exitCode: 7, stopped: null });
    expect(errors).not.toHaveBeenCalled();
  });

  test('when the kernel is ended, however soon after it has begun', async () => {
    const begun = Promise.withResolvers<number>();
    const kernel = consoleOf({ onStart: begun.resolve });
    const running = kernel.run(fenceOf(["trap '' HUP TERM; read -p 'Name? ' n"], []), 60_000);
    await begun.promise;
    await kernel.end();
    expect((await running).map(summaryOf)).toEqual(['kernel: was ended, because the run was']);
  });

  test('where it cannot be begun', async () => {
    expect(await sayOf('echo', { answers: [], cwd: join(lessonFolder, 'gone') })).toMatch(/^kernel: could not be run: the folder .* is not there$/);
  });
});

const cli = await cliBinary();

describe.skipIf(cli === null)('the real nats', () => {
  let site: TestServer;
  let connection: NatsConnection;
  let path = '';

  beforeAll(async () => {
    site = await startTestServer();
    connection = await connect({ servers: site.server.url });
    const kvm = new Kvm(connection);
    for (const name of ['Bucket1', 'Bucket2', 'Bucket3']) await kvm.create(name);
    path = await mkdtemp(join(tmpdir(), 'cli-'));
    await mkdir(path, { recursive: true });
    await symlink(cli?.path ?? '', join(path, 'nats'));
  });
  afterAll(async () => {
    await connection.close();
    await site.stop();
    await rm(path, { recursive: true });
  });

  const nats = (command: string, answers?: string[]) =>
    runCommands([command], { path, env: () => ({ NATS_URL: site.server.url }), timeout: 20_000, ...(answers && { answers }) });
  const buckets = async () => {
    const names: string[] = [];
    for await (const { bucket } of new Kvm(connection).list()) names.push(bucket);
    return names.sort();
  };

  test('shows a menu, whose entry is picked by its name', async () => {
    const [execution] = await nats('nats kv info', ['Bucket2']);
    expect(execution?.stopped).toBe(null);
    expect(execution?.exitCode).toBe(0);
    expect(execution?.output).toMatch(
      /^\? Select a Bucket Bucket2\nInformation for Key-Value Store Bucket Bucket2 created .*\n\nConfiguration:\n\n {12}Bucket Name: Bucket2\n[\s\S]*Leader: \S+$/,
    );
  });

  test('asks before it deletes, and is told no and yes', async () => {
    expect((await nats('nats kv del Bucket3', ['n'])).map(summaryOf)).toEqual(['[0] ? Delete bucket Bucket3? No\nSkipping delete']);
    expect(await buckets()).toEqual(['Bucket1', 'Bucket2', 'Bucket3']);
    expect((await nats('nats kv del Bucket3', ['y'])).map(summaryOf)).toEqual(['[0] ? Delete bucket Bucket3? Yes']);
    expect(await buckets()).toEqual(['Bucket1', 'Bucket2']);
  });

  test('that is not answered is stopped at its prompt', async () => {
    const menu = await runCommands(['nats kv info'], { path, env: () => ({ NATS_URL: site.server.url }), timeout: 2000, answers: [] });
    expect(menu.map(summaryOf)).toEqual([expect.stringMatching(/^timeout: .* waiting at `\? Select a Bucket {2}\[Use arrows to move, type to filter\]`/)]);
    const question = await runCommands(['nats kv del Bucket1'], { path, env: () => ({ NATS_URL: site.server.url }), timeout: 2000, answers: [] });
    expect(question.map(summaryOf)).toEqual([expect.stringMatching(/^timeout: .* waiting at `\? Delete bucket Bucket1\? \(y\/N\)`/)]);
    expect(await buckets()).toContain('Bucket1');
  });

  test('without a terminal says that it cannot ask', async () => {
    expect((await nats('nats kv del Bucket1')).map(summaryOf)).toEqual(['[1] nats: error: cannot ask for confirmation without a terminal\n']);
    expect((await nats('nats kv get Bucket1 k')).map(summaryOf)).toEqual(['[1] nats: error: nats: key not found\n']);
  });

  test('keeps its contexts in the kernel’s own folder, where the next command finds them', async () => {
    const kernel = consoleOf({ path, env: () => ({}), folder: join(path, 'own') });
    const add = `nats context add ours --server ${site.server.url} --select`;
    const [added, listed] = await kernel.run(fenceOf([add, 'nats kv ls --names', 'nats context ls --names']), 20_000);
    expect(added?.exitCode).toBe(0);
    expect(listed?.output.split('\n').filter(Boolean).sort()).toEqual(await buckets());
    expect((await consoleOf({ path, env: () => ({}), folder: join(path, 'other') }).run(fenceOf(['nats context ls --names']), 20_000)).map(summaryOf)).toEqual([
      expect.not.stringContaining('ours'),
    ]);
  });
});
