/** Fences in every dress that CommonMark has for them: what they hold, and where. */
import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../../src/lesson/blocks.ts';
import { Page } from '../../../src/lesson/page.ts';
import { parseLesson } from '../../../src/lesson/parse.ts';
import { markdown } from './pages.ts';

/** Each fence of a page: its extent, its text, and where each line of it begins. */
function fences(text: string) {
  return blocksOf(new Page(text), 0).flatMap((block) => {
    if (block.type !== 'fence') return [];
    const { line, column, lastLine, text, lines } = block.fence;
    return [[`${line}:${column}–${lastLine}`, block.raw, text, lines.map((origin) => `${origin.line}:${origin.column}`).join(' ')]];
  });
}

describe('fences', () => {
  test.each([
    ['plain', '```ts step\na\nb\n```\n', ['1:1–4', 'ts step', 'a\nb\n', '2:1 3:1']],
    ['tildes, with backticks inside', '~~~ts\n```\n~~~', ['1:1–3', 'ts', '```\n', '2:1']],
    ['longer than what is inside', '`````ts\n```\n````\n`````', ['1:1–4', 'ts', '```\n````\n', '2:1 3:1']],
    ['closed by a longer one with blanks after', '```ts\na\n`````  \nb', ['1:1–3', 'ts', 'a\n', '2:1']],
    ['indented by three', '   ```ts\n   a\n     b\n c\n  ```', ['1:4–5', 'ts', 'a\n  b\nc\n', '2:4 3:4 4:2']],
    ['empty', '```ts\n```', ['1:1–2', 'ts', '', '']],
    ['unclosed', '```ts\na\n\nb', ['1:1–4', 'ts', 'a\n\nb\n', '2:1 3:1 4:1']],
    ['unclosed and empty', 'x\n\n```ts', ['3:1–3', 'ts', '', '']],
    ['unclosed, ended by blanks', '```ts\na\n  ', ['1:1–3', 'ts', 'a\n  \n', '2:1 3:1']],
    ['in a list', '1.  Do:\n\n    ```ts\n    a\n      b\n\n    ```\n', ['3:5–7', 'ts', 'a\n  b\n\n', '4:5 5:5 6:1']],
    ['right behind a list mark', '- ```ts\n  a\n  ```', ['1:3–3', 'ts', 'a\n', '2:3']],
    ['unclosed in a list', '- ```ts\n  a\n\nb', ['1:3–3', 'ts', 'a\n\n', '2:3 3:1']],
    ['in a quote', '> ```ts\n> a\n>b\n>\n> ```', ['1:3–5', 'ts', 'a\nb\n\n', '2:3 3:2 4:2']],
    ['unclosed in a quote', '> ```ts\n> a\nb', ['1:3–2', 'ts', 'a\n', '2:3']],
    ['in a quote in a list', '* > ```ts\n  > a\n  > ```\n', ['1:5–3', 'ts', 'a\n', '2:5']],
    ['in a list in a quote', '> 1. ```ts\n>    a\n>    ```\n', ['1:6–3', 'ts', 'a\n', '2:6']],
    ['in details', '<details>\n<summary>Hint</summary>\n\n```ts\na\n```\n\n</details>', ['4:1–6', 'ts', 'a\n', '5:1']],
    ['after a paragraph', 'x\n```ts\na\n```', ['2:1–4', 'ts', 'a\n', '3:1']],
    ['tabs in the code', '```ts\n\ta\n \tb\n```', ['1:1–4', 'ts', '\ta\n \tb\n', '2:1 3:1']],
    ['tabs as the prefix', '-\t```ts\n\ta\n\t\tb\n\t```', ['1:3–4', 'ts', 'a\n\tb\n', '2:2 3:2']],
    ['a tab that the prefix splits', '- ```ts\n\ta\n  ```', ['1:3–3', 'ts', '  a\n', '2:2']],
    ['a tab that a quote splits', '>\t```ts\n>\ta\n> ```', ['1:3–3', 'ts', 'a\n', '2:3']],
    ['CRLF', '```ts\r\na\r\n\r\nb\r\n```\r\n', ['1:1–5', 'ts', 'a\n\nb\n', '2:1 3:1 4:1']],
    ['CR', '```ts\ra\rb\r```\r', ['1:1–4', 'ts', 'a\nb\n', '2:1 3:1']],
    ['all line endings', '> ```ts\r> a\r\n> b\n> ```', ['1:3–4', 'ts', 'a\nb\n', '2:3 3:3']],
    ['a BOM before it', '\uFEFF```ts\na\n```', ['1:2–3', 'ts', 'a\n', '2:1']],
    ['a BOM inside', '```ts\n\uFEFFa\n```', ['1:1–3', 'ts', '\uFEFFa\n', '2:1']],
    ['NUL', '```ts\na\0b\n```', ['1:1–3', 'ts', 'a\uFFFDb\n', '2:1']],
    ['other characters that end lines elsewhere', '```ts\na\u2028b\vc\fd\x85e\n```', ['1:1–3', 'ts', 'a\u2028b\vc\fd\x85e\n', '2:1']],
    ['characters of two units', '- 🔑\n  ```ts\n  "🔑"\n  ```', ['2:3–4', 'ts', '"🔑"\n', '3:3']],
    ['blanks around the info string', '```   ts  step \t\na\n```', ['1:1–3', 'ts  step', 'a\n', '2:1']],
  ])('%s', (_, page, fence) => {
    expect(fences(page)).toEqual([fence]);
  });

  test.each([
    ['indented by four', '    ```ts\n    a\n    ```'],
    ['two backticks', '``ts\na\n``'],
    ['a backtick in the info string', '```ts `x`\n'],
    ['an HTML comment', '<!--\n\n```ts\na\n```\n\n-->'],
    ['an HTML comment on one line with text', '<!-- ```ts -->'],
  ])('none: %s', (_, page) => {
    expect(fences(page)).toEqual([]);
  });

  test('info and span are those of the page', () => {
    const text = '\uFEFFx\r\n\r\n>  ~~~~  ts  title="a" \t\r\n>  a\r\n>  ~~~~ \r\ny';
    const [fence] = blocksOf(new Page(text), 0).flatMap((block) => (block.type === 'fence' ? [block.fence] : []));
    expect(fence && text.slice(fence.info.start, fence.info.end)).toBe('ts  title="a"');
    expect(fence && text.slice(fence.span.start, fence.span.end)).toBe('~~~~  ts  title="a" \t\r\n>  a\r\n>  ~~~~ ');
    expect(fence?.lines).toEqual([{ line: 4, column: 4, offset: text.indexOf('a\r\n>  ~~~~') }]);
  });

  test('deep nesting neither loses a fence nor exhausts the stack', () => {
    expect(fences(`${'> '.repeat(40)}\`\`\`ts\n`)).toHaveLength(1);
    expect(() => fences(`${'>'.repeat(100_000)}\`\`\`ts\n`)).not.toThrow();
  });
});

