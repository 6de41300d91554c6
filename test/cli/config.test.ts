/** Front matter `config`: the private server includes the lesson's configuration, and what is wrong with one is the lesson's problem. */
import { describe, expect, test } from 'vitest';
import { hasPart } from '../real-parts.ts';
import { lockerroom, lockerroomJson, page } from './command.ts';

const HAS_CLI = await hasPart('cli');

const ACCOUNTS = `
accounts {
  TEAM {
    jetstream { max_streams: 2 }
    users: [
      { user: captain, password: c }
      { user: guest, password: g, permissions: { publish: { allow: ["$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.MSG.GET.*"] } } }
    ]
  }
  OTHERS { jetstream: enabled, users: [{ user: other, password: o }] }
}
no_auth_user: captain
`;

const WITH_CONFIG = '---\nconfig: accounts.conf\n---\n\n';

const run = (rest: string, config = ACCOUNTS, args: string[] = []) =>
  lockerroomJson(['page.md', ...args], { files: { 'page.md': WITH_CONFIG + page(rest), 'accounts.conf': config } });

describe('a lesson with accounts', () => {
  test('runs as the no_auth_user; others connect with their password, and may what they may', async () => {
    const { report, code } = await run(`\`\`\`ts
const room = await kvm.create('Room');
await room.put('k', 'socks');
\`\`\`

\`\`\`yaml state
buckets: { Room: { keys: { k: socks } } }
\`\`\`

\`\`\`ts
const guest = await connect({ servers: process.env.NATS_URL, user: 'guest', pass: 'g' });
const seen = await new Kvm(guest).open('Room');
console.log((await seen.get('k'))?.string());
await seen.put('k', 'mine');
\`\`\`

\`\`\`text output
socks
\`\`\`

\`\`\`text error
RequestError: Permissions Violation for Publish to "$KV.Room.k"
\`\`\`

\`\`\`ts
const other = await connect({ servers: process.env.NATS_URL, user: 'other', pass: 'o' });
await new Kvm(other).create('Hidden');
console.log(await Array.fromAsync(await new Kvm(other).list(), ({ bucket }) => bucket));
\`\`\`

\`\`\`text output
[ 'Hidden' ]
\`\`\`

\`\`\`ts
await kvm.create('Second');
await kvm.create('Third');
\`\`\`

\`\`\`text error
JetStreamApiError [10027]: maximum number of streams reached
\`\`\`

\`\`\`yaml change
buckets: { Second: {} }
\`\`\`
`);
    expect(report.lessons[0]?.steps.flatMap(({ mismatches, error }) => [...mismatches, ...(error ? [error.name] : [])])).toEqual([
      'RequestError',
      'JetStreamApiError',
    ]);
    expect(code).toBe(0);
  });

  test.skipIf(!HAS_CLI)('has a twin with the same accounts, also after a fault', async () => {
    const { report, code } = await run(
      `\`\`\`ts fault="restart-server"
const fresh = await connect({ servers: process.env.NATS_URL });
await new Kvm(fresh).create('Room');
\`\`\`

\`\`\`yaml state
buckets: { Room: {} }
\`\`\`

\`\`\`console
$ nats kv add Room >/dev/null
$ nats kv put Room k v --user guest --password g 2>&1 | grep -o 'Permissions Violation' | head -n 1
Permissions Violation
$ nats kv ls --user other --password o
No Key-Value buckets found
\`\`\`
`,
      ACCOUNTS,
      ['--twin', 'require'],
    );
    expect(report.lessons[0]?.steps.flatMap(({ mismatches }) => mismatches)).toEqual([]);
    expect([code, report.totals.twins]).toEqual([0, 1]);
  });

  test('address, port, log and monitoring of the configuration are not taken', async () => {
    const config = `listen: "0.0.0.0:4222"\nlog_file: "server.log"\nhttp: "0.0.0.0:8222"\n${ACCOUNTS}`;
    const { report, code } = await run("```ts\nconsole.log(new URL(process.env.NATS_URL ?? '').hostname);\n```\n\n```text output\n127.0.0.1\n```\n", config);
    expect([report.problems, code]).toEqual([[], 0]);
  });
});

