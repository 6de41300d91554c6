/** Whatever stands in a fence, reading it ends, throws nothing, and names places inside the page. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readStateDocument } from '../../../src/document/read.ts';
import type { Fence } from '../../../src/types.ts';
import { fenceOf } from './fence.ts';

const VALID = `buckets:
  Bucket1: {}
  Team:
    history: 5
    ttl: 1h
    sources: [A, B]
    republish: { src: ">", dest: x.> }
    keys:
      locker.7: sweaty <any> socks
      locker.9: { deleted: true }
      locker.12:
        value: |
          half-eaten
        revision: 4
        history:
          - { value: "foot", revision: 3 }
          - { json: { a: [1, null] }, revision: 4 }
      "crowd.>": { count: 1000 }
streams: [ORDERS]
`;

function expectPlacesInside(fence: Fence): void {
  for (const kind of ['state', 'change'] as const) {
    const { places, problems } = readStateDocument(kind, fence, 'lesson.md');
    for (const { line, column } of [...problems, ...places.values()]) {
      const text = fence.text.split('\n')[(line ?? 0) - 11];
      expect(line).toBeGreaterThanOrEqual(fence.line);
      expect(line).toBeLessThanOrEqual(fence.lastLine);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(column).toBeLessThanOrEqual(Math.max(text?.length ?? 0, fence.column) + fence.column);
    }
  }
}

const snippet = fc.constantFrom(
  '&a ',
  '*a',
  '!!str ',
  '<<: ',
  '- ',
  ': ',
  '? ',
  '|\n',
  '>-\n',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '\t',
  '\n',
  '---\n',
  '...\n',
  '%',
  '#',
  '~',
  '\0',
  '\u2028',
  '\r',
  'ä𝄞',
  '<x:y>',
  '\ufeff',
);

it('random text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(snippet, fc.string({ maxLength: 5 }), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 }),
      fc.nat({ max: 4 }),
      (parts, indent) => {
        expectPlacesInside(fenceOf(parts.join(''), indent));
      },
    ),
    { numRuns: 500 },
  );
});

it('a valid document, cut, mended and stirred', () => {
  const edit = fc.record({
    at: fc.nat({ max: VALID.length }),
    length: fc.nat({ max: 6 }),
    put: fc.oneof(fc.constant(''), snippet, fc.string({ maxLength: 4 })),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      expectPlacesInside(fenceOf(edits.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), VALID)));
    }),
    { numRuns: 500 },
  );
  expect(readStateDocument('state', fenceOf(VALID), 'lesson.md').problems).toEqual([]);
});

it.each([
  ['brackets', '['.repeat(20_000)],
  ['braces', '{a: '.repeat(20_000)],
  ['dashes', `${'- '.repeat(20_000)}\nb`],
  ['mappings in a line', 'a: '.repeat(20_000)],
  ['questions', '? : '.repeat(20_000)],
  ['indentation', `${Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')}\nb: 1\n`],
])('nested without end: %s', (_, text) => {
  expect(readStateDocument('state', fenceOf(text), 'lesson.md').problems).toMatchObject([
    { message: 'The document is nested too deep; expected 200 levels at most.' },
  ]);
});

it('a document of ten thousand keys', () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => `      k${index}: v${index}`);
  const { patch, problems, places } = readStateDocument('state', fenceOf(`buckets:\n  B:\n    keys:\n${keys.join('\n')}\n`), 'lesson.md');
  expect(problems).toEqual([]);
  expect(patch.buckets?.get('B')?.keys?.size).toBe(10_000);
  expect(places.get('/buckets/B/keys/k9999')).toEqual({ line: 10_013, column: 7 });
});
