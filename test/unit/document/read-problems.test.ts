/** What is wrong with a document, where, and what was expected there. */
import { describe, expect, it } from 'vitest';
import { readStateDocument } from '../../../src/document/read.ts';
import type { Problem } from '../../../src/types.ts';
import { fenceOf } from './fence.ts';

const problemsOf = (text: string, kind: 'state' | 'change' = 'state'): Problem[] => readStateDocument(kind, fenceOf(text), 'lesson.md').problems;

/** `LINE:COLUMN message` with the lines counted in the text. */
const briefly = ({ line, column, message }: Problem): string => `${(line ?? 0) - 10}:${column} ${message}`;

/** The problems of what stands under `B:`; line and column count in it. */
function inBucket(text: string, kind: 'state' | 'change' = 'state'): string[] {
  const problems = problemsOf(`buckets:\n  B:\n${text.replace(/^/gm, '    ')}\n`, kind);
  return problems.map((problem) => briefly({ ...problem, line: (problem.line ?? 0) - 2, column: (problem.column ?? 0) - 4 }));
}

const inKeys = (text: string, kind: 'state' | 'change' = 'state'): string[] => inBucket(`keys:\n${text.replace(/^/gm, '  ')}`, kind);

const FORMS = 'expected text, or a mapping with one of `value`, `json`, `base64`, `size`, `deleted: true` and `purged: true`.';

describe('the document', () => {
  it.each([
    ['', '0:1 The `state` is empty; expected `buckets` or `streams`.'],
    ['# nothing\n', '1:1 The `state` is empty; expected `buckets` or `streams`.'],
    ['null', '1:1 The `state` is empty; expected `buckets` or `streams`.'],
    ['- a', '1:1 The `state` is no mapping; expected `buckets` or `streams`.'],
    ['text', '1:1 The `state` is no mapping; expected `buckets` or `streams`.'],
    ['buckets: {}\nbukets: {}', '2:1 `bukets` is not known here; expected `buckets` or `streams`.'],
    ['Bucket1: {}', '1:1 `Bucket1` is not known here; expected `buckets` or `streams`.'],
    ['buckets:', '1:1 `buckets` is empty; expected a mapping of buckets.'],
    ['buckets: [A]', '1:10 `buckets` is a list; expected a mapping of buckets.'],
    ['buckets: { A: }', '1:12 `A` is empty; expected a mapping of its settings and `keys`.'],
    ['buckets: { A: ~ }', '1:12 `A` is empty; expected a mapping of its settings and `keys`.'],
    ['buckets: { A: hello }', '1:15 `A` is `hello`; expected a mapping of its settings and `keys`.'],
    ['buckets: { a b: {} }', '1:12 `a b` is no name for a bucket; expected letters, digits, `-` and `_`.'],
    ['buckets: { ? [a] : {} }', '1:14 A name here is a list or a mapping; expected text.'],
    ['streams:', '1:1 `streams` is empty; expected a list of names of streams, as in `[ORDERS]`.'],
    ['streams: ORDERS', '1:10 `streams` is `ORDERS`; expected a list of names of streams, as in `[ORDERS]`.'],
    ['streams: [A, A]', '1:14 `A` is given twice.'],
    ['streams: [A, a.b]', '1:14 `a.b` is no name for a stream; expected no blanks and none of `. * > / \\`.'],
    ['streams: [A, ~]', '1:14 `streams[1]` is empty; expected the name of a stream.'],
    ['streams: [[A]]', '1:11 `streams[0]` is a list; expected the name of a stream.'],
    ['buckets: {}\n---\nstreams: []', '2:1 A second document begins here; expected one in a fence.'],
    ['%YAML 1.1\n---\nbuckets: {}', '1:1 A state document has no directives; expected what is meant, written out or, where it is text, in quotes.'],
    ['buckets: &a {}', '1:10 A state document has no anchors; expected what is meant, written out or, where it is text, in quotes.'],
    ['buckets: *a', '1:10 A state document has no aliases; expected what is meant, written out or, where it is text, in quotes.'],
    ['buckets: !!map {}', '1:10 A state document has no tags; expected what is meant, written out or, where it is text, in quotes.'],
    ['buckets: {}\n<<: {}', '2:1 A state document has no merges (`<<`); write out what is meant.'],
    ['buckets:\n  A: {}\n  B: {}\n  A: {}', '4:3 `A` is given twice.'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text).map(briefly)).toEqual([problem]);
  });

  it.each([
    ['buckets:\n  A: [1\n', '3:1', 'must be sufficiently indented and end with a ]'],
    ['buckets:\n\tA: {}\n', '2:1', 'Tabs are not allowed as indentation'],
    ['buckets: a: b\n', '1:10', 'Nested mappings are not allowed in compact mappings'],
    ['buckets:\n  A: {}\n B: {}\n', '3:1', 'All mapping items must start at the same column'],
    ['buckets:\n  A: {}\n  B\n  C: {}\n', '3:3', 'Implicit map keys need to be followed by map values'],
    ['buckets: {}}\n', '1:12', 'Unexpected flow-map-end token'],
    ['buckets: "a', '2:1', 'Missing closing "quote'],
    ['a: "\\q"\n', '1:5', 'Invalid escape sequence'],
  ])('YAML that is not valid is one problem, where the parser stops: %j', (text, place, why) => {
    const [problem, ...others] = problemsOf(text).map(briefly);
    expect(problem?.startsWith(`${place} The document is not valid YAML: `)).toBe(true);
    expect(problem).toContain(why);
    expect(others).toEqual([]);
  });

  it('a change that is empty is told apart', () => {
    expect(problemsOf('', 'change')).toMatchObject([
      { message: 'The `change` is empty; expected `buckets` or `streams`.', advice: 'Leave the fence out where nothing changes.' },
    ]);
    expect(problemsOf('{}', 'change')).toEqual([]);
  });
});

