import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../../src/server/command.ts';
import { program, temporaryFolder, untilGone } from './fakes.ts';

const run = async (body: string, options: Partial<Parameters<typeof runCommand>[2]> = {}) =>
  runCommand(await program(join(await temporaryFolder(), 'command'), body), [], { limit: 5_000, ...options });

describe('a command', () => {
  test.each([
    ['echo out; echo err >&2; exit 3', { code: 3, signal: null, lines: ['out', 'err'] }],
    ['kill -s TERM $$', { code: null, signal: 'SIGTERM', lines: [] }],
    ["printf '\\033[31mred\\033[0m\\033]0;title\\007 \\001\\b end  \\r\\n'", { code: 0, lines: ['red  end'] }],
    ["printf 'no line end'", { code: 0, lines: ['no line end'] }],
  ])('%s', async (body, result) => {
    const { lines, ...rest } = await run(body);
    expect({ ...rest, lines: lines.sort().reverse() }).toMatchObject({ ...result, timedOut: false, error: null });
  });

  test('that is not there, or no program, is a result and no exception', async () => {
    const folder = await temporaryFolder();
    expect(await runCommand(join(folder, 'none'), [], { limit: 5_000 })).toMatchObject({ code: null, error: { code: 'ENOENT' } });
    expect(await runCommand(folder, [], { limit: 5_000 })).toMatchObject({ code: null, error: { code: 'EACCES' } });
    expect(await runCommand('echo', ['a\0b'], { limit: 5_000 })).toMatchObject({ code: null, error: { code: 'ERR_INVALID_ARG_VALUE' } });
  });

  test('that is late is killed with all that it started', async () => {
    const folder = await temporaryFolder();
    const result = await run(`sleep 600 & echo $! > ${folder}/pid; wait`, { limit: 200 });
    expect(result).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
    await untilGone(Number(await readFile(join(folder, 'pid'), 'utf8')));
  });

  test('that leaves something behind which holds its output is not waited for', async () => {
    const folder = await temporaryFolder();
    const result = await run(`sleep 600 & echo $! > ${folder}/pid; echo done`);
    expect(result).toMatchObject({ code: 0, lines: ['done'], timedOut: false });
    await untilGone(Number(await readFile(join(folder, 'pid'), 'utf8')));
  });

  test('that floods its output takes no memory', async () => {
    const before = process.memoryUsage().rss;
    const result = await run('head -c 200000000 /dev/zero | tr "\\0" x; echo; yes | head -n 500000', { limit: 30_000 });
    expect(result.code).toBe(0);
    expect(result.lines).toHaveLength(1_000);
    expect(result.lines[0]?.length).toBe(4_096);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  }, 30_000);

  test('is killed when it is no longer wanted, and rejects with the reason', async () => {
    const folder = await temporaryFolder();
    const unwanted = new AbortController();
    const reason = new Error('enough');
    const running = run(`echo $$ > ${folder}/pid; echo started; exec sleep 600`, { signal: unwanted.signal, onLine: () => unwanted.abort(reason) });
    await expect(running).rejects.toBe(reason);
    await untilGone(Number(await readFile(join(folder, 'pid'), 'utf8')));
    await expect(runCommand('echo', [], { limit: 5_000, signal: unwanted.signal })).rejects.toBe(reason);
  });
});
