/** Imports point down only (design §6): the levels of the house, from the top, and who may know whom. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');

/** A part may import its own level's parts where `among` says so, and everything on the levels below. */
const LEVELS: { parts: string[]; among: boolean }[] = [
  { parts: ['cli', 'vitest'], among: false },
  { parts: ['author'], among: false },
  { parts: ['workbook'], among: false },
  { parts: ['run.ts'], among: false },
  { parts: ['session.ts', 'building'], among: false },
  { parts: ['names.ts', 'look.ts', 'step-report.ts', 'twin.ts', 'recording.ts', 'report'], among: false },
  { parts: ['faults.ts'], among: false },
  { parts: ['lesson', 'kernel', 'server', 'state', 'judge', 'typecheck'], among: false },
  { parts: ['document'], among: false },
  { parts: ['errors.ts'], among: false },
  { parts: ['types.ts'], among: false },
  { parts: ['types'], among: false },
];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const partOf = (file: string) => file.split('/')[0] ?? file;
const levelOf = (file: string) => LEVELS.findIndex(({ parts }) => parts.includes(partOf(file)));

const imports = files.flatMap((file) => {
  const source = readFileSync(join(SRC, file), 'utf8');
  const found = [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g)].map((match) => match[1] ?? '');
  return found.map((specifier) => ({ from: file, to: relative(SRC, join(SRC, dirname(file), specifier)) }));
});

test('every file belongs to a level', () => {
  expect(files.filter((file) => levelOf(file) === -1)).toEqual([]);
});

test('there is something to check', () => {
  expect(imports.length).toBeGreaterThan(50);
});

test('imports point down only', () => {
  expect(imports.filter(({ from, to }) => partOf(from) !== partOf(to) && levelOf(to) <= levelOf(from))).toEqual([]);
});

/** What runs in a browser too; test/pure.tsconfig.json proves it of the types, this of the module names. */
const PURE =
  /^(document|lesson|judge|state|building)\/|^(types|errors|session|step-report|run|names|look|twin|faults|recording)\.ts$|^kernel\/(link|names)|^report\/sentences\.ts$/;

test('what runs in a browser uses no Node module', () => {
  expect(files.filter((file) => PURE.test(file) && /from 'node:/.test(readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
});
