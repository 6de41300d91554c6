import { describe, expect, test } from 'vitest';
import { linkLesson, moduleSource } from '../../../src/kernel/link.ts';
import { placeAt, placeOfFrame } from '../../../src/kernel/place.ts';
import { sourceText } from '../../../src/kernel/protocol.ts';
import { lessonOf, pageOf, stepsOf } from './page.ts';

function link(...codes: string[]) {
  return linkLesson(lessonOf(pageOf(codes)));
}

/** `b<0` : uses b of step 0. */
function imports(...codes: string[]): string {
  return [...(stepsOf(link(...codes).steps).at(-1)?.imports ?? [])].map(([name, index]) => `${name}<${index}`).join(' ');
}

describe('which step a name comes from', () => {
  test.each([
    ['the latest that declares it', ['const a = 1', 'const a = 2', 'a'], 'a<1'],
    ['its own declaration shadows', ['const a = 1', 'const a = 2; a'], ''],
    ['also a later one', ['const a = 1', 'a; let a = 2'], ''],
    ['not within another scope', ['const a = 1', '{ const a = 2 } a'], 'a<0'],
    ['functions, classes, imports', ["import fs from 'node:fs'; function f() {} class G {}", 'f(fs, G)'], 'f<0 fs<0 G<0'],
    ['var out of a block', ['if (true) { var deep = 1 }', 'deep'], 'deep<0'],
    ['destructured', ['const { a, b: [c], ...d } = x', 'a; c; d; b'], 'a<0 c<0 d<0'],
    ['closures', ['let a = 1', 'const f = () => () => a'], 'a<0'],
    ['using', ['using a = null', 'a'], 'a<0'],
    ['types are not imported', ['type A = 1; interface B {}', 'let x: A | B'], ''],
    ['a type does not hide a value', ['const A = 1', 'type A = 2', 'A'], 'A<0'],
    ['typeof as a type', ['const a = 1', 'let b: typeof a'], ''],
    ['declared only', ['const a = 1', 'declare const a: number; a'], 'a<0'],
    ['globals', ['const a = 1', 'console.log(process, b)'], ''],
    ['names of Object.prototype', ['const a = 1', 'constructor; toString; __proto__'], ''],
    ['and declared ones', ['const constructor = 1, __proto__ = 2', 'constructor; __proto__'], 'constructor<0 __proto__<0'],
    ['names of a step that does not parse', ['let a = (', 'a'], 'a<0'],
    ['names of a step that is more than TypeScript', ['enum A { B }', 'A.B'], 'A<0'],
  ])('%s', (_title, codes, expected) => {
    expect(imports(...codes)).toBe(expected);
    expect(link(...codes).problems).toEqual([]);
  });

  test('types are known beside what is imported, so that a step can say whose it lacks', () => {
    const last = stepsOf(link('interface A { a: 1 }\nconst b = 1', 'let x: A; let y: typeof b').steps).at(-1);
    expect(Object.fromEntries(last?.types ?? [])).toEqual({ A: 0, b: 0 });
  });

  test('the only `throw` of a step is known', () => {
    const [one, two] = stepsOf(link("1;\nthrow 'text'", 'throw 1; throw 2').steps);
    expect([one?.onlyThrow?.column, two?.onlyThrow]).toEqual([1, null]);
  });

  test('steps without code keep their place', () => {
    const { steps } = linkLesson(lessonOf('```console\n$ nats\n```\n```ts\nconst a = 1\n```\n```ts\na\n```\n'));
    expect(steps.map((step) => step?.index ?? null)).toEqual([null, 1, 2]);
    expect(steps[2]?.imports).toEqual(new Map([['a', 1]]));
  });

  test('only what is there at run time is exported', () => {
    const code = "import { a, type B } from 'x'; import type C from 'y'; type D = 1; class E {} declare const f: 1; function g(): void; function g() {}";
    expect(link(code).steps[0]?.exports).toEqual(['a', 'E', 'g']);
  });
});

/** `line:column message` of each problem of a page whose codes have their first lines at 2, 6, 10, … */
function problems(page: string): string[] {
  return linkLesson(lessonOf(page)).problems.map(({ code, file, line, column, message }) => {
    expect([code, file]).toEqual(['step', 'page.md']);
    return `${line}:${column} ${message}`;
  });
}