describe('a setting', () => {
  it.each([
    ['history: 0', '1:10 `history` is `0`; expected a whole number above zero, or -1 for no limit.'],
    ['history: 1.5', '1:10 `history` is `1.5`; expected a whole number above zero, or -1 for no limit.'],
    ['history: "5"', '1:10 `history` is `5`; expected a whole number above zero, or -1 for no limit.'],
    ['ttl: 3600', '1:6 `ttl` is `3600`; expected a duration above zero with its unit, as in `1h30m` or `500ms`.'],
    ['ttl: 0s', '1:6 `ttl` is `0s`; expected a duration above zero with its unit, as in `1h30m` or `500ms`.'],
    ['markerTtl: [1s]', '1:12 `markerTtl` is a list; expected a duration above zero with its unit, as in `1h30m` or `500ms`.'],
    ['storage: disk', '1:10 `storage` is `disk`; expected `file` or `memory`.'],
    ['replicas: -1', '1:11 `replicas` is `-1`; expected a whole number above zero.'],
    ['compression: yes', '1:14 `compression` is `yes`; expected `true` or `false`.'],
    ['compression: "true"', '1:14 `compression` is `true`; expected `true` or `false`.'],
    ['maxBytes: 0', '1:11 `maxBytes` is `0`; expected a size above zero, as in `1MB` or a number of bytes, or -1 for no limit.'],
    ['maxValueSize: big', '1:15 `maxValueSize` is `big`; expected a size above zero, as in `1MB` or a number of bytes, or -1 for no limit.'],
    ['description: {}', '1:14 `description` is an empty mapping; expected text.'],
    ['description:', '1:1 `description` is empty; expected text.'],
    ['description: ~', '1:1 `description` is empty; expected text.'],
    ['mirror: a b', '1:9 `a b` is no name for a bucket; expected letters, digits, `-` and `_`.'],
    ['mirror: [A]', '1:9 `mirror` is a list; expected the name of a bucket.'],
    ['sources: A', '1:10 `sources` is `A`; expected a list of names of buckets, as in `[A, B]`.'],
    ['sources: [A, A]', '1:14 `A` is given twice.'],
    ['sources: [A, [B]]', '1:14 `sources[1]` is a list; expected text.'],
    ['sources: [a b]', '1:11 `a b` is no name for a bucket; expected letters, digits, `-` and `_`.'],
    ['metadata: x', '1:11 `metadata` is `x`; expected a mapping of names to texts.'],
    ['metadata: { a: [] }', '1:16 `a` is an empty list; expected text.'],
    ['metadata: { a: ~ }', '1:13 `a` is empty; expected text.'],
    ['metadata: { a: 1, a: 2 }', '1:19 `a` is given twice.'],
    ['metadata: { _nats.level: 1 }', "1:13 `_nats.level` is the server's own and not compared; leave it out."],
    ['republish: { src: ">" }', '1:1 `republish` has no `dest`; expected a mapping of `src`, `dest` and, if so, `headersOnly: true`.'],
    ['republish: { src: a, dest: b, headersOnly: 1 }', '1:44 `headersOnly` is `1`; expected `true` or `false`.'],
    ['republish: { src: a, dest: [], x: 1 }', '1:28 `dest` is an empty list; expected a subject.'],
    ['placement: { tags: a }', '1:20 `tags` is `a`; expected a list of texts.'],
    ['placement: { tag: [a] }', '1:14 `tag` is not known in `placement`; expected `cluster` or `tags`.'],
  ])('%s', (text, problem) => {
    expect(inBucket(text)[0]).toBe(problem);
  });

  it.each([
    ['histry: 5', 'Did you mean `history`?'],
    ['kyes: {}', 'Did you mean `keys`?'],
    ['locker.7: socks', 'The keys of a bucket stand under its `keys:`.'],
    ['storage: memry', 'Did you mean `memory`?'],
    ['ttl: 60', 'Give the unit: `60s` for seconds, `60ms` for milliseconds.'],
    ['placement: { tag: [a] }', 'Did you mean `tags`?'],
  ])('%s gives advice: %s', (text, advice) => {
    expect(problemsOf(`buckets:\n  B:\n    ${text}\n`).map((problem) => problem.advice)).toEqual([advice]);
  });

  it('an unknown one names all that is known', () => {
    expect(inBucket('x: 1')).toEqual([
      '1:1 `x` is not known in a bucket; expected `description`, `history`, `ttl`, `markerTtl`, `storage`, `replicas`, `compression`, `maxBytes`, `maxValueSize`, `mirror`, `sources`, `metadata`, `republish`, `placement` or `keys`.',
    ]);
  });
});

