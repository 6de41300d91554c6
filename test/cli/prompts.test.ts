/** Commands that ask, and commands that do not end → answered in a terminal, or stopped at their line. */
import { describe, expect, test } from 'vitest';
import { hasPart } from '../real-parts.ts';
import { lockerroomJson } from './command.ts';

const missing = !(await hasPart('cli'));

describe.skipIf(missing).concurrent('a command', () => {
  test('a prompt is answered, and the screen at the end is checked', async () => {
    const page = `# Prompt

\`\`\`ts
import { connect } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
const nc = await connect({ servers: process.env.NATS_URL });
const kvm = new Kvm(nc);
await kvm.create('Bucket3');
\`\`\`

\`\`\`yaml state
buckets: { Bucket3: {} }
\`\`\`

\`\`\`ts
await (await kvm.open('Bucket3')).destroy();
await nc.close();
\`\`\`

\`\`\`yaml state
buckets: {}
\`\`\`

\`\`\`console answers="y"
$ nats kv del Bucket3
? Delete bucket Bucket3? Yes
\`\`\`
`;
    const { code, report } = await lockerroomJson(['page.md'], { files: { 'page.md': page } });
    expect(report.lessons[0]?.steps.map(({ status, mismatches, error }) => [status, mismatches, error])).toEqual([
      ['passed', [], null],
      ['passed', [], null],
    ]);
    expect(code).toBe(0);
    const no = await lockerroomJson(['page.md'], { files: { 'page.md': page.replace('answers="y"', 'answers="n"') } });
    expect(no.code).toBe(1);
  });

  test('a question at the terminal itself is answered too', async () => {
    const page =
      '# Secret\n\n```ts\n1;\n```\n\n```console answers="sesame"\n$ read -s -p "Password: " word < /dev/tty; echo "($word)"\nPassword: (sesame)\n```\n';
    const { report } = await lockerroomJson(['page.md'], { files: { 'page.md': page } });
    expect(report.lessons[0]?.steps).toMatchObject([{ status: 'passed', mismatches: [] }]);
  });

  test('a command that does not end is stopped, at its line', async () => {
    const page = '# Slow\n\n```ts timeout=2s\n1;\n```\n\n```console\n$ true\n$ sleep 60\n```\n';
    const { code, report } = await lockerroomJson(['page.md'], { files: { 'page.md': page } });
    expect(report.lessons[0]?.steps).toMatchObject([{ status: 'errored', error: { line: 9, message: expect.stringMatching(/time limit of 2s/) } }]);
    expect(code).toBe(1);
  });
});
