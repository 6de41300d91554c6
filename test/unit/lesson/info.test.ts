/** Info strings, taken apart. */
import { expect, test } from 'vitest';
import { readInfo } from '../../../src/lesson/info.ts';

/** `word@offset`, `name=[value]@offset`, with `!` where a quotation mark is missing. */
const shown = (raw: string) => {
  const { language, items } = readInfo(raw);
  return [language, ...items.map(({ name, value, offset, unclosed }) => `${name}${value === null ? '' : `=[${value}]`}@${offset}${unclosed ? '!' : ''}`)];
};

test.each([
  ['', ['']],
  ['ts', ['ts']],
  ['  TypeScript  step\t no-run ', ['typescript', 'step@14', 'no-run@20']],
  ['ts title="A b" timeout=30s', ['ts', 'title=[A b]@3', 'timeout=[30s]@15']],
  ['ts title=\'A "b"\' step', ['ts', 'title=[A "b"]@3', 'step@17']],
  ["ts title=it's", ['ts', "title=[it's]@3"]],
  ['ts title= step', ['ts', 'title=[]@3', 'step@10']],
  ['ts title="never ends', ['ts', 'title=[never ends]@3!']],
  ['ts title="a"b', ['ts', 'title=[a]@3', 'b@12']],
  ['ts =x a==b', ['ts', '=[x]@3', 'a=[=b]@6']],
  // groups
  ['ts{1,3} step', ['ts', 'step@8']],
  ['ts {1, 3} [a b] step', ['ts', 'step@16']],
  ['ts [a [b] c]{x {y} z}step{1}', ['ts', 'step@21']],
  ['ts {1,3 step', ['ts', '{1,3@3', 'step@8']],
  ['ts st[ep', ['ts', 'st@3', '[ep@5']],
  ['ts } step ]', ['ts', '}@3', 'step@5', ']@10']],
  ['{.text} output', ['{.text}', 'output@8']],
  ['ts title="a [b" step] x', ['ts', 'title=[a [b]@3', 'step]@16', 'x@22']],
  // escapes and entities
  ['ts title="say \\"hi\\" \\\\" step', ['ts', 'title=[say "hi" \\]@3', 'step@25']],
  ['ts title="a &amp; b &quot;c&quot; &#x64;"', ['ts', 'title=[a & b "c" d]@3']],
  ['t\\s', ['t\\s']],
  ['&#116;s s&#116;ep', ['ts', 'step@8']],
  ['ts \\{1} n\\=1', ['ts', '{1}@3', 'n=1@8']],
  ['ts title=\\"a b\\"', ['ts', 'title=["a]@3', 'b"@13']],
  ['ts title="a&nbsp;b" constructor __proto__=1', ['ts', 'title=[a\u00A0b]@3', 'constructor@20', '__proto__=[1]@32']],
])('%j', (raw, expected) => {
  expect(shown(raw)).toEqual(expected);
});

test('many open brackets do not take quadratic time', () => {
  expect(readInfo(`ts ${'['.repeat(50_000)}`).items).toHaveLength(50_000);
});
