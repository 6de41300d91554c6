/** States and changes that no longer hold → only what differs is edited, in the page's own words. */
import { describe, expect, test } from 'vitest';
import type { Entry, State } from '../../../../src/types.ts';
import { building, del, fence, page, put, update } from './scene.ts';

const state = (...lines: string[]) => page(fence('yaml state', ...lines));
const inA = (keys: Record<string, Entry>, settings = {}) => building({ A: { settings, keys } });

describe('a state', () => {
  const rows: [string, string[], State, string[]][] = [
    [
      'a value, with what stands around it',
      ['buckets:', '  A: # the first', '    keys:', '      # socks', '      k: "old" # here'],
      inA({ k: put('new') }),
      ['buckets:', '  A: # the first', '    keys:', '      # socks', '      k: "new" # here'],
    ],
    [
      'single quotes',
      ["buckets: { A: { keys: { k: 'old', j: x } } }"],
      inA({ k: put("it's"), j: put('x') }),
      ["buckets: { A: { keys: { k: 'it''s', j: x } } }"],
    ],
    [
      'plain text that cannot stay plain',
      ['buckets:', '  A:', '    keys:', '      k: old'],
      inA({ k: put('a: b # c') }),
      ['buckets:', '  A:', '    keys:', '      k: "a: b # c"'],
    ],
    [
      'a block keeps its lines that hold',
      ['buckets:', '  A:', '    keys:', '      k: |-', '        one', '        two'],
      inA({ k: put('one\nthree') }),
      ['buckets:', '  A:', '    keys:', '      k: |-', '        one', '        three'],
    ],
    [
      'a matcher that still matches, in a value that differs',
      ['buckets: { A: { keys: { k: made <date> by Bob } } }'],
      inA({ k: put('made 2026-11-23 by Ann') }),
      ['buckets: { A: { keys: { k: made <date> by Ann } } }'],
    ],
    ['text like a matcher is escaped', ['buckets: { A: { keys: { k: x } } }'], inA({ k: put('<id>') }), ['buckets: { A: { keys: { k: \\<id> } } }']],
    [
      'a key that came, at the end',
      ['buckets:', '    A:', '        keys:', '            z: x'],
      inA({ z: put('x'), a: put('y', 2) }),
      ['buckets:', '    A:', '        keys:', '            z: x', '            a: y'],
    ],
    ['a key that came into an empty bucket', ['buckets:', '  A: {} # empty'], inA({ k: put('42') }), ['buckets:', '  A: # empty', '    keys:', '      k: 42']],
    [
      'a key that went',
      ['buckets:', '  A:', '    keys:', '      a: x', '      b: y # gone', '      c: z'],
      inA({ a: put('x'), c: put('z', 3) }),
      ['buckets:', '  A:', '    keys:', '      a: x', '      c: z'],
    ],
    ['the last key', ['buckets:', '  A:', '    history: 5', '    keys:', '      a: x'], inA({}, { history: 5 }), ['buckets:', '  A:', '    history: 5']],
    [
      'all of a bucket',
      ['buckets:', '  A:', '    keys:', '      a: x', '  # B', '  B: {}'],
      building({ A: {}, B: {} }),
      ['buckets:', '  A: {}', '  # B', '  B: {}'],
    ],
    [
      'a bucket that went, and one that came',
      ['buckets:', '  A: {}', '  B: {}'],
      building({ B: {}, C: { settings: { ttl: '1h', maxBytes: 2 ** 20 } } }),
      ['buckets:', '  B: {}', '  C:', '    ttl: 1h', '    maxBytes: 1MB'],
    ],
    ['the last bucket', ['buckets:', '  A: {}'], building({}), ['buckets: {}']],
    [
      'settings',
      ['buckets:', '  A:', '    description: old', '    ttl: 60m # an hour', '    keys: { k: x }'],
      inA({ k: put('x') }, { ttl: '1h', history: 3 }),
      ['buckets:', '  A:', '    ttl: 60m # an hour', '    history: 3', '    keys: { k: x }'],
    ],
    [
      'a setting that is a map, leaf by leaf',
      ['buckets:', '  A:', '    metadata:', '      a: "1" # one', '      b: old'],
      inA({}, { metadata: { a: '1', b: 'new' } }),
      ['buckets:', '  A:', '    metadata:', '      a: "1" # one', '      b: new'],
    ],
    [
      'a marker where a value was',
      ['buckets:', '  A:', '    keys:', '      k: x'],
      inA({ k: del(2) }),
      ['buckets:', '  A:', '    keys:', '      k: { deleted: true }'],
    ],
    [
      'a value where a marker was',
      ['buckets: { A: { keys: { k: { deleted: true, revision: 1 } } } }'],
      inA({ k: put('x', 2) }),
      ['buckets: { A: { keys: { k: { value: x, revision: 2 } } } }'],
    ],
    [
      'a revision alone',
      ['buckets: { A: { keys: { k: { value: x,  revision: 1 } } } }'],
      inA({ k: put('x', 7) }),
      ['buckets: { A: { keys: { k: { value: x,  revision: 7 } } } }'],
    ],
    [
      'a size stays one',
      ['buckets: { A: { keys: { k: { size: 1KB } } } }'],
      inA({ k: put('x'.repeat(2048)) }),
      ['buckets: { A: { keys: { k: { size: 2KB } } } }'],
    ],
    ['base64 stays so', ['buckets: { A: { keys: { k: { base64: aGk= } } } }'], inA({ k: put('ho') }), ['buckets: { A: { keys: { k: { base64: aG8= } } } }']],
    [
      'JSON stays JSON, and only its leaf differs',
      ['buckets:', '  A:', '    keys:', '      k:', '        json: { "n": 1, id: "<id>", on: true }'],
      inA({ k: put('{"n":2,"id":"x7","on":true}') }),
      ['buckets:', '  A:', '    keys:', '      k:', '        json: { "n": 2, id: "<id>", on: true }'],
    ],
    [
      'JSON of another shape',
      ['buckets: { A: { keys: { k: { json: [1] } } } }'],
      inA({ k: put('{"a":"1"}') }),
      ['buckets: { A: { keys: { k: { json: { a: "1" } } } } }'],
    ],
    ['JSON that is none any more', ['buckets: { A: { keys: { k: { json: 1 } } } }'], inA({ k: put('{') }), ['buckets: { A: { keys: { k: { value: "{" } } } }']],
    [
      'a count',
      ['buckets:', '  A:', '    keys:', '      "x.>": { count: 1 }'],
      inA({ 'x.1': put('a'), 'x.2': put('b', 2) }),
      ['buckets:', '  A:', '    keys:', '      "x.>": { count: 2 }'],
    ],
    [
      'one revision of a history',
      [
        'buckets:',
        '  A:',
        '    keys:',
        '      k:',
        '        value: c',
        '        history:',
        '          - { value: <any>, revision: 1 }',
        '          - { value: b, revision: 2 }',
      ],
      inA({ k: [...put('a'), ...put('c', 2)] }),
      [
        'buckets:',
        '  A:',
        '    keys:',
        '      k:',
        '        value: c',
        '        history:',
        '          - { value: <any>, revision: 1 }',
        '          - { value: c, revision: 2 }',
      ],
    ],
    [
      'a longer history keeps the words that hold',
      ['buckets:', '  A:', '    keys:', '      k:', '        history: [{ value: <any>, revision: 1 }]'],
      inA({ k: [...put('a'), ...put('c', 2)] }),
      ['buckets:', '  A:', '    keys:', '      k:', '        history:', '          - { value: <any>, revision: 1 }', '          - { value: c, revision: 2 }'],
    ],
    ['streams', ['buckets: {}', 'streams: [X, Y]'], building({}, 'Y', 'Z'), ['buckets: {}', 'streams: [Y, Z]']],
    ['streams in a block', ['buckets: {}', 'streams:', '- X', '- Y'], building({}, 'X'), ['buckets: {}', 'streams:', '- X']],
    ['no streams', ['streams: [X]'], building({ A: {} }), ['buckets:', '  A: {}']],
    ['names that are no names', ['buckets: {}'], building({ __proto__: {}, null: {} }), ['buckets:', '  null: {}']],
  ];
  test.each(rows)('%s', (_, before, holds, after) => {
    expect(update(state(...before), [{ holds }])).toBe(state(...after));
  });

  test('that is missing is added, with all that is there, and many keys or long values in short', () => {
    const bags = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`bag.${index}`, put('x', index + 1)]));
    const holds = building({ B: { keys: { ...bags, big: put('x'.repeat(1000), 41), 'a-1': put('', 42) } }, A: { settings: { history: 5 } } }, 'S');
    expect(update(page(), [{ holds }])).toBe(
      state(
        'buckets:',
        '  A:',
        '    history: 5',
        '  B:',
        '    keys:',
        '      a-1: ""',
        '      bag.>: { count: 40 }'.replace('bag.>', '"bag.>"'),
        '      big: { size: 1000 }',
        'streams: [S]',
      ),
    );
  });
});

