import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { isThere, untilGone } from '../../unit/server/fakes.ts';
import { consoleOf, fenceOf, lessonFolder, mark, ownFolder, runCommands, sayOf, summaryOf } from './console.ts';

describe('a command prints and ends as in a shell:', () => {
  test.each([
    ['echo one', '[0] one\n'],
    ['printf none', '[0] none'],
    ['true', '[0] '],
    ['exit 3', '[3] '],
    ['false', '[1] '],
    // Not `set -e`, not `pipefail`, not `-u`.
    ['false; echo on', '[0] on\n'],
    ['false | true; echo $?', '[0] 0\n'],
    ['echo "[$unset]"', '[0] []\n'],
    // Both streams, in order.
    ['for i in 1 2 3; do echo out $i; echo err $i >&2; done', '[0] out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n'],
    ['echo out; echo err >&2 | cat; echo out', '[0] out\nerr\nout\n'],
    ['nosuchcommand', '[127] bash: line 1: nosuchcommand: command not found\n'],
    // What is no shell syntax is the command's own affair.
    ['echo "', '[2] bash: -c: line 1: unexpected EOF while looking for matching `"\'\n'],
    ['kill -s KILL $$', '[137] '],
    ['kill -s TERM 0; sleep 60', '[143] '],
    ['bash -c "kill -s SEGV \\$\\$"; echo $?', /^\[0\] (bash: line 1: +\d+ Segmentation fault.*\n)?139\n$/],
    // No standard input.
    ['cat; read x; echo "$? [$x]"', '[0] 1 []\n'],
    // It has no arguments, and its shell is bash.
    ['echo "$0 $# $-"; [[ a == a ]] && echo bash', /^\[0\] bash 0 hBc\nbash\n$/],
    // Several lines: the shell's own continuation, and here documents.
    ['echo one \\\n  two', '[0] one two\n'],
    ['cat <<END\na $HOME_IS_NOT_SET\n  b\nEND\necho c', '[0] a \n  b\nc\n'],
    ['for x in 1 2\ndo echo $x\ndone', '[0] 1\n2\n'],
    ["printf '\\033[31mred\\033[0m \\377 ü'", '[0] \u001b[31mred\u001b[0m \ufffd ü'],
    ["echo '$(quotes) `and` $braces \\'", '[0] $(quotes) `and` $braces \\\n'],
    ['ulimit -c 0; exit 255', '[255] '],
  ])('%j', async (command, said) => {
    const answer = await sayOf(command);
    if (typeof said === 'string') expect(answer).toBe(said);
    else expect(answer).toMatch(said);
  });

  test('from the first byte to the last', async () => {
    const [execution] = await runCommands(['seq 1 100000']);
    expect(execution?.output.split('\n').length).toBe(100_001);
    expect(execution?.output.endsWith('99999\n100000\n')).toBe(true);
  });

  test('each in a shell of its own, in the folder of the lesson', async () => {
    await mkdir(join(lessonFolder, 'below'), { recursive: true });
    await writeFile(join(lessonFolder, 'below', 'file'), 'here\n');
    const executions = await runCommands(['cd below && cat file && name=1', 'pwd; echo "[$name]"; cat below/file']);
    expect(executions.map(summaryOf)).toEqual(['[0] here\n', `[0] ${lessonFolder}\n[]\nhere\n`]);
  });

  test('one after the other, whatever the exit code', async () => {
    const executions = await runCommands(['echo 1; exit 1', 'echo 2', 'exit 3']);
    expect(executions.map(summaryOf)).toEqual(['[1] 1\n', '[0] 2\n', '[3] ']);
    expect(executions.every(({ duration }) => duration > 0 && duration < 10_000)).toBe(true);
  });
});

