/** The closed world of design §2, case by case: what the page says before, what the step says, what the step did → what is reported. */
import { expect, test } from 'vitest';
import { bucket, type Case, del, judge, purge, put, row, server, socks } from './cases.ts';

const table: [string, Case, string[]][] = [
  ['as the page says', { state: socks, was: server({}), is: server({ A: bucket({ k: put('socks', 1) }) }) }, []],
  ['a value', { state: socks, was: server({}), is: server({ A: bucket({ k: put('shoes', 1) }) }) }, ['value /buckets/A/keys/k/value: "socks" → "shoes" @23']],
  [
    'a delete where a value is expected',
    { state: socks, was: server({}), is: server({ A: bucket({ k: del(2) }) }) },
    ['operation /buckets/A/keys/k: "socks" → {"deleted":true} @23'],
  ],
  [
    'a purge where a delete is expected',
    { state: 'buckets:\n  A:\n    keys:\n      k: { deleted: true }', was: server({}), is: server({ A: bucket({ k: purge(2) }) }) },
    ['operation /buckets/A/keys/k: {"deleted":true} → {"purged":true} @23'],
  ],
  ['a key that is missing', { state: socks, was: server({}), is: server({ A: bucket() }) }, ['key /buckets/A/keys/k: "socks" → null @23']],
  ['a bucket that is missing, which is the outermost', { state: socks, was: server({}), is: server({}) }, ['bucket /buckets/A: {} → null @21']],
  [
    'an undeclared bucket does not list its keys',
    { state: 'buckets: {}', was: server({}), is: server({ A: bucket({ k: put('x', 1) }, { compression: true }) }) },
    ['bucket /buckets/A: null → {"compression":true} @10'],
  ],
  ['an undeclared stream', { change: 'buckets: {}', was: server({}), is: server({}, 'ORDERS') }, ['stream /streams/ORDERS: null → "ORDERS" @10']],
  ['a declared stream that is missing', { change: 'streams: [ORDERS]', was: server({}), is: server({}) }, ['stream /streams/ORDERS: "ORDERS" → null @20']],
  [
    'an undeclared key',
    { state: 'buckets: { A: {} }', was: server({}), is: server({ A: bucket({ k: put('x', 1) }) }) },
    ['key /buckets/A/keys/k: null → "x" @10'],
  ],
  [
    'a marker must be declared too',
    { state: 'buckets: { A: {} }', was: server({}), is: server({ A: bucket({ k: del(1) }) }) },
    ['key /buckets/A/keys/k: null → {"deleted":true} @10'],
  ],
  [
    'a key given null has left without a marker',
    {
      said: socks,
      change: 'buckets:\n  A:\n    keys:\n      k: null',
      was: server({ A: bucket({ k: put('socks', 1) }) }),
      is: server({ A: bucket({ k: del(2) }) }),
    },
    ['key /buckets/A/keys/k: null → {"deleted":true} @23'],
  ],
  [
    'a declared setting',
    { state: 'buckets:\n  A:\n    history: 5', was: server({}), is: server({ A: bucket() }) },
    ['setting /buckets/A/history: 5 → null @22'],
  ],
  [
    'a setting that is not at its default and not declared',
    { state: 'buckets:\n  A: {}', was: server({}), is: server({ A: bucket({}, { ttl: '1h' }) }) },
    ['setting /buckets/A/ttl: null → "1h" @10'],
  ],
  [
    'a revision that is given',
    {
      state: 'buckets:\n  A:\n    keys:\n      k:\n        value: socks\n        revision: 4',
      was: server({}),
      is: server({ A: bucket({ k: put('socks', 5) }) }),
    },
    ['revision /buckets/A/keys/k/revision: 4 → 5 @25'],
  ],
  [
    'another value is value alone, though the revision differs too',
    { state: 'buckets:\n  A:\n    keys:\n      k: { value: socks, revision: 4 }', was: server({}), is: server({ A: bucket({ k: put('shoes', 5) }) }) },
    ['value /buckets/A/keys/k/value: "socks" → "shoes" @23'],
  ],
  [
    'a history of another length is one mismatch',
    {
      state: 'buckets:\n  A:\n    history: 5\n    keys:\n      k:\n        value: b\n        history: [{ value: a }, { value: b }]',
      was: server({}),
      is: server({ A: bucket({ k: put('b', 2) }, { history: 5 }) }),
    },
    ['history /buckets/A/keys/k/history: [{"value":"a"},{"value":"b"}] → [{"value":"b","revision":2}] @26'],
  ],
  [
    'one revision of a history',
    {
      state: 'buckets:\n  A:\n    history: 5\n    keys:\n      k:\n        history:\n          - { value: a }\n          - { value: b }',
      was: server({}),
      is: server({ A: bucket({ k: [...put('x', 1), ...put('b', 2)] }, { history: 5 }) }),
    },
    ['history /buckets/A/keys/k/history/0: {"value":"a"} → {"value":"x","revision":1} @26'],
  ],
  [
    'a count',
    {
      state: 'buckets:\n  A:\n    keys:\n      "c.>": { count: 3 }\n      c.1: one',
      was: server({}),
      is: server({ A: bucket({ 'c.1': put('one', 1), 'c.2': put('x', 2), 'c.3': del(3) }) }),
    },
    ['count /buckets/A/keys/c.>/count: 3 → 1 @23'],
  ],
  [
    'a silent step that does nothing',
    { said: socks, was: server({ A: bucket({ k: put('socks', 1) }) }), is: server({ A: bucket({ k: put('socks', 1) }) }) },
    [],
  ],
  [
    'the same value put again in a silent step',
    { said: socks, was: server({ A: bucket({ k: put('socks', 1) }) }), is: server({ A: bucket({ k: put('socks', 2) }) }) },
    ['revision /buckets/A/keys/k/revision: 1 → 2 @10'],
  ],
  [
    'another value in a silent step is value alone',
    { said: socks, was: server({ A: bucket({ k: put('socks', 1) }) }), is: server({ A: bucket({ k: put('shoes', 2) }) }) },
    ['value /buckets/A/keys/k/value: "socks" → "shoes" @10'],
  ],
  [
    'a matcher that still matches does not let a silent step write',
    { said: 'buckets: { A: { keys: { k: <any> } } }', was: server({ A: bucket({ k: put('a', 1) }) }), is: server({ A: bucket({ k: put('b', 2) }) }) },
    ['value /buckets/A/keys/k/value: "a" → "b" @10'],
  ],
  [
    'a bucket that a silent step deletes',
    { said: socks, was: server({ A: bucket({ k: put('socks', 1) }) }), is: server({}) },
    ['bucket /buckets/A: {} → null @10'],
  ],
  [
    'a change must touch only what it names',
    {
      said: 'buckets: { A: { keys: { k: socks, j: jar } } }',
      change: 'buckets: { A: { keys: { k: shoes } } }',
      was: server({ A: bucket({ k: put('socks', 1), j: put('jar', 2) }) }),
      is: server({ A: bucket({ k: put('shoes', 3), j: put('jar', 4) }) }),
    },
    ['revision /buckets/A/keys/j/revision: 2 → 4 @10'],
  ],
  [
    'a state may put a key again',
    { said: socks, state: socks, was: server({ A: bucket({ k: put('socks', 1) }) }), is: server({ A: bucket({ k: put('socks', 2) }) }) },
    [],
  ],
  [
    'a history that a silent step shortens',
    {
      said: 'buckets: { A: { history: 5, keys: { k: b } } }',
      was: server({ A: bucket({ k: [...put('a', 1), ...put('b', 2)] }, { history: 5 }) }),
      is: server({ A: bucket({ k: put('b', 2) }, { history: 5 }) }),
    },
    ['history /buckets/A/keys/k/history: [{"value":"a","revision":1},{"value":"b","revision":2}] → [{"value":"b","revision":2}] @10'],
  ],
  ['what was wrong before and is unchanged is not this step’s', { said: socks, was: server({ A: bucket() }), is: server({ A: bucket() }) }, []],
  ['nor where the page says it again', { said: socks, state: `${socks}\n  B: {}`, was: server({ A: bucket() }), is: server({ A: bucket(), B: bucket() }) }, []],
  [
    'keys under a wildcard that are exchanged in a silent step',
    {
      said: 'buckets: { A: { keys: { "c.>": { count: 2 } } } }',
      was: server({ A: bucket({ 'c.0': put('v', 1), 'c.1': put('v', 2) }) }),
      is: server({ A: bucket({ 'c.0': del(3), 'c.1': put('v', 2), 'c.8': put('v', 4) }) }),
    },
    ['operation /buckets/A/keys/c.0: "v" → {"deleted":true} @10', 'key /buckets/A/keys/c.8: null → "v" @10'],
  ],
  [
    'keys that only a wildcard counted, when the page counts them no more',
    {
      said: 'buckets: { A: { keys: { "c.>": { count: 2 } } } }',
      state: 'buckets: { A: {} }',
      was: server({ A: bucket({ 'c.1': put('x', 1), 'c.2': put('y', 2) }) }),
      is: server({ A: bucket({ 'c.1': put('x', 1) }) }),
    },
    ['key /buckets/A/keys/c.1: null → "x" @10'],
  ],
  [
    'a count that no longer holds is one mismatch, whatever the keys',
    {
      said: 'buckets: { A: { keys: { "c.>": { count: 1 } } } }',
      was: server({ A: bucket({ 'c.0': put('v', 1) }) }),
      is: server({ A: bucket({ 'c.0': put('v', 1), 'c.1': put('v', 2), 'c.2': put('v', 3) }) }),
    },
    ['count /buckets/A/keys/c.>/count: 1 → 3 @10'],
  ],
  ['an undeclared bucket, told of before, that a silent step deletes', { was: server({ B: bucket() }), is: server({}) }, ['bucket /buckets/B: {} → null @10']],
  ['an undeclared stream, likewise', { was: server({}, 'S'), is: server({}) }, ['stream /streams/S: "S" → null @10']],
  ['a state that leaves it out may delete it', { state: 'buckets: {}', was: server({ B: bucket() }, 'S'), is: server({}) }, []],
  [
    'an undeclared key, told of before, that a silent step writes again',
    { said: 'buckets: { A: {} }', was: server({ A: bucket({ w: put('1', 1) }) }), is: server({ A: bucket({ w: put('2', 2) }) }) },
    ['value /buckets/A/keys/w/value: "1" → "2" @10'],
  ],
  [
    'names that are also members of an object',
    {
      state: 'buckets:\n  __proto__:\n    keys:\n      constructor: socks',
      was: server({}),
      is: { buckets: new Map([['__proto__', bucket({ constructor: put('shoes', 1) })]]), streams: new Set() },
    },
    ['value /buckets/__proto__/keys/constructor/value: "socks" → "shoes" @23'],
  ],
  [
    'json is compared as JSON and shown as such',
    { state: 'buckets:\n  A:\n    keys:\n      k: { json: { a: 1, b: [2] } }', was: server({}), is: server({ A: bucket({ k: put('{"b":[3],"a":1}', 1) }) }) },
    ['value /buckets/A/keys/k/value: {"json":{"a":1,"b":[2]}} → {"json":{"b":[3],"a":1}} @23'],
  ],
  [
    'a size',
    { state: 'buckets:\n  A:\n    keys:\n      k: { size: 1KB }', was: server({}), is: server({ A: bucket({ k: put('abc', 1) }) }) },
    ['value /buckets/A/keys/k/value: {"size":1024} → {"size":3} @23'],
  ],
];

test.each(table)('%s', (_, given, rows) => {
  expect(judge(given).map(row)).toEqual(rows);
});
