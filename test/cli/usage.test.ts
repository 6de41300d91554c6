/** What is typed → output, exit code, and for wrong usage or a wrong page where it is and what to do. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type JsonReport, lockerroom, lockerroomJson } from './command.ts';

const ok = '# Ok\n\n```ts\nconsole.log(1);\n```\n\n```text output\n1\n```\n';
const bad = '# Bad\n\n```ts\nconsole.log(1);\n```\n';
const three = `# Three

## First

\`\`\`ts
const one = 1;
\`\`\`

## Second

\`\`\`ts
console.log('undeclared');
\`\`\`

## Third

\`\`\`ts
console.log(one);
\`\`\`

\`\`\`text output
1
\`\`\`
`;

describe.concurrent('help and version', () => {
  test('--help shows commands and examples', async () => {
    const { code, stdout, stderr } = await lockerroom(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Usage: lockerroom/);
    expect(stdout).toMatch(/Examples:/);
  });

  test('run --help shows every flag, examples and the exit codes', async () => {
    const { code, stdout } = await lockerroom(['run', '--help']);
    expect(code).toBe(0);
    for (const word of ['--reporter', '--grep', '--from', '--bail', '--jobs', '--server', '--keep', '--fail-on-skip', '--quiet', 'Examples:', 'Exit codes:']) {
      expect(stdout).toContain(word);
    }
  });

  test('--version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
    expect(await lockerroom(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

/** Arguments, files, and what stands on standard error. */
const wrong: [string, string[], Record<string, string | Uint8Array>, RegExp][] = [
  ['an unknown flag', ['run', '--reportr', 'json'], {}, /^lockerroom: unknown option '--reportr'/],
  ['an unknown command', ['rn'], {}, /^lockerroom: unknown command 'rn'/],
  ['an unknown reporter', ['run', '--reporter', 'xml'], {}, /The reporters are terminal, json, junit and github/],
  ['a number that is none', ['run', '--jobs', 'two'], {}, /It must be a whole number from 1 on/],
  ['no jobs', ['run', '--jobs', '0'], {}, /It must be a whole number from 1 on/],
  ['a server that is none', ['run', '--server', 'far'], {}, /It is auto, local, docker\[:TAG\], or the address/],
  ['two servers', ['run', '--server', 'docker', '--context', 'mine'], {}, /--context is for a server of your own, and --server docker is none/],
  ['a user of a private server', ['run', '--server', 'local', '--user', 'me'], {}, /--user is for a server of your own, and --server local is none/],
  [
    'a domain in a container',
    ['run', '--server', 'docker:2.12', '--js-domain', 'a'],
    {},
    /--js-domain is for a server of your own, and --server docker:2.12 is none/,
  ],
  ['a context that is not there', ['run', '--context', 'none'], { 'a.md': '```ts step\n```\n' }, /there is no context none/],
  ['several versions in containers', ['run', '--matrix', '2.10', '--server', 'docker'], {}, /with --matrix each version is a private, local server/],
  ['a version that is none', ['run', '--matrix', '2.10,new'], {}, /"new" is no version\. It is nats-server versions, as in 2\.10,2\.12\.6,2\.15/],
  ['a version too few', ['run', '--matrix', '2.10,'], {}, /It is nats-server versions/],
  ['a version that is too old', ['run', '--matrix', 'v2.9.25'], {}, /Of nats-server >=2\.10 is needed, and this is 2\.9\.25/],
  [
    'several versions and one server',
    ['run', '--matrix', '2.10', '--server', 'nats://h'],
    {},
    /with --matrix each version is a private, local server: leave --server/,
  ],
  ['several versions and credentials', ['run', '--matrix', '2.10', '--js-domain', 'hub'], {}, /with --matrix .*: leave --js-domain out/],
  ['several versions and a context', ['run', '--matrix', '2.10', '--context', 'mine'], {}, /with --matrix .*: leave --context out/],
  ['several versions that are watched', ['run', '--matrix', '2.10', '--watch'], {}, /with --matrix --watch is for one server/],
  ['an update by several versions', ['run', '--matrix', '2.10', '--update'], {}, /with --matrix --update writes what happened on one server/],
  ['several versions in a report of one', ['run', '--matrix', '2.10', '--reporter', 'junit:a.xml'], {}, /with --matrix the reporters are terminal and json/],
  ['an update that is none', ['run', '--update=all'], {}, /It is --update, or --update=propose/],
  ['an update of pages that are watched', ['run', '--update', '--watch'], {}, /with --watch/],
  ['a command that is not built yet', ['learn'], {}, /learn is not built yet/],
  ['a file that is not there', ['run', 'no.md'], {}, /^no\.md: there is no such file or folder/],
  ['a folder without lessons', ['run', '.'], { 'README.md': '# Prose\n' }, /holds a step/],
  ['no lessons folder', ['run'], {}, /^lessons: there is no such file or folder\n {2}Name the pages/],
  ['a file without a step', ['run', 'a.md'], { 'a.md': '# Prose\n' }, /^a\.md:1:1: the page holds no step/],
  ['a line before the first step', ['run', 'a.md:1'], { 'a.md': ok }, /^a\.md:1:1: there is no step at this line\n {2}the first step is at line 3/],
  ['a line behind the end', ['run', 'a.md:99'], { 'a.md': ok }, /^a\.md:99:1: there is no step at this line/],
  ['a title that is nowhere', ['run', 'a.md', '--grep', 'nowhere'], { 'a.md': ok }, /no step is left to run/],
  ['an unknown word', ['run', 'a.md'], { 'a.md': '```ts stp\n1;\n```\n' }, /^a\.md:1:7: .*stp/],
  ['a near miss', ['run', 'a.md'], { 'a.md': `${ok}\n\`\`\`text outptu\n\`\`\`\n` }, /^a\.md:11:9: [\s\S]*output/],
  ['a state that is not one', ['run', 'a.md'], { 'a.md': '```ts\n1;\n```\n\n```yaml state\nbukets: {}\n```\n' }, /^a\.md:6:1: [\s\S]*buckets/],
  ['an export', ['run', 'a.md'], { 'a.md': '```ts\nexport const a = 1;\n```\n' }, /^a\.md:2:1: /],
  ['an assignment to another step’s name', ['run', 'a.md'], { 'a.md': '```ts\nlet a = 1;\n```\n\n```ts\na = 2;\n```\n' }, /^a\.md:6:1: /],
  ['an after that is not there', ['run', 'a.md'], { 'a.md': '---\nafter: nothing\n---\n\n```ts\n1;\n```\n' }, /^a\.md:2:\d+: there is no lesson nothing\.md/],
  [
    'a circle',
    ['run', 'a.md'],
    { 'a.md': '---\nafter: b\n---\n\n```ts\n1;\n```\n', 'b.md': '---\nafter: a\n---\n\n```ts\n1;\n```\n' },
    /a\.md:2:\d+: it comes after b\.md, and that in the end after it/,
  ],
  ['bytes that are not UTF-8', ['run', 'a.md'], { 'a.md': Uint8Array.from([0x61, 0x0a, 0x62, 0xff]) }, /^a\.md:2:2: /],
  [
    'a configuration that is none',
    ['run'],
    { 'package.json': '{"lockerroom": {"lesson": []}}' },
    /^package\.json: "lockerroom" has no "lesson"\n {2}did you mean "lessons"/,
  ],
];