describe('what is wrong with a configuration is a problem of the lesson, at the line that names it', () => {
  test.each([
    ['a mistake', ACCOUNTS.replace('no_auth_user', 'no_auth_usr'), /does not start with accounts\.conf: accounts\.conf:12:1: unknown field "no_auth_usr"/],
    ['a file that ends too soon', 'accounts {', /does not start with accounts\.conf: .*Unexpected EOF/],
    ['a store of its own', 'jetstream { store_dir: "/tmp/elsewhere" }', /accounts\.conf:1:12: Duplicate 'store_dir' configuration/],
    ['a user that is not there', ACCOUNTS.replace('_user: captain', '_user: nobody'), /no_auth_user: "nobody" not present/],
    ['no way in', ACCOUNTS.replace(/no_auth_user.*/, ''), /lets nobody in without a password, and names no `no_auth_user`/],
    ['an account without JetStream', ACCOUNTS.replace('jetstream { max_streams: 2 }', ''), /the state cannot be read: JetStream is off for this account/],
    [
      'a user who may not list streams',
      ACCOUNTS.replace('_user: captain', '_user: guest'),
      /the state cannot be read: This user of the nats-server may not ask \$JS\.API\.STREAM\.LIST/,
    ],
  ])('%s', async (_, config, message) => {
    const { report, code, stderr } = await run('```ts\n1;\n```\n', config);
    expect(report.problems).toMatchObject([{ code: 'config', file: 'page.md', line: 2, column: 1, message: expect.stringMatching(message) }]);
    expect([code, report.lessons]).toEqual([2, []]);
    expect(stderr).toMatch(/^page\.md:2:1: /m);
  });

  test('the other lessons run all the same, and one that comes after it is skipped', async () => {
    const files = {
      'a.md': WITH_CONFIG + page(''),
      'b.md': `---\nafter: a\n---\n\n${page('')}`,
      'c.md': page(''),
      'accounts.conf': 'accounts {',
    };
    const { report, code } = await lockerroomJson(['a.md', 'b.md', 'c.md'], { files });
    expect(report.lessons.map(({ file, status, reason }) => [file, status, reason])).toEqual([
      ['b.md', 'skipped', 'starts where an invalid lesson ends'],
      ['c.md', 'passed', null],
    ]);
    expect([code, report.problems.length]).toEqual([2, 1]);
  });

  test('a name that no file can have', async () => {
    for (const name of ['a\\0b', 'x'.repeat(5000), '.']) {
      const files = { 'page.md': `---\nconfig: "${name}"\n---\n\n${page('')}` };
      const { code, stderr, stdout } = await lockerroom(['check', 'page.md'], { files });
      expect(stderr + stdout).toMatch(/page\.md:2:1: there is no file /);
      expect(code).toBe(2);
    }
  });

  test.each(['run', 'check'])('%s says that it is not there', async (command) => {
    const { code, stderr, stdout } = await lockerroom([command, 'page.md'], { files: { 'page.md': WITH_CONFIG + page('') } });
    expect(stderr + stdout).toMatch(/page\.md:2:1: .*there is no file accounts\.conf beside this page/);
    expect(code).toBe(2);
  });
});

test('a lesson that comes after one with a configuration has it too, unless it names its own', async () => {
  const files = {
    'a.md': WITH_CONFIG + page("```ts\nawait kvm.create('Room');\n```\n\n```yaml state\nbuckets: { Room: {} }\n```\n"),
    'b.md': `---\nafter: a\n---\n\n${page("```ts\nawait kvm.create('Second');\nawait kvm.create('Third');\n```\n\n```text error\nJetStreamApiError: maximum number of streams reached\n```\n\n```yaml change\nbuckets: { Second: {} }\n```\n")}`,
    'c.md': `---\nafter: a\nconfig: wide.conf\n---\n\n${page("```ts\nawait kvm.create('Second');\nawait kvm.create('Third');\n```\n\n```yaml change\nbuckets: { Second: {}, Third: {} }\n```\n")}`,
    'accounts.conf': ACCOUNTS,
    'wide.conf': ACCOUNTS.replace('max_streams: 2', 'max_streams: 3'),
  };
  const { report, code } = await lockerroomJson(['a.md', 'b.md', 'c.md'], { files });
  expect(report.lessons.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed']);
  expect(code).toBe(0);
});