describe('the environment', () => {
  const printed = async (names: string[]) => {
    const [execution] = await runCommands([`for n in ${names.join(' ')}; do echo "$n=\${!n-unset}"; done`]);
    return execution?.output.trimEnd().split('\n');
  };

  test('is the same everywhere, and holds nothing of the reader’s nats', async () => {
    vi.stubEnv('NATS_CREDS', '/my/creds');
    vi.stubEnv('NATS_URL', 'nats://mine');
    vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
    vi.stubEnv('FORCE_COLOR', '1');
    vi.stubEnv('NODE_OPTIONS', '--inspect');
    vi.stubEnv('TZ', 'Asia/Tokyo');
    vi.stubEnv('XDG_CONFIG_HOME', '/my/config');
    vi.stubEnv('MINE', 'stays');
    expect(await printed(['NATS_URL', 'NATS_CREDS', 'TZ', 'LANG', 'LC_ALL', 'NO_COLOR', 'COLUMNS', 'FORCE_COLOR', 'NODE_OPTIONS', 'HOME', 'MINE'])).toEqual([
      'NATS_URL=nats://127.0.0.1:4222',
      'NATS_CREDS=unset',
      'TZ=UTC',
      'LANG=C.UTF-8',
      'LC_ALL=unset',
      'NO_COLOR=1',
      'COLUMNS=100',
      'FORCE_COLOR=unset',
      'NODE_OPTIONS=unset',
      `HOME=${process.env.HOME}`,
      'MINE=stays',
    ]);
    expect(await printed(['XDG_CONFIG_HOME', 'XDG_DATA_HOME'])).toEqual([`XDG_CONFIG_HOME=${ownFolder}/config`, `XDG_DATA_HOME=${ownFolder}/data`]);
    vi.unstubAllEnvs();
  });

  test('spares what is written in Go to look through its memory, unless the reader has said how it is to do that', async () => {
    expect(await printed(['GOGC', 'GOMEMLIMIT'])).toEqual(['GOGC=off', 'GOMEMLIMIT=256MiB']);
    vi.stubEnv('GOGC', '50');
    expect(await printed(['GOGC'])).toEqual(['GOGC=50']);
    vi.unstubAllEnvs();
  });

  test('makes neither bash nor zx read or do anything of its own', async () => {
    await writeFile(join(lessonFolder, 'rc'), 'echo read first');
    for (const name of ['BASH_ENV', 'ENV']) vi.stubEnv(name, join(lessonFolder, 'rc'));
    vi.stubEnv('BASH_FUNC_nats%%', '() { echo not the real one; }');
    vi.stubEnv('SHELLOPTS', 'errexit');
    vi.stubEnv('CDPATH', lessonFolder);
    for (const [name, value] of Object.entries({ PREFIX: 'echo prefix;', POSTFIX: '; echo postfix', VERBOSE: 'true', SHELL: '/bin/false' }))
      vi.stubEnv(`ZX_${name}`, value);
    vi.resetModules();
    const { startConsoleKernel } = await import('../../../src/kernel/console.ts');
    const kernel = startConsoleKernel({ env: () => ({}), folder: ownFolder, cwd: lessonFolder, mark });
    await mkdir(join(lessonFolder, 'there'), { recursive: true });
    const [execution] = await kernel.run(fenceOf(['false; type -t nats | grep function; cd there; echo end']), 5000);
    expect(execution).toMatchObject({ output: 'end\n', exitCode: 0 });
    await kernel.end();
    vi.unstubAllEnvs();
  });

  test('has the given folder first on its PATH, and is asked for before each fence', async () => {
    const path = join(lessonFolder, 'a bin');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'ls'), '#!/bin/sh\necho "mine: $NATS_URL"\n', { mode: 0o755 });
    let url = 'nats://one';
    const kernel = consoleOf({ path, env: () => ({ NATS_URL: url }) });
    expect((await kernel.run(fenceOf(['ls']), 5000)).map(summaryOf)).toEqual(['[0] mine: nats://one\n']);
    url = 'nats://two';
    expect((await kernel.run(fenceOf(['ls']), 5000)).map(summaryOf)).toEqual(['[0] mine: nats://two\n']);
  });
});