describe.concurrent('wrong usage and wrong pages: exit 2, said in a line or two, in JSON too', () => {
  test.each(wrong)('%s', async (_, args, files, says) => {
    const { code, stdout, stderr } = await lockerroom(args, { files });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    if (args[0] !== 'run' || args.includes('--reporter')) return;
    const json = await lockerroom([...args, '--reporter', 'json'], { files });
    const report = JSON.parse(json.stdout) as JsonReport;
    expect(json.code).toBe(2);
    expect(report).toMatchObject({ ok: false, lessons: [], totals: { lessons: 0 } });
    expect(report.problems.length).toBeGreaterThan(0);
  });
});

describe.concurrent('what is chosen', () => {
  test('the valid lessons run beside an invalid one; the highest code counts', async () => {
    const { code, report } = await lockerroomJson(['.'], { files: { 'bad.md': bad, 'invalid.md': '```ts stp\n1;\n```\n', 'ok.md': ok } });
    expect(code).toBe(2);
    expect(report.lessons.map(({ file, status }) => [file, status])).toEqual([
      ['bad.md', 'failed'],
      ['ok.md', 'passed'],
    ]);
    expect(report.problems.map(({ file, line, column }) => [file, line, column])).toEqual([['invalid.md', 1, 7]]);
  });

  test('FILE:LINE runs up to the step there and judges that one', async () => {
    const { code, report } = await lockerroomJson(['three.md:18'], { files: { 'three.md': three } });
    expect(code).toBe(0);
    expect(report.lessons[0]?.steps.map(({ line, title, status }) => [line, title, status])).toEqual([[17, 'Third', 'passed']]);
  });

  test('--from judges from that line on', async () => {
    const { report } = await lockerroomJson(['three.md', '--from', '11'], { files: { 'three.md': three } });
    expect(report.lessons[0]?.steps.map(({ line, status }) => [line, status])).toEqual([
      [11, 'failed'],
      [17, 'passed'],
    ]);
  });

  test('--grep judges the steps whose title holds the text', async () => {
    const { report } = await lockerroomJson(['.', '--grep', 'FIRST'], { files: { 'three.md': three, 'ok.md': ok } });
    expect(report.lessons.map(({ file, steps }) => [file, steps.map(({ line }) => line)])).toEqual([['three.md', [5]]]);
  });

  test('--bail ends at the first failure', async () => {
    const { report, code } = await lockerroomJson(['.', '--bail', '--jobs', '1'], { files: { 'a.md': three, 'b.md': ok } });
    expect(code).toBe(1);
    expect(report.lessons.map(({ status, steps }) => [status, steps.map((step) => step.status)])).toEqual([
      ['failed', ['passed', 'failed', 'skipped']],
      ['skipped', ['skipped']],
    ]);
    expect(report.lessons[1]?.reason).toMatch(/--bail/);
  });

  test('a lesson for another server is skipped and says why; --fail-on-skip makes that a failure', async () => {
    const files = { 'a.md': `---\nserver: ">=99"\n---\n${ok}` };
    const { code, report } = await lockerroomJson(['a.md'], { files });
    expect(code).toBe(0);
    expect(report).toMatchObject({ ok: true, totals: { skipped: 1, passed: 0 }, lessons: [{ status: 'skipped', reason: expect.stringMatching(/>=99/) }] });
    expect((await lockerroomJson(['a.md', '--fail-on-skip'], { files })).code).toBe(1);
  });

  test('the configuration says where the lessons are', async () => {
    const files = {
      'package.json': '{"lockerroom": {"lessons": ["docs/**/*.md"], "exclude": ["docs/old/**"]}}',
      'docs/a/ok.md': ok,
      'docs/old/bad.md': bad,
      'bad.md': bad,
    };
    const { code, report } = await lockerroomJson([], { files });
    expect(code).toBe(0);
    expect(report.lessons.map(({ file }) => file)).toEqual(['docs/a/ok.md']);
  });
});

