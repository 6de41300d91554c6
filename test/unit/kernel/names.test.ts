import { describe, expect, test } from 'vitest';
import { importsOf, locateSyntaxError, namesOf } from '../../../src/kernel/names.ts';

/** `a` is a value, `:A` a type, `=A` both. */
function declared(code: string, language: 'ts' | 'js' = 'ts'): string {
  return namesOf(code, language)
    .declared.map(({ name, value, type }) => `${value && type ? '=' : type ? ':' : ''}${name}`)
    .join(' ');
}

/** `a` is a value in use, `:A` a type, `~a` a value that is gone at run time; `!` behind it: written. */
function free(code: string): string {
  return namesOf(code, 'ts')
    .free.map(({ name, value, erased, written }) => `${value ? (erased ? '~' : '') : ':'}${name}${written ? '!' : ''}`)
    .join(' ');
}

describe('what a step declares', () => {
  test.each([
    ['const a = 1; let b, c = 2; var d;', 'a b c d'],
    ['const { a, b: c, ...d } = x; const [e, , f = 1, ...[g]] = y;', 'a c d e f g'],
    ['if (x) { var inner = 1; let not = 2; function neither() {} }', 'inner'],
    ['for (const i of x) { var last = i }', 'last'],
    ['function f() { var g } async function* h() {}', 'f h'],
    ['class A { b = 1 } abstract class C {}', '=A =C'],
    ['using a = x; await using b = y;', 'a b'],
    ["import a, { b, c as d } from 'x'; import * as e from 'y'", '=a =b =d =e'],
    ["import type { A } from 'x'; import { type B, c } from 'y'; import type D from 'z'; import type * as E from 'z'", ':A :B =c :D :E'],
    ['interface A {} type B = string; namespace C { export type D = 1 }', ':A :B :C'],
    ['function f(a: string): void; function f(a: unknown) {}', 'f'],
    ['declare const a: number; declare function b(): void; declare class C {}', ':a :b :C'],
    ['enum A { B }', '=A'],
    ['const $ = 1, _é = 2, 名 = 3', '$ _é 名'],
    ['const constructor = 1, __proto__ = 2', 'constructor __proto__'],
    ['', ''],
  ])('%s', (code, names) => {
    expect(declared(code)).toBe(names);
  });
});

describe('what a step uses of others', () => {
  test.each([
    ['kv.put(key, { value })', 'kv key value'],
    ['x = 1; y++; [z, w.v] = a; ({ s, t: u = b } = c); for (q of []);', 'x! y! z! w a s! u! b c q!'],
    ['const k = kv as KV; let l: Locker = new Locker()', 'kv :KV :Locker Locker'],
    ['type T = typeof kv; let u: typeof kv = kv', '~kv ~kv kv'],
    ['class A extends B implements C {}', 'B :C'],
    ['declare class A extends B {} declare const c: typeof d', '~B ~d'],
    // What is only declared is not there when it is used.
    ['declare const kv: KV; kv.put()', ':KV kv'],
    ['const f = (a: A, b = c) => { const d = a; return d + e }', ':A c e'],
    ['const kv = 1; { const other = kv } (() => { let kv = 2 })()', ''],
    ['interface Name {} Name', 'Name'],
    ['label: for (;;) break label', ''],
    ['o.kv; ({ kv: 1 }); class A { kv = 1 }', 'o'],
    ["import('x'); import.meta.url; tag`x`", 'tag'],
  ])('%s', (code, names) => {
    expect(free(code)).toBe(names);
  });

  test('offsets are UTF-16 units', () => {
    expect(namesOf("'😀'; kv", 'ts').free).toMatchObject([{ name: 'kv', offset: 6 }]);
  });
});

describe('exports', () => {
  test.each([
    ['export const a = 1', [0]],
    ['const a = 1; export { a }; export default a', [13, 27]],
    ["export * from 'x'; export type { A } from 'y'; export {}", [0, 19, 47]],
    ['export = 5', [0]],
    ['namespace A { export type B = 1 }', []],
  ])('%s', (code, offsets) => {
    expect(namesOf(code, 'ts').exports).toEqual(offsets);
  });
});

