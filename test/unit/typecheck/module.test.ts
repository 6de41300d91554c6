/** Steps → the modules that TypeScript reads, and places in them → places in the page. */
import { describe, expect, test } from 'vitest';
import { anyModuleOf, moduleOf, scopesOf } from '../../../src/typecheck/module.ts';
import { placeIn } from '../../../src/typecheck/problems.ts';
import { parseDiagnostics } from '../../../src/typecheck/tsc.ts';
import { markdown } from '../lesson/pages.ts';
import { typed } from './steps.ts';

/** The first and the last line of each step's module: what it imports, and what it hands on. */
function linesOf(...codes: string[]): [string, string][] {
  const { steps } = typed(codes.map((code) => `\`\`\`ts\n${code}\n\`\`\`\n`).join('\n'), '/a.md');
  return [...scopesOf(steps)].map(([step, scope]) => {
    const lines = moduleOf(step, scope, (owner) => String(steps.indexOf(owner) + 1)).split('\n');
    return [lines[0] ?? '', lines.at(-2) ?? ''];
  });
}

describe('what a step imports and exports', () => {
  /** The codes of a page, and the two lines of the last step. */
  const rows: [string, string[], [string, string]][] = [
    ['nothing', ['1;'], ['', '; export {  };']],
    [
      'a value and a type of earlier steps',
      ['let a = 1;', 'interface B {}', 'let c: B = a;'],
      ['import { B } from "2"; import { a } from "1"; ', '; export { c };'],
    ],
    ['what is imported there', ["import { x, type Y } from 'm';", 'x as Y;'], ['import { x } from "1"; import { Y } from "1"; ', '; export {  };']],
    ['the latest of a name', ['let a = 1;', 'let a = 2;', 'a;'], ['import { a } from "2"; ', '; export {  };']],
    ['no name that it declares itself', ['let a = 1;', 'let a = 2;'], ['', '; export { a };']],
    ['only what it uses', ['let a = 1, b = 2;', 'a;'], ['import { a } from "1"; ', '; export {  };']],
    [
      'a constant as it is narrowed',
      ['const a = 1; function f() {} class C {} type T = 1;'],
      ['', ';const a$narrowed = a; export { a$narrowed as a, f, C, T };'],
    ],
    ['a unique symbol as it is', ['const a = Symbol();'], ['', '; export { a };']],
    [
      'the value of one step and the type of another',
      ['let a = 1;', 'type a = string;', 'let b: a = a;'],
      ['import { a as a$value } from "1"; import { a as a$type } from "2"; const a = a$value; type a = a$type; ', '; export { b };'],
    ],
  ];
  test.each(rows)('%s', (_, codes, lines) => expect(linesOf(...codes).at(-1)).toEqual(lines));
});

test('line n of the module is line n of the page', () => {
  const page = markdown`
    # A

    - > '''ts
      > const a = 1;
      > const b = 2;
      > '''
  `;
  const { steps } = typed(page, '/a.md');
  const [step] = steps;
  const scope = step && scopesOf(steps).get(step);
  expect(
    step &&
      scope &&
      moduleOf(step, scope, () => '')
        .split('\n')
        .slice(3, 5),
  ).toEqual(['const a = 1;', 'const b = 2;']);
});

test('code that is not checked gives all its names, whatever they are', () => {
  const [step] = typed('```ts\nconst a = (;\nclass default {}\n```\n', '/a.md').steps;
  expect(step && anyModuleOf(step)).toMatch(/declare let name0: any; type name0<.*> = any; export { name0 as a };\n/);
});

describe('places', () => {
  const page = '# A\r\n\r\n- > ```ts\r\n  > let a = "\u2028"; 😀\r\n  > let b;\r\n  > ```\r\n';
  const rows: [string, [number, number], [number, number] | null][] = [
    ['the first character', [4, 1], [4, 5]],
    ['behind a line separator, where TypeScript begins a line', [5, 4], [4, 18]],
    ['the line behind', [6, 5], [5, 9]],
    ['the imports', [1, 1], null],
    ['the lines of padding', [3, 1], null],
    ['the exports', [7, 1], null],
  ];
  test.each(rows)('%s', (_, [line, column], place) => {
    const [step] = typed(page, '/a.md').steps;
    expect(step && placeIn(step, { line, column })).toEqual(place && { line: place[0], column: place[1] });
  });
});

test('what tsc prints is read, whatever the file is called', () => {
  const output = `0/a (1,2) b.ts(3,4): error TS2322: Type 'a' is not
  assignable (1,2): error TS1: no.
../x.ts(1,1): error TS1005: ';' expected.
error TS5023: Unknown compiler option.
`;
  expect(parseDiagnostics(output, '/t')).toEqual([
    { path: '/t/0/a (1,2) b.ts', line: 3, column: 4, code: 2322, message: "Type 'a' is not\n  assignable (1,2): error TS1: no." },
    { path: '/x.ts', line: 1, column: 1, code: 1005, message: "';' expected." },
  ]);
});
