import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { pageOf } from '../../unit/kernel/page.ts';
import { folder, kernelOf, linkPage, runCodes, runPage, summaryOf, writeBeside } from './lesson.ts';

const printed = async (...codes: string[]): Promise<string> => {
  const executions = await runCodes(codes);
  expect(executions.map((one) => summaryOf({ ...one, output: '' })).join('')).toBe('');
  return executions.map(({ output }) => output).join('');
};

describe('names of earlier steps', () => {
  test.each([
    ['values', ['const a = 1; let b = 2; var c = 3', 'console.log(a + b + c)'], '6\n'],
    ['var out of a block', ['if (true) { var deep = "deep" }', 'console.log(deep)'], 'deep\n'],
    ['destructured', ['const { a, b: [c], ...d } = { a: 1, b: [2], e: 3 }', 'console.log(a, c, d)'], '1 2 { e: 3 }\n'],
    [
      'functions, generators, classes',
      ['function f() { return 1 } function* g() { yield 2 } class C { x = 3 }', 'console.log(f(), [...g()], new C())'],
      '1 [ 2 ] C { x: 3 }\n',
    ],
    [
      'imports',
      [
        'import { join, sep as s } from "node:path"; import * as os from "node:os"; import fs from "node:fs"',
        'console.log(join("a", "b"), s, typeof os.EOL, typeof fs.read)',
      ],
      'a/b / string function\n',
    ],
    ['the latest counts', ['const a = 1', 'const a = 2', 'console.log(a)', 'const a = 3; console.log(a)'], '2\n3\n'],
    ['a closure changes what later steps see', ['let n = 0; const more = () => ++n', 'more(); console.log(n)', 'more(); console.log(n)'], '1\n2\n'],
    ['awaited', ['const a = await new Promise<number>((resolve) => setTimeout(resolve, 1, 7))', 'console.log(a)'], '7\n'],
    [
      'using: disposed of at the end of its step',
      ['using a = { open: true, [Symbol.dispose]() { this.open = false; console.log("closed") } }; console.log(a.open)', 'console.log(a.open)'],
      'true\nclosed\nfalse\n',
    ],
    [
      'types',
      [
        'interface A { a: number } type B = A; import type { Stats } from "node:fs"',
        'const b: B = { a: 1 }; let s: Stats | undefined; console.log(b satisfies A)',
      ],
      '{ a: 1 }\n',
    ],
    ['odd names', ['const constructor = 1, __proto__ = 2, $ = 3, é = 4', 'console.log(constructor, __proto__, $, é)'], '1 2 3 4\n'],
    ['an ambient declaration does not hide them', ['const a = 1', 'declare const a: number; console.log(a)'], '1\n'],
    ['a comment at the end', ['const a = 1 // the end', 'console.log(a) /* the', 'end */'].slice(0, 1).concat('console.log(a) // the end'), '1\n'],
  ])('%s', async (_title, codes, expected) => {
    expect(await printed(...codes)).toBe(expected);
  });

  test('template literals stay as they are', async () => {
    expect((await runPage('- item\n\n  ```ts\n  console.log(`a\n    b`)\n  ```\n'))[0]?.output).toBe('a\n  b\n');
  });

  test('a step that is run again hands on its new names', async () => {
    const kernel = kernelOf();
    const [first, second] = linkPage(pageOf(['const a = process.pid + Math.random()', 'console.log(a)']));
    const outputs: string[] = [];
    for (const step of [first, second, second, first, second]) if (step) outputs.push((await kernel.run(step)).output);
    expect(outputs[1]).toBe(outputs[2]);
    expect(outputs[4]).not.toBe(outputs[2]);
  });

  test('of a step that has not run here', async () => {
    const kernel = kernelOf();
    const second = linkPage(pageOf(['const a = 1', 'console.log(a)']))[1];
    expect(second && (await kernel.run(second))).toMatchObject({
      stopped: { reason: 'link', message: 'uses `a` of a step that has not run; run that one first' },
      kernelLost: false,
    });
  });
});