describe.concurrent('reporters', () => {
  test('several at once, one into a file', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'report-')), 'report.json');
    const { code, stdout } = await lockerroom(['run', 'ok.md', '--reporter', 'terminal', '--reporter', `json:${file}`], { files: { 'ok.md': ok } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ ok\.md/);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ok: true, totals: { steps: 1 } });
    await rm(join(file, '..'), { recursive: true });
  });

  test('a file that cannot be written is known before the run', async () => {
    const { code, stderr } = await lockerroom(['run', 'ok.md', '--reporter', 'json:no/such/folder/x.json'], { files: { 'ok.md': ok } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot be written to no\/such\/folder\/x\.json \(ENOENT\)/);
  });

  test('the terminal shows place, sentence, diff, what changed and the page', async () => {
    const { code, stdout } = await lockerroom(['run', 'bad.md'], { files: { 'bad.md': bad } });
    expect(code).toBe(1);
    expect(stdout.replace(/\d+ ms/, 'N ms').replace(/[\d.]+ s on nats-server [\d.]+/, 'N s on nats-server V')).toBe(`✗ bad.md  1 step, N ms

bad.md:3:1: the step prints something, and the page declares no output
    - the page says   + the run shows
    + 1

      1 | # Bad
      2 |${' '}
    > 3 | \`\`\`ts
      4 | console.log(1);
      5 | \`\`\`


1 step in 1 lesson: 0 passed, 1 failed  N s on nats-server V (local)
`);
  });

  test('escapes that a step prints never reach the terminal', async () => {
    const page = '```ts\nconsole.log("\\x1b[31mred\\x1b]0;title\\x07\\x9b2J\\r\\b");\n```\n';
    const { stdout } = await lockerroom(['run', 'a.md'], { files: { 'a.md': page }, env: { NO_COLOR: '1' } });
    expect(stdout).toContain('red');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    const json = await lockerroom(['run', 'a.md', '--reporter', 'json'], { files: { 'a.md': page } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
    expect(json.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  test('--quiet says nothing where all is well', async () => {
    expect(await lockerroom(['run', 'ok.md', '--quiet'], { files: { 'ok.md': ok } })).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
