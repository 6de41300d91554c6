/** The workbook itself: every lesson passes, and it has what it promises. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliBinary, hasPart } from '../real-parts.ts';
import { type JsonReport, lockerroom } from './command.ts';
import { copyOfLessons } from './lessons-copy.ts';

const LESSONS = join(import.meta.dirname, '../../lessons');
const pages = readdirSync(LESSONS)
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({ file, text: readFileSync(join(LESSONS, file), 'utf8') }));
const hasCli = await hasPart('cli');

test('every lesson passes, and so an update changes no byte', async () => {
  await using copy = await copyOfLessons();
  const { code, stdout } = await copy.lockerroom('run', '.', '--update', '--twin', hasCli ? 'require' : 'off', '--reporter', 'json');
  const report: JsonReport = JSON.parse(stdout);
  const wrong = report.lessons.flatMap(({ file, steps }) =>
    steps.filter(({ status }) => status !== 'passed').map(({ line, status, reason }) => ({ file, line, status, reason })),
  );
  // Without the CLI only the steps that are commands are skipped.
  expect(hasCli ? wrong : wrong.filter(({ status }) => status !== 'skipped')).toEqual([]);
  expect(code).toBe(0);
  expect(report.totals.lessons).toBeGreaterThanOrEqual(20);
  expect(report.totals.steps).toBeGreaterThanOrEqual(120);
  if (hasCli) expect(report.totals.twins).toBeGreaterThanOrEqual(60);
  for (const { file, text } of pages) expect(readFileSync(join(copy.folder, file), 'utf8')).toBe(text);
}, 240_000);

/** What the article types, in its order. */
const ARTICLE = [
  'nats -h',
  'nats cheat',
  'nats kv -h',
  'nats kv info',
  'nats kv ls',
  'nats kv add Bucket1',
  'nats kv add Bucket2',
  'nats kv add Bucket3 --compress',
  'nats kv ls Bucket1',
  'nats kv del Bucket3',
];

/** The `$` lines of the fences that are run. */
const commands = pages.flatMap(({ text }) =>
  [...text.matchAll(/^```console(?! no-run)[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, body = '']) =>
    [...body.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command),
  ),
);

test.each(ARTICLE)('a lesson runs `%s`', (command) => {
  expect(commands).toContain(command);
});

test.runIf(hasCli)('every subcommand of `nats kv` occurs in a lesson', async () => {
  const help = execFileSync((await cliBinary())?.path ?? 'nats', ['kv', '-h'], { encoding: 'utf8' });
  const subcommands = [...help.matchAll(/^ {2}kv (\w+) /gm)].map(([, name = '']) => name);
  expect(subcommands).toContain('edit');
  const run = commands.join('\n');
  expect(subcommands.filter((name) => !new RegExp(`\\bnats kv ${name}\\b`).test(run))).toEqual([]);
});

/** The names of the functions that a type of the client's declarations has. */
function methodsOf(type: string): string[] {
  const declarations = readFileSync(join(LESSONS, '../node_modules/@nats-io/kv/lib', type === 'Kvm' ? 'kv.d.ts' : 'types.d.ts'), 'utf8');
  const [, body = ''] = new RegExp(`export (?:declare class|type) ${type} (?:= (?:RoKV & )?)?\\{([\\s\\S]*?)^\\}`, 'm').exec(declarations) ?? [];
  return [...body.matchAll(/^ {4}(\w+)[(<]/gm)].map(([, name = '']) => name).filter((name) => name !== 'constructor');
}

test.each(['Kvm', 'RoKV', 'KV', 'KvEntry'])('every method of %s occurs in a lesson', (type) => {
  const code = pages.flatMap(({ text }) => [...text.matchAll(/^```ts(?! no-run)[^\n]*\n([\s\S]*?)^```/gm)].map(([, body]) => body)).join('\n');
  const methods = methodsOf(type);
  expect(methods.length).toBeGreaterThan(1);
  expect(methods.filter((name) => !new RegExp(`\\.${name}[(<]`).test(code))).toEqual([]);
});

describe.each(pages)('$file', ({ text }) => {
  test('ends with what was learnt and three things to try', () => {
    expect(text).toMatch(/\n## What you learnt\n/);
    const [, list = ''] = /\n## Three things to try\n\n((?:\d\. [^\n]*\n)+)/.exec(text) ?? [];
    expect(list.trim().split('\n')).toHaveLength(3);
  });
});

test('the failing step that the README shows is what a run of today’s page says', async () => {
  const readme = readFileSync(join(LESSONS, '../README.md'), 'utf8');
  const [, shown = ''] = /\n```\n(✗ lessons\/01[\s\S]*?)\n```\n\n##/.exec(readme) ?? [];
  const page = readFileSync(join(LESSONS, '01-the-building.md'), 'utf8');
  const broken = page.replace('    keys:\n      locker.7: sweaty gym socks\n', '    keys:\n      locker.7: clean gym socks\n');
  const { code, stdout } = await lockerroom(['run', '--twin', hasCli ? 'require' : 'off'], { files: { 'lessons/01-the-building.md': broken } });
  const plain = (text: string) => text.replace(/\d+ ms/, 'N ms').replace(/[ \t]+$/gm, '');
  expect(code).toBe(1);
  // Without the CLI the steps that are commands are listed as skipped, too.
  if (hasCli) expect(plain(stdout)).toContain(plain(shown));
});