describe('fences that HTML swallows', () => {
  const problems = (text: string) => parseLesson(text, 'a.md').problems.map(({ line, column, message, advice }) => `${line}:${column} ${message}. ${advice}`);

  test.each([
    ['after <details>', '<details>\n```ts\n1\n```\n</details>\n', '2:1', 'Put a blank line before it.'],
    ['after a summary, indented', '<details>\n<summary>x</summary>\n  ~~~ JS title="x"\n1\n~~~\n', '3:3', 'Put a blank line before it.'],
    ['after a tag of any name', '<Tabs>\n```yaml state\n```\n', '2:1', 'Put a blank line before it.'],
    ['in a list', '- <div>\n  ```text output\n  ```\n', '2:3', 'Put a blank line before it.'],
    ['in a quote', '> <div>\n> ```console\n> ```\n', '2:3', 'Put a blank line before it.'],
    ['after a comment in the block', '<div>\n<!-- a\n```ts\n--> b\n```ts\n```\n', '5:1', 'Put a blank line before it.'],
    ['in <pre>', '<pre>\n\n```ts\n```\n\n</pre>\n', '3:1', 'Move it out of the HTML.'],
  ])('%s', (_, page, place, advice) => {
    expect(problems(page)).toEqual([`${place} this fence is swallowed by the HTML block that begins above it. ${advice}`]);
  });

  test.each([
    ['a comment', '<!--\n```ts\n1\n```\n\n```yaml state\n```\n-->\n'],
    ['a comment in the block', '<div><!-- a\n```ts\n```\n--></div>\n'],
    ['prose', '<div>\n```sh\nls\n```\n```ts no-run\n```\n'],
    ['a fence inside prose', '<div>\n````md\n```ts\n```\n````\n'],
    ['four blanks', '<div>\n    ```ts\n'],
    ['a closing line', '<div>\n```\n```\n'],
  ])('not: %s', (_, page) => {
    expect(problems(page)).toEqual([]);
  });

  test('only what would be ours under `steps: marked`', () => {
    const page = markdown`
      ---
      steps: marked
      ---
      <details>
      '''ts
      '''
      '''ts step
      '''
      '''text output
      '''
    `;
    expect(problems(page).map((problem) => problem.split(' ')[0])).toEqual(['7:1', '9:1']);
  });
});