describe('a change', () => {
  const two = (first: string, second: string) =>
    `# A page\n\n\`\`\`ts\na();\n\`\`\`\n\n${first}\n\`\`\`ts\nb();\n\`\`\`\n${second === '' ? '' : `\n${second}`}`;
  const start = fence('yaml state', 'buckets:', '  A:', '    description: d', '    keys:', '      k: x', '      "w.>": { count: 2 }');
  const was = { k: put('x'), 'w.1': put('a', 2), 'w.2': put('b', 3) };
  const held = inA(was, { description: 'd' });
  const rows: [string, string[], State, string[]][] = [
    ['is added', [], inA({ ...was, k: put('y', 4) }, { description: 'd' }), ['buckets:', '  A:', '    keys:', '      k: y']],
    [
      'of the same value put again has the revision',
      [],
      inA({ ...was, k: put('x', 4) }, { description: 'd' }),
      ['buckets:', '  A:', '    keys:', '      k: { value: x, revision: 4 }'],
    ],
    [
      'a key without a marker is null',
      [],
      inA({ 'w.1': put('a', 2), 'w.2': put('b', 3) }, { description: 'd' }),
      ['buckets:', '  A:', '    keys:', '      k: null'],
    ],
    ['a setting at its default is null', [], inA(was), ['buckets:', '  A:', '    description: null']],
    ['a bucket that went is null', [], building({}), ['buckets:', '  A: null']],
    ['a count is another', [], inA({ ...was, 'w.3': put('c', 4) }, { description: 'd' }), ['buckets:', '  A:', '    keys:', '      "w.>": { count: 3 }']],
    ['everything under a wildcard went', [], inA({ k: put('x') }, { description: 'd' }), ['buckets:', '  A:', '    keys:', '      "w.>": null']],
    ['that did not happen goes', ['buckets:', '  A:', '    keys:', '      k: y'], held, []],
    [
      'of which one part did not happen',
      ['buckets:', '  A:', '    keys:', '      k: y', '      j: new'],
      inA({ ...was, j: put('new', 4) }, { description: 'd' }),
      ['buckets:', '  A:', '    keys:', '      j: new'],
    ],
    ['a bucket that is not new any more', ['buckets: { A: null }'], held, []],
    [
      'all keys went, but one',
      ['buckets:', '  A:', '    keys: null'],
      inA({ k: put('x') }, { description: 'd' }),
      ['buckets:', '  A:', '    keys:', '      "w.>": null'],
    ],
    [
      'a new bucket, emptier',
      ['buckets:', '  B:', '    keys:', '      k: x'],
      building({ ...Object.fromEntries(held.buckets), B: {} } as never),
      ['buckets:', '  B: {}'],
    ],
    ['streams', [], { ...held, streams: new Set(['S']) }, ['streams: [S]']],
  ];
  test.each(rows)('%s', (name, before, holds, after) => {
    const now = name === 'a new bucket, emptier' ? { ...held, buckets: new Map([...held.buckets, ['B', { settings: {}, keys: new Map() }]]) } : holds;
    const change = (lines: string[]) => (lines.length === 0 ? '' : fence('yaml change', ...lines));
    expect(update(two(start, change(before)), [{ holds: held }, { holds: now }])).toBe(two(start, change(after)));
  });

  test('what an earlier step came to is not told again by the next ones', () => {
    const pages = (value: string) =>
      `${two(fence('yaml state', 'buckets:', '  A:', '    keys:', `      k: ${value}`), fence('yaml change', 'buckets: { A: { keys: { j: z } } }'))}`;
    const [first, second] = [inA({ k: put('new') }), inA({ k: put('new'), j: put('z', 2) })];
    expect(update(pages('old'), [{ holds: first }, { holds: second }])).toBe(pages('new'));
  });
});