describe('code that cannot run', () => {
  test.each([
    ['let a = ;', 8, 'Unexpected token'],
    ['return 1', 0, "A 'return' statement can only be used within a function body."],
    ['let x; enum A { B }', 7, 'an enum is more than types'],
    ['const enum A { B }', 0, 'an enum is more than types'],
    ['namespace A { export const b = 1 }', 0, 'a namespace that holds values'],
    ['namespace A { namespace B { let c } }', 0, 'a namespace that holds values'],
    ['module A { type B = 1 }', 0, 'Node does not take the keyword `module`'],
    ['class A { constructor(private b: string) {} }', 22, 'a parameter property'],
    ["import a = require('a')", 0, '`import x = …`'],
    ['const a = <string>b', 10, 'Node does not strip the assertion'],
    ['@log class A {}', 0, 'Node does not know decorators'],
    ['class A { accessor b = 1 }', 10, 'Node does not know `accessor` fields'],
    ['class A { @log b() {} } enum C {}', 10, 'Node does not know decorators'],
  ])('%s', (code, offset, message) => {
    expect(namesOf(code, 'ts').broken).toMatchObject({ offset, message: expect.stringContaining(message) });
  });

  test.each([
    'namespace A {}',
    'namespace A { export interface B {} namespace C { type D = 1 } }',
    'declare enum A { B }',
    'declare namespace A { const b: number; enum C {} }',
    "import type a = require('a')",
    "declare module 'x' { export const y: number }",
    'const a = <T,>(b: T) => b',
    'abstract class A { abstract b(): void; private readonly c?: string; declare d: number }',
    'const a = b! as unknown satisfies object',
    'let a = 1; let a = 2',
  ])('types only: %s', (code) => {
    expect(namesOf(code, 'ts').broken).toBeNull();
  });

  test('types in a js step', () => {
    expect(namesOf('let a: number', 'js').broken).not.toBeNull();
    expect(namesOf('<any>a', 'js').broken).not.toBeNull();
  });
});

describe('names of code that does not parse', () => {
  test.each([
    ['const a = 1;\nlet b = ;\nconst c = 2;', ['a', 'b', 'c']],
    ["import { connect,\n  type NatsConnection as N,\n} from 'x';\nconst nc = await connect(;\n", ['connect', 'N', 'nc']],
    ["import a, { b as c } from 'x'\nimport * as d from 'y'\nconst {\n  e,\n  f: g,\n  h = 1,\n} = (", ['a', 'c', 'd', 'e', 'g', 'h']],
    ['async function f( {\n  const inner = 1;\n}\nclass G extends {\n}\n', ['f', 'G']],
    ['let a, b, c = (\nvar [d, ...e] = ]', ['a', 'b', 'c', 'd', 'e']],
    ['const a: Map<string, number> = new Map(;', ['a']],
    ['for (const x of', []],
    ['using q = await (', ['q']],
    ['import {', []],
    ['`${', []],
  ])('%s', (code, names) => {
    const { declared, broken } = namesOf(code, 'ts');
    expect(broken).not.toBeNull();
    expect(declared.map(({ name }) => name)).toEqual(names);
    for (const { name, offset } of declared) expect(code.slice(offset, offset + name.length)).toBe(name);
  });
});

test.each([
  ['let a = 1;\nlet a = 2', 15],
  ['break', 0],
  ['class A { m() { this.#x } }', 21],
  ['const fine = 1', null],
])('where V8 finds the error: %s', (code, offset) => {
  expect(locateSyntaxError(code, 'ts')).toBe(offset);
});

test('static imports, and which of their names run', () => {
  const code = "import { connect, NatsConnection } from 'x';\nimport d from './y.js';\nconst nc: NatsConnection = await connect();";
  expect(importsOf(code, 'ts')).toEqual([
    {
      specifier: 'x',
      offset: 40,
      names: new Map([
        ['connect', true],
        ['NatsConnection', false],
      ]),
    },
    { specifier: './y.js', offset: 59, names: new Map() },
  ]);
});
