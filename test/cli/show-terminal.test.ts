/** `lockerroom show --watch` on a terminal: one drawing in the place of the other, whatever happens to the terminal and the server. */
import { type IPty, spawn } from '@lydell/node-pty';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { afterEach, expect, test } from 'vitest';
import { withServer } from '../server/start.ts';
import { BIN } from './command.ts';
import { openTerminal } from './terminal.ts';

let running: IPty | null = null;

afterEach(() => running?.kill('SIGKILL'));

function open(args: string[], columns: number, rows: number) {
  const terminal = openTerminal(args, { columns, rows });
  running = terminal.child;
  return terminal;
}

test('it is drawn anew when something changes, when the terminal does, and when the server goes and comes back', async () => {
  await withServer(async (server) => {
    const connection = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    const kvm = new Kvm(connection);
    const one = await kvm.create('One');
    await kvm.create('Two', { storage: 'memory' as never });
    const { child, ended, until, resize } = open(['show', '--server', server.url, '--watch'], 80, 24);

    const first = await until(/╔═ One ═+╗ {2}╔═ Two ═+╗/);
    expect(first[0]).toBe(`${server.url} · nats-server ${server.version}`);

    await one.put('k', 'socks');
    await until(/│ socks +│/);

    resize(50, 24);
    const narrow = await until(/╔═ One ═+╗\n/);
    expect(narrow.findIndex((line) => line.startsWith('╔═ Two'))).toBeGreaterThan(6);

    await server.kill();
    const silent = await until(/What was there when it was last seen: /);
    expect(silent.join('\n')).toMatch(/│ socks +│/);

    await server.revive();
    const back = await until(/╔═ One ═+╗(?![\s\S]*last seen)(?![\s\S]*╔═ Two)/);
    expect(back.join('\n')).toMatch(/│ socks +│/);

    resize(50, 6);
    expect((await until(/more lines; the terminal/)).at(-2)).toMatch(/^… \d+ more lines; the terminal is too small$/);

    child.write('\x03');
    expect(await ended).toBe(130);
    await connection.close();
  });
});

test('the colours of a terminal are not for who wants none', async () => {
  await withServer(async (server) => {
    const connection = await connect({ servers: server.url });
    await new Kvm(connection).create('One');
    await connection.close();
    for (const [env, painted] of [
      [{ NO_COLOR: '1' }, false],
      [{ NO_COLOR: '' }, true],
    ] as const) {
      let text = '';
      const child = spawn(process.execPath, [BIN, 'show', '--server', server.url], { cols: 80, rows: 24, env: { ...process.env, TERM: 'xterm', ...env } });
      child.onData((more) => (text += more));
      await new Promise((resolve) => child.onExit(resolve));
      expect([text.includes('╔═ One '), text.includes('\x1b[1m')]).toEqual([true, painted]);
    }
  });
});