describe('what came by itself after the step had ended', () => {
  test('is what must be reached', () => {
    const went = update(page(), [{ holds: inA({ k: del(2) }), moved: true }]);
    expect(went).toBe(page(fence('yaml state within=5s', 'buckets:', '  A:', '    keys:', '      k: { deleted: true }')));
  });

  test('is what must be reached in a bucket that copies, also where it was there at once', () => {
    const copied = (keys: Record<string, Entry>) => building({ Copy: { settings: { sources: ['A'] }, keys } });
    const before = `${page(fence('yaml state', 'buckets: { Copy: { sources: [A] } }'))}\n`;
    const after = update(before + page(), [{ holds: copied({}) }, { holds: copied({ k: put('x') }) }]);
    expect(after).toBe(before + page(fence('yaml change within=5s', 'buckets:', '  Copy:', '    keys:', '      k: x')));
  });

  test('is a state, where all is as before in the end', () => {
    const before = `${page(fence('yaml state', 'buckets: { A: {} }'))}\n`;
    const after = update(before + page(), [{ holds: inA({}) }, { holds: inA({}), moved: true }]);
    expect(after).toBe(before + page(fence('yaml state within=5s', 'buckets:', '  A: {}')));
  });

  test('widens nothing that a page says already', () => {
    const said = page(fence('yaml state', 'buckets: { A: { keys: { k: old } } }'));
    expect(update(said, [{ holds: inA({ k: put('new') }), moved: true }])).toBe(said.replace('old', 'new'));
  });
});
