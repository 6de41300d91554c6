/** `lockerroom show PAGE`: what is drawn after which step, and how it ends. */
import type { spawn } from 'node:child_process';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';
import { lockerroom, page } from './command.ts';

const PAGE = page(`\`\`\`ts
const kv = await kvm.create('Room', { history: 2, description: 'ours' });
await kv.put('locker.7', 'socks');
await kv.put('locker.7', 'shoes');
\`\`\`

\`\`\`yaml state
buckets: { Room: { description: ours, history: 2, keys: { locker.7: shoes } } }
\`\`\`

\`\`\`ts
await kv.delete('locker.7');
\`\`\`

\`\`\`yaml change
buckets: { Room: { keys: { locker.7: { deleted: true } } } }
\`\`\`
`);

const lineOf = (text: string) => PAGE.split('\n').indexOf(text) + 1;

describe('after a step of a page', () => {
  test('the last one, where no line is given', async () => {
    const { code, stdout, stderr } = await lockerroom(['show', 'page.md'], { files: { 'page.md': PAGE } });
    expect(stdout).toMatch(
      new RegExp(
        `^page\\.md:${lineOf("await kv.delete('locker.7');") - 1} A page · nats-server \\S+

╔═ Room ═+╗
║ ours +║
║ history 2 +║
║ ┌ locker\\.7 ─+ #3 ─┐ ║
║ │╳+ deleted ╳+│ ║
║ │ before: shoes #2 +│ ║
║ └─+┘ ║
╚═ 1 deleted ═+╝
$`,
      ),
    );
    expect([code, stderr]).toEqual([0, '']);
  });

  test('the one at a line, in sentences', async () => {
    const { code, stdout } = await lockerroom(
      ['show', `page.md:${lineOf('buckets: { Room: { description: ours, history: 2, keys: { locker.7: shoes } } }')}`, '--plain'],
      {
        files: { 'page.md': PAGE },
      },
    );
    expect(stdout.split('\n').slice(2)).toEqual([
      'Room Room: 1 locker.',
      '  Description: ours',
      '  Rules: history 2.',
      '  Locker locker.7, revision 2: shoes',
      '    Before, revision 1: socks',
      '',
    ]);
    expect(code).toBe(0);
  });

  test('a step that is not as the page says is named, and what is there is drawn', async () => {
    const files = { 'page.md': PAGE.replace('locker.7: shoes', 'locker.7: boots') };
    const { code, stdout, stderr } = await lockerroom(['show', 'page.md', '--plain'], { files });
    expect(stderr).toMatch(/^page\.md:\d+:\d+: the value of key locker\.7 of bucket Room is not the one that the page gives\n$/);
    expect(stdout).toContain('Locker locker.7, revision 3: deleted');
    expect(code).toBe(1);
  });

  test('a lesson that this server does not suit, an invalid one, and none at all', async () => {
    const files = { 'old.md': '---\nserver: "<2"\n---\n\n```ts\n1;\n```\n', 'bad.md': '```ts stpe\n1;\n```\n' };
    const old = await lockerroom(['show', 'old.md'], { files });
    expect([old.code, old.stdout]).toEqual([3, '']);
    expect(old.stderr).toMatch(/^old\.md: the lesson cannot be run: it needs nats-server <2, and this is /);
    const bad = await lockerroom(['show', 'bad.md'], { files });
    expect([bad.code, bad.stdout]).toEqual([2, '']);
    expect(bad.stderr).toMatch(/^bad\.md:1:7: /);
    for (const args of [['missing.md'], [], ['.'], ['bad.md:99'], ['old.md', '--server', 'nats://x'], ['old.md', '--user', 'me']]) {
      const { code, stdout, stderr } = await lockerroom(['show', ...args], { files });
      expect([args, code, stdout]).toEqual([args, 2, '']);
      expect(stderr).not.toBe('');
    }
  });

  test('what is in a locker never reaches the terminal as an order to it', async () => {
    const files = { 'page.md': page('```ts\nawait (await kvm.create("Room")).put("k", "\\x1b]0;mine\\x07\\x1b[2J\\u009b2J\\u202eevil");\n```\n') };
    for (const args of [[], ['--plain']]) {
      const { stdout } = await lockerroom(['show', 'page.md', ...args], { files });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout).toContain('␛[2J');
    }
  });
});

test('--watch leaves the server of a page running, for whoever wants to reach into it', async () => {
  let printed = '';
  const { code } = await lockerroom(['show', 'page.md', '--watch', '--plain'], {
    files: { 'page.md': PAGE },
    during(child: ReturnType<typeof spawn>) {
      child.stdout?.on('data', async (text: Buffer) => {
        printed += text;
        const url = /(nats:\S+)\n/.exec(text.toString())?.[1];
        if (text.includes('revision 3: deleted')) {
          const nc = await connect({ servers: url ?? '' });
          await (await new Kvm(nc).open('Room')).put('locker.7', 'boots');
          await nc.close();
        }
        if (text.includes('revision 4: boots')) child.kill('SIGINT');
      });
    },
  });
  expect(printed).toContain('Before, revision 3: deleted');
  expect(code).toBe(130);
});
