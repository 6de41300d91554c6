/** One thing on a page made false → exit 1 and one message, at the true line. The page itself passes. */
import { describe, expect, test } from 'vitest';
import { lockerroomJson } from './command.ts';

const PAGE = `# Team Awesome

\`\`\`ts
import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';

const nc = await connect({ servers: process.env.NATS_URL });
const jsm = await jetstreamManager(nc);
const kvm = new Kvm(nc);
\`\`\`

\`\`\`ts
const lockers = await kvm.create('Team-Awesome', { history: 5 });
await lockers.put('locker.7', 'socks');
console.log(await lockers.put('locker.7', 'sweaty gym socks'));
\`\`\`

\`\`\`text output
2
\`\`\`

\`\`\`yaml state
buckets:
  Team-Awesome:
    history: 5
    keys:
      locker.7:
        value: sweaty gym socks
        revision: 2
        history:
          - { value: socks, revision: 1 }
          - { value: sweaty gym socks, revision: 2 }
\`\`\`

\`\`\`ts
await lockers.create('locker.7', 'mine');
\`\`\`

\`\`\`text error
JetStreamApiError: wrong last sequence: <number>
\`\`\`

\`\`\`ts
await lockers.delete('locker.7');
\`\`\`

\`\`\`yaml change
buckets:
  Team-Awesome:
    keys:
      locker.7: { deleted: true }
\`\`\`

\`\`\`ts
console.log('DEL');
await nc.close();
\`\`\`

\`\`\`text output
DEL
\`\`\`
`;

const lineOf = (text: string, page = PAGE) => page.split('\n').indexOf(page.split('\n').find((line) => line.includes(text)) ?? '') + 1;

test('the page passes as it is', async () => {
  const { code, report, stderr } = await lockerroomJson(['page.md'], { files: { 'page.md': PAGE } });
  expect({ code, stderr, ok: report.ok, problems: report.problems }).toEqual({ code: 0, stderr: '', ok: true, problems: [] });
  expect(report.totals).toEqual({ lessons: 1, steps: 5, passed: 5, failed: 0, errored: 0, skipped: 0, twins: 0 });
  expect(report.server).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), source: 'local' });
});

interface Break {
  name: string;
  from: string;
  to: string;
  /** What the line holds, in the page as broken, at which the one message points. */
  at: string;
  mismatch: object;
}

const value = '/buckets/Team-Awesome/keys/locker.7';
const breaks: Break[] = [
  {
    name: 'a value',
    from: 'value: sweaty gym socks\n',
    to: 'value: fresh socks\n',
    at: 'value: fresh socks',
    mismatch: { kind: 'value', path: `${value}/value`, expected: 'fresh socks', actual: 'sweaty gym socks' },
  },
  {
    name: 'a setting',
    from: '    history: 5\n    keys',
    to: '    history: 6\n    keys',
    at: 'history: 6',
    mismatch: { kind: 'setting', path: '/buckets/Team-Awesome/history', expected: 6, actual: 5 },
  },
  {
    name: 'a setting that the page does not declare',
    from: '{ history: 5 }',
    to: '{ history: 5, compression: true }',
    at: 'const lockers',
    mismatch: { kind: 'setting', path: '/buckets/Team-Awesome/compression', expected: null, actual: true },
  },
  {
    name: 'a revision',
    from: '        revision: 2\n',
    to: '        revision: 3\n',
    at: 'revision: 3',
    mismatch: { kind: 'revision', path: `${value}/revision`, expected: 3, actual: 2 },
  },
  {
    name: 'one entry of a history',
    from: '{ value: socks, revision: 1 }',
    to: '{ value: shoes, revision: 1 }',
    at: 'value: shoes',
    mismatch: { kind: 'history', path: `${value}/history/0` },
  },
  { name: 'an output line', from: '\n2\n', to: '\n3\n', at: '\n3\n', mismatch: { kind: 'output', path: null, expected: '3', actual: '2' } },
  {
    name: 'more printed than the page says',
    from: "console.log('DEL');",
    to: "console.log('DEL');\nconsole.log('DEL');",
    at: '\nDEL\n',
    mismatch: { kind: 'output', expected: 'DEL', actual: 'DEL\nDEL' },
  },
  {
    name: 'a throw',
    from: "await lockers.delete('locker.7');",
    to: "throw new RangeError('no such locker');",
    at: 'throw new RangeError',
    mismatch: { kind: 'error', path: null, expected: null, actual: 'RangeError: no such locker' },
  },
  { name: 'another error', from: 'JetStreamApiError: wrong', to: 'JetStreamApiError: no wrong', at: 'no wrong last', mismatch: { kind: 'error', path: null } },
  { name: 'no error', from: "await lockers.create('locker.7', 'mine');", to: '1;', at: 'JetStreamApiError', mismatch: { kind: 'error', actual: null } },
  {
    name: 'an extra bucket',
    from: "await lockers.delete('locker.7');",
    to: "await lockers.delete('locker.7');\nawait kvm.create('Losers');",
    at: 'await lockers.delete',
    mismatch: { kind: 'bucket', path: '/buckets/Losers', expected: null },
  },
  {
    name: 'an undeclared stream',
    from: "await lockers.delete('locker.7');",
    to: "await lockers.delete('locker.7');\nawait jsm.streams.add({ name: 'ORDERS', subjects: ['o'] });",
    at: 'await lockers.delete',
    mismatch: { kind: 'stream', path: '/streams/ORDERS' },
  },
  {
    name: 'an extra key',
    from: "await lockers.delete('locker.7');",
    to: "await lockers.delete('locker.7');\nawait lockers.put('k', 'v');",
    at: 'await lockers.delete',
    mismatch: { kind: 'key', path: '/buckets/Team-Awesome/keys/k', expected: null, actual: 'v' },
  },
  {
    name: 'a purge where the page says delete',
    from: "await lockers.delete('locker.7');",
    to: "await lockers.purge('locker.7');",
    at: 'deleted: true',
    mismatch: { kind: 'operation', path: value, expected: { deleted: true }, actual: { purged: true } },
  },
];

/** The opening fence of the step that holds the text, or the line of the text itself where it stands in an expectation or is thrown. */
function expectedLine({ at, name }: Break, page: string): number {
  if (at.startsWith('\n')) return page.slice(0, page.indexOf(at)).split('\n').length + (name.startsWith('more') ? 2 : 1);
  const line = lineOf(at, page);
  const undeclared = /^(await lockers|const lockers)/.test(at);
  return undeclared ? page.split('\n').lastIndexOf('```ts', line - 1) + 1 : line;
}

describe.concurrent('one thing made false', () => {
  test.each(breaks)('$name', async (one) => {
    const page = PAGE.replace(one.from, one.to);
    expect(page).not.toBe(PAGE);
    const { code, report } = await lockerroomJson(['page.md'], { files: { 'page.md': page } });
    const found = report.lessons.flatMap(({ steps }) => steps.flatMap(({ mismatches }) => mismatches));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ ...one.mismatch, line: expectedLine(one, page), by: 'step', message: expect.stringMatching(/\S/) });
    expect(code).toBe(1);
  });
});
