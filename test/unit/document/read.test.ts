import { describe, expect, it } from 'vitest';
import { readStateDocument, type StateDocument } from '../../../src/document/read.ts';
import type { ExpectedEntry, Json } from '../../../src/types.ts';
import { fenceOf } from './fence.ts';

function read(text: string, kind: 'state' | 'change' = 'state', indent = 0): StateDocument {
  const document = readStateDocument(kind, fenceOf(text, indent), 'lesson.md');
  expect(document.problems).toEqual([]);
  return document;
}

function entryOf(written: string): ExpectedEntry | { count: number } | null | undefined {
  const lines = written.includes('\n') ? written.replaceAll('\n', '\n        ') : written;
  return read(`buckets:\n  B:\n    keys:\n      k: ${lines}\n`).patch.buckets?.get('B')?.keys?.get('k');
}

function settingOf(written: string, kind: 'state' | 'change' = 'state'): Json | undefined {
  return [...(read(`buckets:\n  B:\n    ${written}\n`, kind).patch.buckets?.get('B')?.settings.values() ?? [])][0];
}

const put = (text: string): ExpectedEntry => ({ operation: 'PUT', value: { text }, revision: null, history: null });

describe('an entry', () => {
  it.each<[string, ExpectedEntry]>([
    ['sweaty gym socks', put('sweaty gym socks')],
    ['42', put('42')],
    ['1.0', put('1.0')],
    ['0x1F', put('0x1F')],
    ['true', put('true')],
    ['2026-11-23', put('2026-11-23')],
    ['"null"', put('null')],
    ['""', put('')],
    ["'it''s'", put("it's")],
    ['"a\\nb"', put('a\nb')],
    ['two\nlines', put('two lines')],
    ['|\nfoo\n  bar', put('foo\n  bar\n')],
    ['|-\nfoo', put('foo')],
    ['>-\nfoo\nbar', put('foo bar')],
    ['{ value: 42 }', put('42')],
    ['{ value: "null", revision: 4 }', { ...put('null'), revision: 4 }],
    ['{ json: { a: [1, null, x, 1.0, true], 1.0: b } }', { ...put(''), value: { json: { a: [1, null, 'x', 1, true], '1.0': 'b' } } }],
    ['{ json: null }', { ...put(''), value: { json: null } }],
    ['{ json: text }', { ...put(''), value: { json: 'text' } }],
    ['{ json: [] }', { ...put(''), value: { json: [] } }],
    ['{ base64: aGVsbG8= }', { ...put(''), value: { base64: 'aGVsbG8=' } }],
    ['{ base64: "" }', { ...put(''), value: { base64: '' } }],
    ['\nbase64: |\n  aGVs\n  bG8=', { ...put(''), value: { base64: 'aGVsbG8=' } }],
    ['{ size: 1MB }', { ...put(''), value: { size: 1_048_576 } }],
    ['{ size: 0 }', { ...put(''), value: { size: 0 } }],
    ['{ deleted: true }', { operation: 'DEL', value: null, revision: null, history: null }],
    ['{ purged: true, revision: 9 }', { operation: 'PURGE', value: null, revision: 9, history: null }],
    [
      '{ value: b, revision: 4, history: [{ value: a, revision: 3 }, { value: b, revision: 4 }] }',
      {
        ...put('b'),
        revision: 4,
        history: [
          { operation: 'PUT', value: { text: 'a' }, revision: 3 },
          { operation: 'PUT', value: { text: 'b' }, revision: 4 },
        ],
      },
    ],
    [
      '{ history: [a, { deleted: true, revision: 5 }] }',
      {
        operation: 'DEL',
        value: null,
        revision: null,
        history: [
          { operation: 'PUT', value: { text: 'a' }, revision: null },
          { operation: 'DEL', value: null, revision: 5 },
        ],
      },
    ],
    ['{ revision: 7, history: [a] }', { operation: 'PUT', value: null, revision: 7, history: [{ operation: 'PUT', value: { text: 'a' }, revision: null }] }],
    ['{ value: a, history: [{ value: a, revision: 7 }] }', { ...put('a'), history: [{ operation: 'PUT', value: { text: 'a' }, revision: 7 }] }],
  ])('%s', (written, entry) => {
    expect(entryOf(written)).toEqual(entry);
  });

  it('keys are their source text, and a wildcard has a count', () => {
    const keys = read('buckets: { B: { keys: { 1.0: a, 1.00: b, 0x1f: c, null: d, true: e, __proto__: f, "crowd.>": { count: 0 } } } }').patch.buckets?.get(
      'B',
    )?.keys;
    expect([...(keys?.keys() ?? [])]).toEqual(['1.0', '1.00', '0x1f', 'null', 'true', '__proto__', 'crowd.>']);
    expect(keys?.get('crowd.>')).toEqual({ count: 0 });
  });

  it('JSON may have a name __proto__', () => {
    expect(JSON.stringify(entryOf('{ json: { __proto__: 1 } }'))).toContain('{"__proto__":1}');
  });
});

