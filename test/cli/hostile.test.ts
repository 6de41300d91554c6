/** Steps that no runner likes → each is that step's error, with a clear sentence; later steps and lessons are judged, and the run ends by itself. */
import { describe, expect, test } from 'vitest';
import { lockerroomJson } from './command.ts';

interface Hostile {
  name: string;
  code: string;
  status: 'errored' | 'failed' | 'passed';
  /** What the error's message, or the one mismatch's, holds. */
  says?: RegExp;
  /** In the page; the step's code begins at line 4. */
  line?: number;
  words?: string;
}

const short = 'timeout=400ms';
const table: Hostile[] = [
  { name: 'an endless loop', code: 'for (;;) {}', words: short, status: 'errored', says: /time limit of 400ms/ },
  {
    name: 'an endless loop of microtasks',
    code: 'const spin = () => Promise.resolve().then(spin);\nawait spin();',
    words: short,
    status: 'errored',
    says: /time limit of 400ms/,
  },
  { name: 'a promise that never settles', code: 'await new Promise(() => {});', words: short, status: 'errored', says: /time limit of 400ms/ },
  { name: 'process.exit', code: 'process.exit(3);', status: 'errored', says: /process\.exit\(3\)/ },
  { name: 'process.exit(0)', code: 'process.exit(0);', status: 'errored', says: /process\.exit\(0\)/ },
  { name: 'a signal to itself', code: 'process.kill(process.pid);\nawait new Promise(() => {});', status: 'errored', says: /SIGTERM/ },
  { name: 'process.abort', code: 'process.abort();', status: 'errored', says: /SIGABRT/ },
  { name: 'an unhandled rejection', code: "Promise.reject(new Error('nobody caught me'));", status: 'errored', says: /nobody caught me/, line: 4 },
  { name: 'a rejection after the end', code: "1;\nsetTimeout(() => Promise.reject(new Error('too late')), 20);", status: 'errored', says: /too late/, line: 5 },
  {
    name: 'an exception in a timer',
    code: "setTimeout(() => { throw new Error('tick'); }, 5);\nawait new Promise((r) => setTimeout(r, 200));",
    status: 'errored',
    says: /tick/,
    line: 4,
  },
  { name: 'a heap that grows', code: 'const all = [];\nfor (;;) all.push(new Array(1000).fill(all.length));', status: 'errored', says: /512 MB/ },
  {
    name: 'a hog of Buffers',
    code: 'const all = [];\nfor (;;) { all.push(Buffer.alloc(16_000_000, 1)); await new Promise((r) => setTimeout(r, 1)); }',
    status: 'errored',
    says: /512 MB/,
  },
  { name: 'a flood of output', code: "for (;;) console.log('x'.repeat(1000));", status: 'errored', says: /1 MiB/ },
  { name: 'a syntax error', code: 'const a = 1;\nconst b = ;', status: 'errored', says: /./, line: 5 },
  { name: 'a name declared twice', code: 'let twice = 1;\nlet twice = 2;', status: 'errored', says: /twice/, line: 5 },
  { name: 'TypeScript that is more than types', code: 'enum Size { Small }', status: 'errored', says: /enum/, line: 4 },
  { name: 'an import that is not there', code: "1;\nimport x from 'no-such-package';", status: 'errored', says: /no-such-package/ },
  { name: 'a type imported as a value', code: "import { connect, NatsConnection } from '@nats-io/transport-node';", status: 'errored', says: /import type/ },
  {
    name: 'an error whose message throws',
    code: "throw Object.defineProperty(new Error(), 'message', { get() { throw new Error('gotcha'); } });",
    status: 'failed',
    says: /throws/,
    line: 4,
  },
  { name: 'a thrown text', code: "throw 'just a text';", status: 'failed', says: /just a text/ },
  { name: 'a thrown null', code: 'throw null;', status: 'failed', says: /null/ },
  { name: 'a patched console', code: 'console.log = () => {};\nprocess.stdout.write = () => true;', status: 'passed' },
  {
    name: 'patched globals',
    code: 'JSON.stringify = () => "";\nArray.prototype.push = () => 0;\nPromise.prototype.then = null;\nglobalThis.process = undefined;',
    status: 'passed',
  },
  { name: 'a stray process.send', code: "process.send?.({ type: 'done' });", status: 'passed' },
  { name: 'a stray write to the channel', code: "import { writeSync } from 'node:fs';\ntry { writeSync(3, 'stray\\n'); } catch {}", status: 'passed' },
  { name: 'process.chdir', code: "process.chdir('/');", status: 'passed' },
  { name: 'a changed NATS_URL', code: "process.env.NATS_URL = 'nats://127.0.0.1:1';", status: 'passed' },
  { name: 'a timer left running', code: 'setInterval(() => {}, 10);', status: 'passed' },
];

/** The hostile step, then one that must be judged all the same. */
const pageOf = ({ code, words = '' }: Hostile) => `# Hostile

\`\`\`ts ${words}
${code}
\`\`\`

\`\`\`ts
import { connect } from '@nats-io/transport-node';
const connection = await connect({ servers: process.env.NATS_URL });
console.log('still here', JSON.stringify({ a: [1] }), [2].concat(3).length);
await connection.close();
\`\`\`

\`\`\`text output
still here {"a":[1]} 2
\`\`\`
`;

describe.concurrent('a hostile step', () => {
  test.each(table)('$name', async (one) => {
    const files = { 'hostile.md': pageOf(one), 'next.md': '```ts\nconsole.log(1);\n```\n\n```text output\n1\n```\n' };
    const { report, code } = await lockerroomJson(['hostile.md', 'next.md', '--jobs', '1'], { files });
    const [step, after] = report.lessons[0]?.steps ?? [];
    expect({ status: step?.status, mismatches: step?.mismatches.length }).toEqual({ status: one.status, mismatches: one.status === 'failed' ? 1 : 0 });
    if (one.says) expect(step?.error?.message ?? '').toMatch(one.status === 'failed' ? /(?:)/ : one.says);
    if (one.status === 'failed' && one.says) expect(step?.mismatches[0]?.message).toMatch(one.says);
    if (one.line !== undefined) expect(step?.error?.line).toBe(one.line);
    expect(after).toMatchObject({ status: 'passed' });
    expect(report.lessons[1]?.status).toBe('passed');
    expect(code).toBe(one.status === 'passed' ? 0 : 1);
  });
});
