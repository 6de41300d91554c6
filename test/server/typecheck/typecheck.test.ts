/** Pages → what the real TypeScript says of them, at line and column. */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkTypes } from '../../../src/typecheck/check.ts';
import type { TypedLesson } from '../../../src/typecheck/steps.ts';
import { runTsc } from '../../../src/typecheck/tsc.ts';
import type { Problem } from '../../../src/types.ts';
import { typed } from '../../unit/typecheck/steps.ts';

/** A project as a reader has it: packages of its own, one beside the lessons, a name of its own, and no `"type": "module"`. */
const PROJECT: Record<string, string> = {
  'package.json': '{ "name": "@me/shop", "exports": { ".": "./src/index.ts" }, "imports": { "#inner/*": "./src/*.ts" } }',
  'tsconfig.json': '{ "compilerOptions": { "strict": false, "target": "es5" } }',
  'src/index.ts': 'export class Shop { #till = 0 }\nexport const wrong: string = 5;\n',
  'docs/near.ts': "import { Shop } from '../src/index.ts';\nexport const open = (name: string) => new Shop();\nexport interface Near { near: true }\n",
  'docs/plain.js': 'export const plain = 1;\n',
  'node_modules/kit/package.json': '{ "name": "kit", "type": "module", "exports": { ".": { "types": "./kit.d.ts" } } }',
  'node_modules/kit/kit.d.ts': 'export declare function kit(size: number): "of the project";\nexport interface Tool { size: number }\n',
  'docs/node_modules/kit2/package.json': '{ "name": "kit2", "type": "module", "exports": { ".": { "types": "./kit.d.ts" } } }',
  'docs/node_modules/kit2/kit.d.ts': 'export declare const two: 2;\n',
};

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'types (1,2) ü ')));
  for (const [name, text] of Object.entries(PROJECT)) write(`shop/${name}`, text);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

