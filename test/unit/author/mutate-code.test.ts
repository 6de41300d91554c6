/** The code of a step → the same with one thing otherwise. */
import { describe, expect, test } from 'vitest';
import { chooseMutants, lastResort, mutateCode } from '../../../src/author/mutate-code.ts';

/** `kind offset code` of each. */
const mutants = (code: string, language: 'ts' | 'js' = 'ts') => mutateCode(code, language).map(({ kind, offset, text }) => `${kind} ${offset} ${text}`);

describe('what is made otherwise', () => {
  test.each([
    ['a call is dropped', 'await kv.delete(k)', ['drop 0 ;']],
    ['also within a block', 'if (a) { b?.(); }', ['drop 9 if (a) { ; }']],
    ['of one whose value is kept, `undefined` is left', 'const a = f()', ['drop 10 const a = undefined']],
    ['an `await` whose value is used', 'const a = await f()', ['await 10 const a =  f()']],
    ['in parentheses too', 'await (await f()).g()', ['drop 0 ;', 'await 7 await ( f()).g()']],
    ['texts', 'a = \'x\'; b = "y"', ['literal 4 a = \'xx\'; b = "y"', 'literal 13 a = \'x\'; b = "yx"']],
    ['templates', `a = \`$\{b} c\``, [`literal 4 a = \`$\{b} cx\``]],
    [
      'numbers',
      'a = [1, 2.5, 60_000, 7n]',
      [
        'literal 5 a = [2, 2.5, 60_000, 7n]',
        'literal 8 a = [1, (2.5 + 1), 60_000, 7n]',
        'literal 13 a = [1, 2.5, (60_000 + 1), 7n]',
        'literal 21 a = [1, 2.5, 60_000, 8n]',
      ],
    ],
    ['flags', 'a = { b: true, c: !false }', ['literal 9 a = { b: false, c: !false }', 'literal 19 a = { b: true, c: !true }']],
    [
      'neighbours change places',
      'f(); g(); h();',
      ['swap 0 g(); f(); h();', 'drop 0 ; g(); h();', 'swap 5 f(); h(); g();', 'drop 5 f(); ; h();', 'drop 10 f(); g(); ;'],
    ],
    ['but not the same call twice', 'f(); f();', ['drop 0 ; f();', 'drop 5 f(); ;']],
    ['every line stays where it is', 'f(\n1,\n);\na = 2', ['drop 0 ;\n\n\na = 2', 'literal 3 f(\n2,\n);\na = 2', 'literal 13 f(\n1,\n);\na = 3']],
  ])('%s', (_, code, expected) => {
    expect(mutants(code)).toEqual(expected);
  });
});

describe('what is left as it is', () => {
  test.each([
    ['imports', "import { a } from 'b'; const c = await import('d');", ['await 33']],
    ['types', "type A = 'a' | 1; let b: 'c' = d as 'c'; interface E { f: 'g' } x satisfies 'y';", []],
    ['names of properties', "a = { 'b': c, [d]: e, 2: f }", []],
    ['directives', "'use strict'", []],
    ['regular expressions, null', 'a = /b/; c = null', []],
    ['tagged templates', 'a = String.raw`b`', []],
    ['what is only declared', 'const a = b; function f() {} class C {}', []],
    ['code that does not parse', 'let a = ;', []],
  ])('%s', (_, code, expected) => {
    expect(mutants(code).map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual(expected);
  });

  test('TypeScript is read as such only where it is', () => {
    expect(mutants('let a: 1 = 2', 'js')).toEqual([]);
    expect(mutants('let a: 1 = 2', 'ts')).toEqual(['literal 11 let a: 1 = 3']);
  });
});

describe('which are chosen', () => {
  const choose = (code: string, seen: string) => {
    const { chosen, others } = chooseMutants(mutateCode(code, 'js'), seen);
    return [chosen, others].map((some) => some.map(({ kind, offset }) => `${kind} ${offset}`));
  };

  test('of texts those that something is to be seen of', () => {
    expect(choose("f('locker.7', 'unseen')", '{"key":"locker.7"}')).toEqual([['drop 0', 'literal 2'], ['literal 14']]);
  });

  test('a bucket by the name of its stream, a template by one of its parts', () => {
    expect(choose(`f('KV_Bucket1', '$KV.Bucket1.k', \`at $\{a} of b\`)`, 'Bucket1 k of b')).toEqual([['drop 0', 'literal 2', 'literal 16', 'literal 33'], []]);
  });
});

test('the last resort: a step that throws, or does nothing where it should', () => {
  expect(lastResort("import a from 'a';\n", false)).toMatchObject({ kind: 'throw', text: "throw new Error('mutant'); import a from 'a';\n" });
  expect(lastResort('f();\n', true)).toMatchObject({ kind: 'nothing', text: '\n' });
});

test('how a mutant is called', () => {
  const calls = mutateCode("await lockers.put('a',\n  'b');\nconst x = await f('a text that is much longer than any line of a report should ever be');", 'ts');
  expect(calls.map(({ mutation }) => mutation)).toEqual([
    "`await lockers.put('a', 'b')` is dropped",
    "`'a'` becomes `'ax'`",
    "`'b'` becomes `'bx'`",
    "`await` is dropped from `await f('a text that is much longer than any…hould ever be')`",
    "`'a text that is much longer than any line of…should ever be'` becomes `'a text that is much longer than any line of…hould ever bex'`",
  ]);
});
