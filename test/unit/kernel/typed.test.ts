/** A step's code → whether it has types: where it has none Node need not strip them, which must then change nothing. */
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, test } from 'vitest';
import { namesOf } from '../../../src/kernel/names.ts';

const TYPED = [
  'let a: string;',
  'const a = 1 as number;',
  'const a = {} satisfies object;',
  'const a = b!;',
  'f<string>(1);',
  'new Map<string, number>();',
  'tag<string>`x`;',
  'const f = g<string>;',
  'f(a < b, c > (d));',
  'type A = 1;',
  'interface A {}',
  'import type { A } from "x";',
  'import { type A, b } from "x";',
  'export type { A } from "x";',
  'export type * from "x";',
  'declare const a;',
  'declare function f();',
  'declare class A {}',
  'function f(a?) {}',
  'function f(this: A) {}',
  'const f = (a?) => a;',
  'let a!: string;',
  'class A { b?; }',
  'class A { b?() {} }',
  'class A { private b = 1; }',
  'class A { public b() {} }',
  'class A { readonly b = 1; }',
  'class A extends B { override b = 1; }',
  'class A extends B { override b() {} }',
  'abstract class A {}',
  'abstract class A { abstract b(); }',
  'class A implements B {}',
  'class A<T> {}',
  'class A extends B<string> {}',
  'class A { [key: string]: number; }',
  'class A { declare b; }',
  'class A { static override b = 1; }',
  'function f(): void {}',
  'const f = async <T,>(a: T) => a;',
  'function f(a): asserts a {}',
  'for (const a of b as string[]) {}',
  'try {} catch (error: unknown) {}',
  'namespace A {}',
  'const { a }: B = c;',
  'enum A {}',
  'class A { constructor(private a) {} }',
];

const PLAIN = [
  'const a = b?.c?.(d) ?? e?.[0];',
  'const a = b < c || d > (e);',
  'label: for (;;) break label;',
  'const type = 1; type;',
  'const declare = 1, abstract = 2, readonly = 3, override = 4, as = 5;',
  'class A { static b = 1; #c = 2; get d() { return 1; } static { f(); } async *e() {} declare() {} readonly() {} override() {} abstract() {} }',
  'import a, { b as c } from "x"; import * as d from "y"; import e from "z" with { type: "json" };',
  'using a = b; await using c = d;',
  'const { a = 1, ...b } = c; const [d, , e] = f;',
  'async function* f(a = 1, ...b) { yield* await a; }',
  'const a = { optional: true, declare: true, type: "TS", get b() { return 1; } };',
  'tag`a \\` c`; /a/v.test(b); 1_000n ** 2n;',
  'if (a) b; else c; // : string',
];

describe('code with types', () => {
  test.each(TYPED)('%s', (code) => {
    expect(namesOf(code, 'ts').typed).toBe(true);
  });
});

describe('code without: nothing of it is stripped', () => {
  test.each(PLAIN)('%s', (code) => {
    expect(namesOf(code, 'ts').typed).toBe(false);
    expect(stripTypeScriptTypes(code)).toBe(code);
  });
});