describe('a key', () => {
  it.each([
    ['a:', '2:3 `a` is empty; expected what is in it.'],
    ['a: ~', '2:3 `a` is empty; expected what is in it.'],
    ['a: null', '2:3 `a` is empty; expected what is in it.'],
    ['a: [x]', `2:6 \`a\` is a list; ${FORMS}`],
    ['a: {}', `2:3 \`a\` does not say what is in it; ${FORMS}`],
    ['a: { revision: 3 }', `2:3 \`a\` does not say what is in it; ${FORMS}`],
    ['a: { value: x, base64: eA== }', '2:18 `base64` stands beside `value`; expected one of them.'],
    ['a: { deleted: true, purged: true }', '2:23 `purged` stands beside `deleted`; expected one of them.'],
    ['a: { deleted: false }', '2:17 `deleted` is `false`; expected `true`.'],
    ['a: { purged: yes }', '2:16 `purged` is `yes`; expected `true`.'],
    ['a: { value: }', '2:8 `value` is empty; expected text.'],
    ['a: { value: { b: 1 } }', '2:15 `value` is a mapping; expected text.'],
    ['a: { base64: eA }', '2:16 `base64` is `eA`; expected base64, as in `aGVsbG8=`.'],
    ['a: { base64: "_w==" }', '2:16 `base64` is `_w==`; expected base64, as in `aGVsbG8=`.'],
    ['a: { base64: ~ }', '2:8 `base64` is empty; expected base64, as in `aGVsbG8=`.'],
    ['a: { size: big }', '2:14 `size` is `big`; expected a size, as in `1MB` or a number of bytes.'],
    ['a: { size: -1 }', '2:14 `size` is `-1`; expected a size, as in `1MB` or a number of bytes.'],
    ['a: { json: .nan }', '2:14 `.nan` is no JSON; expected a number, or quotes around it for the text.'],
    ['a: { json: { b: 1, b: 2 } }', '2:22 `b` is given twice.'],
    ['a: { json: { <<: 1 } }', '2:16 A state document has no merges (`<<`); write out what is meant.'],
    ['a: { value: x, revision: 0 }', '2:28 `revision` is `0`; expected a whole number above zero.'],
    ['a: { value: x, revision: ~ }', '2:18 `revision` is empty; expected a whole number above zero.'],
    ['a: { valeu: x }', '2:8 `valeu` is not known in an entry; expected `value`, `json`, `base64`, `size`, `deleted`, `purged`, `revision` or `history`.'],
    ['a: { count: 3 }', `2:8 \`count\` does not belong to a key; ${FORMS}`],
    ['a: { history: [] }', '2:17 `history` is an empty list; expected a list of all that is kept, oldest first, at least one.'],
    ['a: { history: x }', '2:17 `history` is `x`; expected a list of all that is kept, oldest first, at least one.'],
    ['a: { history: [~] }', `2:18 \`history[0]\` is empty; ${FORMS}`],
    ['a: { history: [{ revision: 3 }] }', `2:18 \`history[0]\` does not say what is in it; ${FORMS}`],
    [
      'a: { history: [{ value: x, history: [y] }] }',
      '2:30 `history` is not known in an entry; expected `value`, `json`, `base64`, `size`, `deleted`, `purged` or `revision`.',
    ],
    ['.a: x', '2:3 `.a` is no key; expected no dot at its beginning or end, and no two dots in a row.'],
    ['a b: x', '2:3 `a b` is no key; expected letters, digits, `-`, `_`, `/`, `=` and `.`.'],
    ['a*: { count: 1 }', '2:3 `a*` is no wildcard; expected `*` and `>` as whole tokens, as in `crowd.>`.'],
    ['a.*: x', '2:8 `a.*` is `x`; expected a count of the keys under the wildcard, as in `{ count: 1000 }`.'],
    ['a.*: {}', '2:8 `a.*` is an empty mapping; expected a count of the keys under the wildcard, as in `{ count: 1000 }`.'],
    ['a.*: { count: -1 }', '2:17 `count` is `-1`; expected a whole number.'],
    ['a.*: { cuont: 1 }', '2:10 `cuont` is not known under a wildcard; expected `count`.'],
    ['a.*: { count: 1, value: x }', '2:20 `value` is not known under a wildcard; expected `count`.'],
    ['a: <numbr>', '2:6 `<numbr>` is no matcher, but nearly one.'],
    ['a: { json: [ok, "x <y:numbr>"] }', '2:22 `numbr` is no type of matcher; expected one of any, number, date, duration, size, id.'],
    ['a: |\n  first <any>\n  second \\<numbr> <numbr>', '4:21 `<numbr>` is no matcher, but nearly one.'],
    ['a: "tab\\t \\\\<numbr> <numbr>"', '2:23 `<numbr>` is no matcher, but nearly one.'],
  ])('%j', (text, problem) => {
    expect(inKeys(text)).toEqual([problem]);
  });

  it('given twice by source text, at the second', () => {
    expect(inKeys('1.0: a\n1.00: b\n"1.0": c')).toEqual(['4:3 `1.0` is given twice.']);
  });

  it.each(['a: { value: ~ }', 'a: { revision: ~, value: x }', 'a: { history: ~ }', 'a.*: { count: ~ }', 'a: { deleted: ~ }'])(
    'in a change null does not stand inside an entry: %s',
    (text) => {
      expect(inKeys(text, 'change')).toHaveLength(1);
    },
  );
});

it('after a problem the rest is read, and all are told in the order of the page', () => {
  const text = `buckets:
  A:
    histry: 3
    keys:
      a: &x 1
      b: { size: -1 }
      a: 2
  B:
    ttl: 5
    keys: { c: }
strems: []
`;
  expect(problemsOf(text).map(briefly)).toEqual([
    expect.stringMatching(/^3:5 `histry`/),
    expect.stringMatching(/^5:10 .*anchors/),
    expect.stringMatching(/^6:18 `size`/),
    expect.stringMatching(/^7:7 `a` is given twice/),
    expect.stringMatching(/^9:10 `ttl`/),
    expect.stringMatching(/^10:13 `c` is empty/),
    expect.stringMatching(/^11:1 `strems`/),
  ]);
  expect(problemsOf(text)).toMatchObject(Array.from({ length: 7 }, () => ({ code: 'state', file: 'lesson.md' })));
});
