/** Whatever the page, the parser does not throw and every place it names lies inside the file. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksOf } from '../../../src/lesson/blocks.ts';
import { decodePage, Page } from '../../../src/lesson/page.ts';
import { parseLesson } from '../../../src/lesson/parse.ts';
import type { Fence, Place, Span } from '../../../src/types.ts';

const PIECES = [
  ...['```', '~~~~', '````', '```ts', '~~~ console', '```text output', '```yaml state', '```yaml change within=5s', '```text error', '```js exercise'],
  ...[
    '```ts solution title="a &quot;b\\""',
    '```ts{1, 2} [x] no-run',
    '```ts {',
    '```ts fault=',
    '```console step answers="a,b"',
    '```yaml stat',
    '```ts step step=1',
  ],
  ...['---', '...', 'title: x', 'timeuot: 5', 'steps: marked', 'config: [', '- x: *a', 'timeout: "', 'private: true'],
  ...['<details>', '</details>', '<!--', '-->', '<pre>', '<div', '# Title', 'Title', '===', '#', '[a]: /b "', '`x`', '**b**', '![a](b)', '&amp;', '\\'],
  ...['> ', '>', '- ', '1. ', '* ', '    ', '   ', ' ', '\t', '  - > '],
  ...['$ nats kv ls', '> more', '[1]', 'buckets:', '  A: { keys: { a: 1 } }', 'a: b: c', '<numbr>', '<x:number>', '...'],
  ...['\n', '\n', '\n', '\n\n', '\r\n', '\r', '\0', '\uFEFF', '\u2028', '🔑', '\uD800', 'constructor', '__proto__: 1'],
];

const FENCES = [
  '```ts step\nconsole.log(1);\n```',
  '~~~~js title="a" timeout=5s\n\tawait 1;\n\n  x\n~~~~',
  '```ts exercise node\n```',
  '```typescript solution\n// a\n```',
  '```ts no-run\na\n```',
  '```text output\n<number> \\<\n...\n<numbr>\n```',
  '```text error\nError: x\n```',
  '```yaml state within=5s\nbuckets:\n  A: { keys: { a: 1, "b.>": { count: 2 } } }\n\tB:\n```',
  '```yaml change\nbuckets: { A: null, B: { keys: { a: <x:number> } } }\n```',
  '```console answers="y"\n$ nats kv ls\n> more\n\nx <nmber>\n[1]\n```',
  '# Title',
  '<details>\n',
  '</details>\n',
  '- item',
  '',
];

/** Fences in containers: a prefix for the first line of each, one for the others, and one line ending for all. */
const lesson = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...FENCES), fc.constantFrom('|', '|', '|', '> |> ', '- |  ', '1.\t|\t', '>\t|>\t', '   | ', '- > |  >', '-\t|\t  ')), {
      maxLength: 10,
    }),
    fc.constantFrom('\n', '\n', '\r\n', '\r'),
  )
  .map(([blocks, ending]) => {
    const prefixed = blocks.map(([block, prefixes]) => {
      const [first = '', rest = ''] = prefixes.split('|');
      return first + block.replaceAll('\n', `\n${rest}`);
    });
    return prefixed.join('\n\n').replaceAll('\n', ending);
  });

const page = fc.oneof(
  { arbitrary: lesson, weight: 4 },
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join('')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join('\n')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => `---\n${pieces.join('\n')}\n---\n`),
  fc.array(fc.tuple(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 15 }).map((pieces) => pieces.flat().join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 60 }),
);

const runs = { numRuns: 1000 };

test('all spans and places of a lesson lie inside the file', () => {
  fc.assert(
    fc.property(page, (text) => {
      const { lines, lastLine } = new Page(text);
      const isPlace = ({ line, column }: Place) => {
        const at = lines[line - 1];
        expect(at && column >= 1 && column <= at.end - at.start + 1, `${line}:${column}`).toBe(true);
      };
      const isSpan = ({ start, end }: Span) => expect(0 <= start && start <= end && end <= text.length, `${start}–${end}`).toBe(true);

      const { lesson, problems } = parseLesson(text, 'a.md');
      for (const { line, column } of problems) isPlace({ line: line ?? 0, column: column ?? 0 });
      for (const place of lesson.settingPlaces.values()) isPlace(place);
      if (lesson.frontMatter) isSpan(lesson.frontMatter);
      let before = 0;
      for (const step of lesson.steps) {
        expect(step.line).toBeGreaterThan(before);
        expect(step.lastLine).toBeGreaterThanOrEqual(step.line);
        before = step.lastLine;
        const { output, error, state, consoles } = step.expectation;
        for (const part of [step.code, step.starter, output, error, state, ...consoles]) if (part) isFenceOf(text, part.fence);
        for (const place of state?.places.values() ?? []) isPlace(place);
        for (const command of consoles.flatMap(({ commands }) => commands)) {
          for (const place of [command.place, command.exitPlace, ...command.output.map((line) => line.place)]) if (place) isPlace(place);
        }
      }
      expect(before).toBeLessThanOrEqual(lastLine);
    }),
    runs,
  );
});

test('every fence, prose too, is where it says', () => {
  fc.assert(
    fc.property(page, (text) => {
      for (const block of blocksOf(new Page(text), 0)) if (block.type === 'fence') isFenceOf(text, block.fence);
    }),
    runs,
  );
});

/** The fence begins with its marks, ends at the end of a line, and each of its lines stands at its origin. */
function isFenceOf(text: string, fence: Fence): void {
  const page = new Page(text);
  const { span, info, line, column, lastLine, lines } = fence;
  expect(page.placeAt(span.start)).toEqual({ line, column });
  expect(text.slice(span.start, span.start + 3)).toMatch(/^(```|~~~)$/);
  expect(page.lines[lastLine - 1]?.end).toBe(span.end);
  expect(span.start < info.start && info.start <= info.end && info.end <= (page.lines[line - 1]?.end ?? 0)).toBe(true);

  const content = fence.text.split('\n').slice(0, -1);
  expect(content.length).toBe(lines.length);
  expect(lastLine - line - lines.length === 0 || lastLine - line - lines.length === 1).toBe(true);
  for (const [index, origin] of lines.entries()) {
    expect(origin.line).toBe(line + 1 + index);
    expect(page.placeAt(origin.offset)).toEqual({ line: origin.line, column: origin.column });
    const written = text.slice(origin.offset, page.lines[origin.line - 1]?.end).replaceAll('\0', '\uFFFD');
    // A tab that the prefix ends within leaves blanks that the page does not have.
    const blanks = text[origin.offset - 1] === '\t' ? /^ {0,3}/ : /^/;
    expect(content[index]?.endsWith(written)).toBe(true);
    expect(content[index]?.slice(0, (content[index]?.length ?? 0) - written.length).replace(blanks, '')).toBe('');
  }
}

test('bytes decode, or the first bad one has a place', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 10 }), (bytes, text) => {
      const mixed = Uint8Array.from([...new TextEncoder().encode(text), ...bytes]);
      const decoded = decodePage(mixed, 'a.md');
      if ('text' in decoded) expect([...new TextEncoder().encode(decoded.text)]).toEqual([...mixed]);
      else expect([decoded.problem.line, decoded.problem.column].every((count) => count !== null && count >= 1)).toBe(true);
    }),
    runs,
  );
});