describe('the world of a step', () => {
  test('folder, arguments, environment', async () => {
    process.env.NATS_CONTEXT = 'mine';
    process.env.FORCE_COLOR = '1';
    const code = `const { env } = process;
console.log(process.cwd() === import.meta.dirname, process.argv.length, process.argv[1] === import.meta.filename, typeof process.send, process.stdout.isTTY);
console.log(Object.keys(env).filter((name) => name.startsWith('NATS_')).sort(), env.TZ, env.LANG, env.NO_COLOR, env.COLUMNS, env.FORCE_COLOR, env.LC_ALL, env.NODE_OPTIONS);
process.emitWarning('not seen'); console.log([1, 'a'], new Date(0).getHours())`;
    const [execution] = await runCodes([code], { env: () => ({ NATS_URL: 'nats://x', NATS_STORE_DIR: '/y' }) });
    delete process.env.NATS_CONTEXT;
    delete process.env.FORCE_COLOR;
    expect(execution?.output).toBe(
      "true 2 true undefined undefined\n[ 'NATS_STORE_DIR', 'NATS_URL' ] UTC C.UTF-8 1 100 undefined undefined undefined\n[ 1, 'a' ] 0\n",
    );
  });

  test('the environment is asked for before each step', async () => {
    let url = '';
    const kernel = kernelOf({ env: () => ({ NATS_URL: url }) });
    const outputs: string[] = [];
    for (const [index, step] of linkPage(pageOf(['console.log(process.env.NATS_URL)', 'console.log(process.env.NATS_URL)'])).entries()) {
      url = `nats://${index}`;
      outputs.push((await kernel.run(step)).output);
    }
    expect(outputs).toEqual(['nats://0\n', 'nats://1\n']);
  });

  test('imports: beside the lesson, from packages of its own, else from ours', async () => {
    writeBeside('beside.ts', 'export const beside: string = "beside";');
    writeBeside('through.js', 'export { parse } from "semver";');
    for (const [name, text] of [
      ['package.json', '{ "name": "own", "type": "module", "exports": "./index.js" }'],
      ['index.js', 'export default "own";'],
    ] as const) {
      mkdirSync(join(folder, 'node_modules', 'own'), { recursive: true });
      writeBeside(`node_modules/own/${name}`, text);
    }
    const code =
      'import { beside } from "./beside.ts"; import own from "own"; import { parse } from "./through.js"; import semver from "semver"; console.log(beside, own, parse("1.2.3")?.minor, semver.major("4.5.6"), (await import("semver")).default === semver)';
    expect(await printed(code)).toBe('beside own 2 4 true\n');
  });

  test('a lesson within node_modules', async () => {
    const lessonFile = join(folder, 'node_modules', 'own', 'lesson.md');
    writeBeside('node_modules/own/typed.ts', 'export const typed: number = 1;');
    const [execution] = await runCodes(
      ['import { typed } from "./typed.ts"; import { parse } from "semver"; const n: number = typed; console.log(n, typeof parse)'],
      { lessonFile },
    );
    expect(execution).toMatchObject({ output: '1 function\n', thrown: null, stopped: null });
  });

  test('packages can be loaded ahead; one that is missing is met by the step', async () => {
    const [first, second] = await runCodes(['import semver from "semver"; console.log(semver.major("1.0.0"))', 'import "no-such-package"'], {
      preload: ['semver', 'no-such-package'],
    });
    expect(first).toMatchObject({ output: '1\n', stopped: null });
    expect(second?.stopped).toMatchObject({ reason: 'link', place: { line: 6, column: 8 } });
  });

  test.each(['nats', '@nats-io/transport-node'])('what %s loads for TLS alone is loaded when there is some', async (client) => {
    const isLoaded = "process.moduleLoadList.includes('NativeModule tls')";
    const [without, within] = await runCodes([
      `import { connect } from '${client}'; console.log(typeof connect, ${isLoaded})`,
      "import { createRequire } from 'node:module'; import tls from 'node:tls'; console.log(createRequire(import.meta.url)('tls') === tls)",
    ]);
    expect([without?.output, within?.output]).toEqual(['function false\n', 'true\n']);
  });

  test('has frames enough to get from deep inside a library to the page', async () => {
    writeBeside('deep.cjs', 'exports.deep = (n) => { if (n === 0) throw new Error("deep"); exports.deep(n - 1); };');
    const [execution] = await runCodes(['import deep from "./deep.cjs";\ndeep.deep(80)']);
    expect(execution && summaryOf(execution)).toBe('throws Error: deep @3:6');
  });
});