describe('a setting', () => {
  it.each<[string, Json]>([
    ['description: the best team', 'the best team'],
    ['description: 42', '42'],
    ['history: 65', 65],
    ['history: -1', -1],
    ['ttl: 90m', '1h30m'],
    ['markerTtl: 1.5s', '1.5s'],
    ['storage: memory', 'memory'],
    ['replicas: 3', 3],
    ['compression: true', true],
    ['maxBytes: 1MB', 1_048_576],
    ['maxValueSize: 64', 64],
    ['mirror: Origin', 'Origin'],
    ['sources: [B, A]', ['A', 'B']],
    ['metadata: { v: 1.0, on: yes }', { on: 'yes', v: '1.0' }],
    ['republish: { src: ">", dest: x.>, headersOnly: true }', { src: '>', dest: 'x.>', headersOnly: true }],
    ['republish: { src: ">", dest: x.>, headersOnly: false }', { src: '>', dest: 'x.>' }],
    ['placement: { cluster: C1, tags: [b, a] }', { cluster: 'C1', tags: ['a', 'b'] }],
  ])('%s', (written, value) => {
    expect(settingOf(written)).toEqual(value);
  });

  it.each([
    'description: ""',
    'history: 1',
    'storage: file',
    'replicas: 1',
    'compression: false',
    'maxBytes: -1',
    'maxValueSize: -1',
    'sources: []',
    'metadata: {}',
    'placement: {}',
  ])('%s is the default', (written) => {
    expect(settingOf(written)).toBeNull();
  });

  it.each(['description:', 'ttl: null', 'mirror: ~', 'metadata: Null'])('%s takes it away in a change', (written) => {
    expect(settingOf(written, 'change')).toBeNull();
  });
});

it.each([
  ['state', 'buckets: {}', { buckets: new Map(), streams: undefined }],
  ['state', 'streams: []', { buckets: new Map(), streams: [] }],
  ['state', '---\nstreams: [ORDERS, 1e3]\n...\n# the end', { buckets: new Map(), streams: ['ORDERS', '1e3'] }],
  ['state', 'buckets: { Bucket1: {} }', { buckets: new Map([['Bucket1', { settings: new Map(), keys: new Map() }]]), streams: undefined }],
  [
    'change',
    'buckets: { Bucket3: null, B: { keys: { a: null, "c.>": } }, C: { keys: } }',
    {
      buckets: new Map<string, unknown>([
        ['Bucket3', null],
        [
          'B',
          {
            settings: new Map(),
            keys: new Map([
              ['a', null],
              ['c.>', null],
            ]),
          },
        ],
        ['C', { settings: new Map(), keys: null }],
      ]),
      streams: undefined,
    },
  ],
  ['change', 'buckets:\nstreams: ~', { buckets: null, streams: [] }],
] as const)('the %s %j', (kind, text, patch) => {
  expect(read(text, kind).patch).toEqual(patch);
});

it('knows where each entry stands, as the paths of mismatches name it', () => {
  const { places } = read(
    `buckets:
  Bucket1: {}
  Team:
    history: 1
    ttl: 1h
    keys:
      locker.7: socks
      a/b: |
        text
      locker.9: { deleted: true }
      locker.12:
        json: { a: 1 }
        revision: 4
        history:
          - { value: foot, revision: 3 }
          - value: bar
            revision: 4
      old: { history: [a, b] }
      "crowd.>": { count: 1000 }
streams: [ORDERS,
  OTHER]
`,
    'state',
    3,
  );
  expect([...places].map(([path, { line, column }]) => `${line}:${column} ${path}`)).toEqual([
    '11:4 /buckets',
    '12:6 /buckets/Bucket1',
    '13:6 /buckets/Team',
    '14:8 /buckets/Team/history',
    '15:8 /buckets/Team/ttl',
    '16:8 /buckets/Team/keys',
    '17:10 /buckets/Team/keys/locker.7',
    '17:10 /buckets/Team/keys/locker.7/value',
    '18:10 /buckets/Team/keys/a~1b',
    '18:10 /buckets/Team/keys/a~1b/value',
    '20:10 /buckets/Team/keys/locker.9',
    '20:22 /buckets/Team/keys/locker.9/value',
    '21:10 /buckets/Team/keys/locker.12',
    '22:12 /buckets/Team/keys/locker.12/value',
    '23:12 /buckets/Team/keys/locker.12/revision',
    '24:12 /buckets/Team/keys/locker.12/history',
    '25:16 /buckets/Team/keys/locker.12/history/0',
    '26:16 /buckets/Team/keys/locker.12/history/1',
    '28:10 /buckets/Team/keys/old',
    '28:17 /buckets/Team/keys/old/history',
    '28:27 /buckets/Team/keys/old/history/0',
    '28:30 /buckets/Team/keys/old/history/1',
    '29:10 /buckets/Team/keys/crowd.>',
    '29:23 /buckets/Team/keys/crowd.>/count',
    '30:4 /streams',
    '30:14 /streams/ORDERS',
    '31:6 /streams/OTHER',
  ]);
});

it('names that earlier fences of the step captured are no near misses', () => {
  const captured = new Set(['data']);
  const document = readStateDocument('state', fenceOf('buckets: { B: { keys: { a: <data>, b: <x:id> } } }'), 'lesson.md', captured);
  expect(document.problems).toEqual([]);
  expect([...captured]).toEqual(['data', 'x']);
});