describe('a command is stopped', () => {
  test('at the time limit, which is that of the whole fence', async () => {
    const executions = await runCommands(['sleep 0.5; echo first', `echo second; sh -c 'sleep 600' ${mark}`, 'echo never'], { timeout: 2500 });
    expect(executions.map(summaryOf)).toEqual([
      '[0] first\n',
      'timeout: ran longer than its time limit of 2.5s and was stopped; end what it waits for, or give the step a longer timeout=',
    ]);
    expect(executions[1]).toMatchObject({ output: 'second\n', exitCode: 137, stopped: { place: { line: 12, column: 1 }, error: null } });
    expect(executions[1]?.duration).toBeLessThan(3000);
  });

  test.each([
    ['that ignores signals', `trap '' TERM INT HUP; while :; do sleep 1; done`],
    ['that stops itself', 'kill -s STOP $$'],
    ['that stops its whole group', 'kill -s STOP 0'],
    ['that spins', 'while :; do :; done'],
  ])('%s', async (_, command) => {
    expect(await sayOf(command, { timeout: 300 })).toMatch(/^timeout: /);
  });

  test('at the output limit', async () => {
    const [execution, ...more] = await runCommands(['yes', 'echo never'], { limits: { output: 5000 } });
    expect(more).toEqual([]);
    expect(execution).toMatchObject({
      output: 'y\n'.repeat(2500),
      stopped: { reason: 'output', message: 'printed more than 5000 bytes and was stopped; print less, or end what prints' },
    });
    expect(await sayOf('cat /dev/zero')).toBe('output: printed more than 1 MiB and was stopped; print less, or end what prints');
    expect(await sayOf('head -c 1048576 /dev/zero | wc -c; head -c 1000000 /dev/zero')).toMatch(/^\[0\] 1048576\n\0+$/);
  });

  test('when the kernel is ended, and none runs after that', async () => {
    const path = join(lessonFolder, 'begun');
    const begun = Promise.withResolvers<number>();
    const ends: number[] = [];
    const kernel = consoleOf({ onStart: begun.resolve, onEnd: (pid) => ends.push(pid) });
    const running = kernel.run(fenceOf([`touch '${path}'; sh -c 'sleep 600' ${mark}`, 'echo never']), 60_000);
    const pid = await begun.promise;
    await vi.waitFor(() => readFile(path));
    await Promise.all([kernel.end(), kernel.end()]);
    expect(isThere(pid)).toBe(false);
    expect(ends).toEqual([pid]);
    expect((await running).map(summaryOf)).toEqual(['kernel: was ended, because the run was']);
    expect((await kernel.run(fenceOf(['echo never', 'echo never']), 1000)).map(summaryOf)).toEqual(['kernel: was ended, because the run was']);
  });

  test('before it has begun', async () => {
    const kernel = consoleOf();
    const running = kernel.run(fenceOf(['sleep 600']), 60_000);
    await kernel.end();
    expect((await running).map(summaryOf)).toEqual(['kernel: was ended, because the run was']);
  });

  test('nowhere: what cannot be begun says so', async () => {
    expect(await sayOf('echo', { cwd: join(lessonFolder, 'gone') })).toBe(
      `kernel: could not be run: the folder ${lessonFolder}/gone, where it begins, is not there`,
    );
    expect(await sayOf(`: ${'x'.repeat(200_000)}`)).toBe('kernel: could not be run: spawn E2BIG');
    vi.stubEnv('PATH', lessonFolder);
    expect(await sayOf('echo')).toBe('kernel: could not be run: there is no bash on the PATH');
    vi.unstubAllEnvs();
  });
});

describe('what a command leaves running', () => {
  test('in the background ends with it', async () => {
    const file = join(lessonFolder, 'pid');
    const started = performance.now();
    expect(await sayOf(`sh -c 'sleep 600' ${mark} & echo $! > '${file}'; nohup sleep 600 2>/dev/null & echo done`)).toBe('[0] done\n');
    expect(performance.now() - started).toBeLessThan(3000);
    const pid = Number(await readFile(file, 'utf8'));
    expect(pid).toBeGreaterThan(1);
    expect(isThere(pid)).toBe(false);
  });

  test.runIf(process.platform === 'linux')('in a job of its own ends too', async () => {
    const [execution] = await runCommands(['set -m; sleep 600 >/dev/null & echo $!']);
    const pid = Number(execution?.output);
    expect(pid).toBeGreaterThan(1);
    await untilGone(pid);
  });

  test('in a session of its own does not hold up the page', async () => {
    const file = join(lessonFolder, 'escaped');
    expect(await sayOf(`setsid sleep 600 & echo $! > '${file}'; sleep 0.1; echo done`)).toBe('[0] done\n');
    const pid = Number(await readFile(file, 'utf8'));
    process.kill(pid, 'SIGKILL');
    await untilGone(pid);
  });
});

test('each command’s process is known by its mark, also where the shell gives way to the command', async () => {
  const [execution] = await runCommands([`exec grep -lz '^${mark}$' /proc/$PPID/cmdline`]);
  if (process.platform === 'linux') expect(execution?.output).toMatch(/^\/proc\/\d+\/cmdline\n$/);
});