describe('what a step must not do', () => {
  test.each([
    ['export', ['const a = 1; export { a }'], ['2:14 a step cannot export']],
    ['export nothing', ['export {}'], ['2:1 a step cannot export']],
    ['export a type', ['export type A = 1'], ['2:1 a step cannot export']],
    ['export =', ['export = 5'], ['2:1 a step cannot export']],
    ['assign', ['let a = 1', 'a = 2; a = 3'], ['6:1 `a` belongs to the step at line 1, and no other step can assign to it']],
    ['count up', ['let a = 1', '  a++'], ['6:3 `a` belongs to the step at line 1, and no other step can assign to it']],
    [
      'destructure into',
      ['let a, b', '[a] = [1]; ({ b } = {})'],
      [
        '6:2 `a` belongs to the step at line 1, and no other step can assign to it',
        '6:15 `b` belongs to the step at line 1, and no other step can assign to it',
      ],
    ],
    ['loop over', ['let a', 'for (a of []);'], ['6:6 `a` belongs to the step at line 1, and no other step can assign to it']],
    ['assign within a function', ['let a', 'const f = () => { a ??= 1 }'], ['6:19 `a` belongs to the step at line 1, and no other step can assign to it']],
    ['assign to an import', ["import a from 'x'", 'a = 1'], ['6:1 `a` belongs to the step at line 1, and no other step can assign to it']],
    ['assign its own', ['let a', 'let a; a = 1'], []],
    ['assign a property', ['let a', 'a.b = 1; a[0]++'], []],
    ['assign a global', ['let a', 'globalThis.b = 1; c = 2'], []],
  ])('%s', (_title, codes, expected) => {
    expect(problems(pageOf(codes))).toEqual(expected);
  });

  const exercise = (after: string) => `\`\`\`ts exercise\nconst a = 1\ntype S = 1\n\`\`\`\n\`\`\`ts solution\nconst b = 1\n\`\`\`\n${pageOf([after])}`;
  const closed = (name: string) => `\`${name}\` is declared by the exercise at line 1, whose names later steps cannot use`;
  test.each([
    ['of the starter', 'a', [`9:1 ${closed('a')}`]],
    ['of the solution', 'f(b)', [`9:3 ${closed('b')}`]],
    ['a type', 'let x: S', [`9:8 ${closed('S')}`]],
    ['a value as a type', 'let x: typeof b', [`9:15 ${closed('b')}`]],
    ['its own of that name', 'const b = 2; b', []],
  ])('use a name of an exercise: %s', (_title, code, expected) => {
    expect(problems(exercise(code))).toEqual(expected);
  });

  test('declared again by an ordinary step, the name is there again', () => {
    expect(problems(`${exercise('const b = 2')}\n${pageOf(['b'])}`)).toEqual([]);
  });

  test('declared before, and again by an exercise', () => {
    expect(problems(`${pageOf(['const b = 0'])}${exercise('b')}`)).toHaveLength(1);
  });

  test('use a name of a step whose error is expected', () => {
    const page = '```ts\nconst a = f()\ninterface I {}\n```\n```text error\nE: x\n```\n```ts\na\nlet b: I\n```\n';
    expect(problems(page)).toEqual([
      '9:1 `a` is declared by the step at line 1, whose error is expected, so later steps cannot use its names',
      '10:8 `I` is declared by the step at line 1, whose error is expected, so later steps cannot use its names',
    ]);
  });

  test('the starter is checked as the solution is', () => {
    expect(problems('```ts\nlet a = 1\n```\n```ts exercise\na = 2\n```\n```ts solution\na = 3\n```\n')).toHaveLength(2);
  });

  test('in a quote and a list the place is the page’s', () => {
    expect(problems('> - ```ts\n>   let a = 1\n>   export {}\n>   ```\n')).toEqual(['3:5 a step cannot export']);
  });
});

describe('the module of a step', () => {
  const urlOf = (index: number) => `step:${index}`;

  test('line n of the module is line n of the page', () => {
    const page = `# Title\n\n${pageOf(['const a = 1, b = 2', 'console.log(a,\n  b)'])}`;
    const step = stepsOf(linkLesson(lessonOf(page)).steps)[1];
    const lines = step === undefined ? [] : sourceText(moduleSource(step, urlOf)).split('\n');
    expect(lines[0]).toBe('import { a, b } from "step:0";');
    expect(lines.slice(1, 7).join('')).toBe('');
    expect(lines.slice(7)).toEqual(page.split('\n').slice(7, 9).concat(';export {  };'));
  });

  test('what `using` holds is exported as a copy', () => {
    const step = stepsOf(link('using a = f(), b = g(); const c = 1').steps)[0];
    expect(step && sourceText(moduleSource(step, urlOf)).split('\n').at(-1)).toBe(
      ';const a$held = a; const b$held = b; export { a$held as a, b$held as b, c };',
    );
  });

  test.each(['const a = 1 // the end', 'const a = 1 /* the end */', 'const a = `\n`', 'const a = 1', ''])('the exports stand behind %j', (code) => {
    const step = stepsOf(link(code).steps)[0];
    expect(step && sourceText(moduleSource(step, urlOf)).split('\n').at(-1)).toBe(code === '' ? ';export {  };' : ';export { a };');
  });
});

describe('places', () => {
  const fence = stepsOf(linkLesson(lessonOf('- ```ts\n  const a = "\u2028"; a;\n  b\n  ```\n')).steps)[0]?.fence;

  test.each([
    [0, '2:3'],
    [16, '2:19'],
    [18, '3:3'],
    [19, '3:4'],
    [99, '3:4'],
  ])('offset %i', (offset, place) => {
    const { line, column } = fence === undefined ? { line: 0, column: 0 } : placeAt(fence, offset);
    expect(`${line}:${column}`).toBe(place);
  });

  test('V8 ends a line at U+2028', () => {
    expect(fence && placeOfFrame({ fence }, 3, 4)).toEqual({ line: 2, column: 18 });
    expect(fence && placeOfFrame({ fence }, 4, 1)).toEqual({ line: 3, column: 3 });
    expect(fence && placeOfFrame({ fence }, 1, 1)).toBeNull();
    expect(fence && placeOfFrame({ fence }, 9, 1)).toBeNull();
  });
});