describe('places in the page', () => {
  test.each([
    ['in a list', '1. x\n\n   ```ts\n   const a = 1;\n     throw new Error("x")\n   ```\n', '5:12'],
    ['in a quote', '> ```ts\n> if (true)\n>   null.x\n> ```\n', '3:10'],
    ['in a function of an earlier step', '```ts\nfunction f() {\n\tthrow new Error("x")\n}\n```\n```ts\nf()\n```\n', '3:8'],
    [
      'deep in a library, over an await',
      '```ts\nimport { setTimeout as delay } from "node:timers/promises"\nconst wait = async () => {\n  await delay(1); JSON.parse("{")\n}\nawait wait()\n```\n',
      '4:24',
    ],
    ['behind U+2028', '```ts\nconst s = "\u2028"; throw new Error("x")\n```\n', '2:22'],
    ['behind an emoji, in UTF-16 units', '```ts\nconst s = "😀"; throw new Error("x")\n```\n', '2:23'],
    ['in js', '```js\nconst f = () => { throw new Error("x") }; f()\n```\n', '2:25'],
    ['types before it', '```ts\nconst a: Map<string, number> = new Map(); throw new Error("x")\n```\n', '2:49'],
  ])('of what threw: %s', async (_title, page, expected) => {
    const place = (await runPage(page)).at(-1)?.thrown?.place;
    expect(`${place?.line}:${place?.column}`).toBe(expected);
  });

  test('of what threw in a module beside the lesson', async () => {
    writeBeside('throws.js', 'export function f() {\n  throw new Error("there")\n}\n');
    expect(summaryOf((await runCodes(['import { f } from "./throws.js"\nf()']))[0] as never)).toBe('throws Error: there @3:1');
  });
});

test('where types are stripped makes no difference', async () => {
  const warned = vi.spyOn(process, 'emitWarning');
  const codes = [
    'interface Locker { number: number }\nconst locker: Locker = { number: 7 };',
    'const print = (one: Locker): void => console.log(one.number as number);\nprint(locker);',
    "const wrong = (): never => { throw new RangeError('no') };\n  wrong();",
  ];
  const [there, here] = [await runCodes(codes), await runCodes(codes, { stripsHere: true })].map((executions) => executions.map((one) => summaryOf(one)));
  expect(here).toEqual(there);
  expect(here?.[1]).toBe('prints "7\\n"');
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

describe('code that never begins to run', () => {
  writeBeside('bad.mjs', 'let a = 1; let a = 2');
  writeBeside('wants.js', 'import "./nowhere.js"');
  writeBeside('cjs.cjs', 'module.exports = { b: 1 }');
  test.each([
    ['let a = ;', 'syntax (SyntaxError: Unexpected token) @2:9', 'is not TypeScript that Node runs: Unexpected token'],
    [
      'enum A { B }',
      'syntax (SyntaxError: an enum is more than types, and Node strips only types; use an object and `as const`) @2:1',
      'is not TypeScript that Node runs: an enum',
    ],
    [
      'console.log(1);\nlet a = 1;\n  let a = 2',
      "syntax (SyntaxError: Identifier 'a' has already been declared) @4:7",
      "Identifier 'a' has already been declared",
    ],
    ['class A { m() { this.#x } }', "syntax (SyntaxError: Private field '#x' must be declared in an enclosing class) @2:22", 'Private field'],
    [
      'class A { override b = 1 }',
      "syntax (SyntaxError: This member cannot have an 'override' modifier because its containing class does not extend another class.) @2:11",
      'override',
    ],
    ['class A { accessor b = 1 }', 'syntax (SyntaxError: Node does not know `accessor` fields', '`accessor` fields'],
    [
      'import { readFile,\n  nope } from "node:fs"; nope()',
      "link (SyntaxError: The requested module 'node:fs' does not provide an export named 'nope') @3:3",
      'see what the module exports',
    ],
    [
      'import { readFile, PathLike } from "node:fs"; let s: PathLike',
      "link (SyntaxError: The requested module 'node:fs' does not provide an export named 'PathLike') @2:20",
      'import it by `import type { PathLike }`',
    ],
    ['import { a } from "./cjs.cjs"; a()', 'link (SyntaxError: Named export', 'see what the module exports'],
    ['import fs from "node:fs";\nimport x from "not-there"', "link (Error: Cannot find package 'not-there'", "install it where the lesson's folder finds it"],
    ['import x from "./not-there.js"', 'link (Error: Cannot find module', 'a relative path begins'],
    ['\nimport "./wants.js"', 'link (Error: Cannot find module', 'a relative path begins'],
    ['import "./bad.mjs"', "link (SyntaxError: Identifier 'a' has already been declared) @2:8", 'see what it imports'],
    ['import x from "./cjs.cjs" with { type: "json" }', 'link (', 'could not import what it needs'],
  ])('%s', async (code, expected, sentence) => {
    const [execution, after] = await runCodes([`${code}\n`, 'console.log("next")']);
    expect(execution && summaryOf(execution)).toContain(expected);
    expect(execution?.stopped?.message).toContain(sentence);
    expect(execution).toMatchObject({ output: '', kernelLost: false, stopped: { place: expect.anything() } });
    expect(after?.output).toBe('next\n');
  });

  test('the import that led to what is missing is the place', async () => {
    const [execution] = await runCodes(['import fs from "node:fs";\nimport x from "./wants.js"']);
    expect(execution?.stopped?.place).toEqual({ line: 3, column: 15 });
  });
});