async function check(lessons: TypedLesson[]): Promise<Problem[]> {
  const folder = mkdtempSync(join(root, 'temporary-'));
  try {
    return await checkTypes(lessons, { folder, root, signal: new AbortController().signal, onStart: () => {} });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Fences of one page, the first at line 1, each three lines longer than its code. */
function pageOf(codes: string[]): string {
  return codes.map((code) => (code.startsWith('js:') ? `\`\`\`js\n${code.slice(3)}\n\`\`\`\n` : `\`\`\`ts\n${code}\n\`\`\`\n`)).join('\n');
}

function row({ line, column, message }: Problem): string {
  return `${line}:${column} ${message.split(':', 1)[0]}`;
}

/** All pages of a table go through one tsc, as those of a workbook do. */
function table(name: string, rows: [string, string[], string[]][]): void {
  describe(name, () => {
    let problems: Problem[] = [];
    beforeAll(async () => {
      problems = await check(rows.map(([, codes], index) => typed(pageOf(codes), join(root, `shop/docs/${index} page.md`))));
    });
    test.each(rows.map(([title, , expected], index) => [title, index, expected] as const))('%s', (_, index, expected) => {
      expect(problems.filter(({ file }) => file === `${index} page.md`).map(row)).toEqual(expected);
    });
  });
}

table('within a step', [
  ['nothing wrong', ['const a: number = 1; let unused; await a;'], []],
  ['a wrong value', ["const a: number = 'x';"], ['2:7 TS2322']],
  ['a wrong argument', ['parseInt(5);'], ['2:10 TS2345']],
  ['behind emoji: UTF-16 units', ['/*😀*/ parseInt(5);'], ['2:17 TS2345']],
  ['several, in order', ['1 .foo;\n"" .bar; 2 .foo;'], ['2:4 TS2339', '3:5 TS2339', '3:13 TS2339']],
  ['on purpose', ["// @ts-expect-error\nconst a: number = 'x';"], []],
  ['not as it was meant', ['// @ts-expect-error\nconst a: number = 1;'], ['2:1 TS2578']],
  [
    'classes, generics, using, enums of types',
    ['class A<T> { #a?: T }\nusing b = { [Symbol.dispose]() {} };\nconst f = <T>(x: T) => x; f<A<1>>(new A());'],
    [],
  ],
  ['what Node has, and what only a browser has', ['process.env.X; Buffer.from("");\ndocument;'], ['3:1 TS2584']],
  ['strict', ['const a: string = process.env.X;'], ['2:7 TS2322']],
  ['code behind which nothing ends', ['const a = 1\n/* x */ // y'], []],
]);

table('names and types across steps', [
  ['values', ['const a = 1;', 'a.foo;'], ['6:3 TS2339']],
  ['types', ['interface Box<T> { t: T }', 'const b: Box<string> = { t: 1 };'], ['6:26 TS2322']],
  ['imports', ["import { kit, type Tool } from 'kit';", 'kit("x"); const t: Tool = { size: "" };'], ['6:5 TS2345', '6:29 TS2322']],
  ['classes, as value and type', ['class A { #a = 1 }', 'const a: A = new A(); const b: A = {};'], ['6:29 TS2741']],
  ['a name declared again', ['const a = 1;', "const a = 'x'; a.foo;", 'const b: string = a; const c: number = a;'], ['6:18 TS2339', '10:28 TS2322']],
  ['over a step in between', ['const a = 1;', 'const b = 1;', 'a.foo; b.foo;'], ['10:3 TS2339', '10:10 TS2339']],
  ['an error does not spread', ["const a: number = 'x';", 'a.toFixed();'], ['2:7 TS2322']],
  ['a constant stays narrowed', ["const a = Math.random() > 2 ? 'a' : null; if (a === null) throw 1;", 'a.length; let b = a;'], []],
  ['a literal can be widened', ["const a = 'x';", "let b = a; b = 'y';"], []],
  ['a variable does not', ["let a: string | null = 'a';", 'a.length;'], ['6:1 TS18047']],
  ['arrays and variables that get their type later', ['const a = []; let b; b = 1;', 'a.push(1); b.toFixed();'], []],
  ['a type used as a value', ['interface A {}', 'A;'], ['6:1 TS2693']],
  ['a name that is nowhere', ['nowhere;'], ['2:1 TS2304']],
  ['a name that comes later', ['later;', 'const later = 1;'], ['2:1 TS2304']],
  ['names of JavaScript can be anything', ["js:import { kit } from 'kit'; const a = 1; class B {}", 'a.foo; kit("x"); let b: B<1> = 5; const c: kit = 1;'], []],
  ['an unchecked step hands on what it can', ['const a = (;', 'a.foo; const b: a = 1;'], []],
  ['a name that is a value here and a type there', ['let a = 1;', 'type a = string;', 'let b: a = a;'], ['10:5 TS2322']],
  ['an assertion function', ['const yes: (x: unknown) => asserts x is string = () => {};', 'const a: unknown = 1; yes(a); a.length;'], []],
]);

table('imports', [
  ['a type without `type`', ["import { kit, Tool } from 'kit';\nconst t: Tool = { size: 1 };"], ['2:15 TS1484']],
  ['a package that is nowhere', ["import { x } from '@no/package/sub';"], ['2:19 TS2307']],
  [
    'the package of the project, and the one beside the lesson',
    ["import { kit } from 'kit'; import { two } from 'kit2';\nconst a: 'of the project' = kit(two);"],
    [],
  ],
  ['ours, where the project has none', ["import { Kvm } from '@nats-io/kv';\nKvm.foo;"], ['3:5 TS2339']],
  ['files beside the lesson', ["import { open, type Near } from './near.ts';\nopen(5); const n: Near = { near: false };"], ['3:6 TS2345', '3:28 TS2322']],
  ['a file that is not there', ["import { a } from './gone.ts';\nimport './gone.ts';"], ['2:19 TS2307', '3:8 TS2882']],
  ['the project itself is the one its files import', ["import { Shop } from '@me/shop'; import { open } from './near.ts';\nconst s: Shop = open('');"], []],
  ['by the names of its package.json', ["import { wrong } from '#inner/index';\nconst s: number = wrong;"], ['3:7 TS2322']],
  ['JavaScript without types is any', ["import { plain } from './plain.js';\nplain.foo.bar;"], []],
  ['Node’s own', ["import { readFileSync } from 'node:fs';\nreadFileSync();"], ['3:1 TS2554']],
]);

test('columns in lists and quotes, with CRLF', async () => {
  const page = '# A\r\n\r\n1. > ```ts\r\n   > let a = 1;\r\n   >   a.foo;\r\n   > ```\r\n';
  expect((await check([typed(page, join(root, 'a.md'))])).map(row)).toEqual(['5:10 TS2339']);
});

describe('advice', () => {
  const rows: [string[], RegExp][] = [
    [["import { Tool } from 'kit';"], /write import type { Tool }/],
    [["import {} from '@no/package/sub';"], /npm install @no\/package$/],
    [["import {} from './gone.ts';"], /seen from the folder of the page/],
    [['later;', 'const later = 1;'], /declared further down, by the step at line 5$/],
    [["import type { kit } from 'kit'; kit(1);"], /without `type`/],
  ];
  test('for what is met often', async () => {
    const problems = await check(rows.map(([codes], index) => typed(pageOf(codes), join(root, `shop/docs/${index}.md`))));
    expect(problems.map(({ file }) => file)).toEqual(rows.map((_, index) => `${index}.md`));
    for (const [index, [, advice]] of rows.entries()) expect(problems[index]?.advice).toMatch(advice);
  });
});

test('two types of one name are told apart by their steps', async () => {
  const page = pageOf(['class A { #a = 1 }\nfunction f(a: A) {}', 'class A { #b = 1 }\nf(new A());']);
  const problems = await check([typed(page, join(root, 'a.md'))]);
  expect(problems.map(({ message }) => message).join()).toMatch(/import\("a\.md:6"\)\.A.*import\("a\.md:1"\)\.A/s);
});

test('an error of syntax that only TypeScript sees hides nothing else', async () => {
  const lessons = [typed(pageOf(["const a: number = 'x';"]), join(root, 'a.md')), typed(pageOf(['let v = 08;', '1 .foo;']), join(root, 'b.md'))];
  const problems = await check(lessons);
  expect(problems.map((one) => `${one.file} ${one.line}`)).toEqual(expect.arrayContaining(['a.md 2', 'b.md 6']));
});

test('a file that a step imports and that cannot be read is named', async () => {
  write('shop/docs/torn.ts', 'export const a = (;\n');
  const problems = await check([typed(pageOf(["import { a } from './torn.ts';"]), join(root, 'shop/docs/a.md'))]);
  expect(problems).toMatchObject([{ code: 'type', file: 'shop/docs/torn.ts', line: 1, column: 19 }]);
});

test('a page with nothing to check asks no one', async () => {
  expect(await check([typed('# A\n', join(root, 'a.md')), typed(pageOf(['js:1 .foo;']), join(root, 'b.md'))])).toEqual([]);
});

test('nothing is written beside the lessons', async () => {
  const before = readdirSync(join(root, 'shop'), { recursive: true });
  await check([typed(pageOf(["import { open } from './near.ts';"]), join(root, 'shop/docs/a.md'))]);
  expect(readdirSync(join(root, 'shop'), { recursive: true })).toEqual(before);
});

describe('a tsc that gives no result is a problem of the environment', () => {
  const rows: [string, string, RegExp][] = [
    ['it is not there', '', /ended with 1 and no result/],
    ['it crashes', 'console.error("panic: no memory\\n at x"); process.exit(2);', /ended with 2 and no result: panic: no memory$/],
    ['it is killed', 'process.kill(process.pid, "SIGKILL");', /ended with SIGKILL and no result/],
    ['it does not know an option', 'console.log("error TS5023: Unknown compiler option."); process.exit(1);', /no result: error TS5023/],
  ];
  test.each(rows)('%s', async (name, script, message) => {
    const command = join(root, `${name}.cjs`);
    if (script !== '') writeFileSync(command, script);
    const run = runTsc(join(root, 'tsconfig.json'), { signal: new AbortController().signal, onStart: () => {}, command: [process.execPath, command] });
    await expect(run).rejects.toMatchObject({ name: 'ProblemError', problem: { code: 'typescript', message: expect.stringMatching(message) } });
  });
});

test('an interrupted tsc is ended at once', async () => {
  const command = join(root, 'endless.cjs');
  writeFileSync(command, 'setInterval(() => {}, 1000);');
  const abort = new AbortController();
  const pid = Promise.withResolvers<number>();
  const run = runTsc(join(root, 'tsconfig.json'), { signal: abort.signal, onStart: pid.resolve, command: [process.execPath, command] });
  const started = await pid.promise;
  abort.abort(new Error('enough'));
  await expect(run).rejects.toThrow('enough');
  expect(() => process.kill(started, 0)).toThrow('ESRCH');
});
