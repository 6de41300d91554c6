/** Random pages and random runs → pages that pass, that another update leaves alone, and whose prose is as it was. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry, State } from '../../../../src/types.ts';
import { building, type Doing, fence, put, update } from './scene.ts';

const word = fc.constantFrom(
  'a',
  'b',
  '7',
  '42',
  '1.5ms',
  '<id>',
  '<any>',
  '<number>',
  '<n:number>',
  '<n>',
  '\\<',
  '\\',
  '...',
  '$ x',
  '[1]',
  '> y',
  '```',
  '',
  ' ',
  'é',
  ': ',
  '#',
  '2026-11-23',
  '"',
  "'",
  '{',
  '<numb>',
);
const line = fc.array(word, { maxLength: 4 }).map((words) => words.join(''));
const lines = fc.array(line, { maxLength: 5 });
const pageLine = fc.constantFrom('a', 'a <number>', '<id>', '...', 'x <any> y', '<n:number>', '<n> b', '', '\\...', '42');

const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.tuple(line, fc.integer({ min: 1, max: 9 })).map(([text, revision]) => put(text, revision)),
  fc.integer({ min: 1, max: 9 }).map((revision): Entry => [{ operation: 'DEL', value: null, revision }]),
  fc.tuple(line, line).map(([one, two]) => [...put(one, 3), ...put(two, 5)]),
  fc.constant<Entry>([{ operation: 'PUT', value: { base64: '/w==' }, revision: 2 }]),
  fc.constant(put('{"a":[1,"x"]}', 4)),
);
const keys = fc.dictionary(fc.constantFrom('k', 'w.1', 'w.2', 'z-1'), entry, { maxKeys: 4, noNullPrototype: true });
const settings = fc.constantFrom({}, { description: 'old' }, { history: 5, metadata: { a: '1', b: '<id>' } }, { maxBytes: 1024, ttl: '1h' });
const state: fc.Arbitrary<State> = fc
  .tuple(fc.dictionary(fc.constantFrom('A', 'B'), fc.record({ settings, keys }), { noNullPrototype: true }), fc.subarray(['S', 'T']))
  .map(([buckets, streams]) => building(buckets, ...streams));

const document = fc.constantFrom(
  'buckets: {}',
  'buckets: { A: { keys: { k: a, w.1: { value: "<id>", revision: 3 } } } }',
  'buckets:\n  A: # first\n    description: old\n    keys:\n      # of k\n      k: <any>\n      "w.>": { count: 2 }\n  B: {}\nstreams: [S]',
  'buckets:\n  B:\n    metadata:\n      a: "1"\n    keys:\n      k:\n        value: |-\n          a\n          b\n        history: [a, { value: b, revision: 5 }]\n      w.2: { json: { a: [1, <id>] } }',
);
const change = fc.constantFrom(
  'buckets: { A: null }',
  'buckets: { A: { keys: { k: null, w.1: a } } }',
  'buckets:\n  A:\n    keys: null',
  'buckets: null',
  'streams: [T]',
  'buckets:\n  B: { description: null }',
);

const step = fc
  .record({
    output: fc.option(fc.array(pageLine, { maxLength: 4 }), { nil: null }),
    error: fc.boolean(),
    said: fc.oneof(
      fc.constant(null),
      document.map((text) => ['yaml state', text] as const),
      change.map((text) => ['yaml change', text] as const),
    ),
    commands: fc.array(
      pageLine.filter((one) => one !== ''),
      { maxLength: 3 },
    ),
  })
  .map(({ output, error, said, commands }) => ({
    text: [
      'Prose.\n',
      fence('ts', 'work();'),
      ...(output === null ? [] : [fence('text output', ...output)]),
      ...(error ? [fence('text error', 'Error: <any>')] : []),
      ...(said === null ? [] : [fence(said[0], said[1])]),
      fence('console', '$ a', ...commands, '$ b'),
    ].join('\n'),
  }));

const doing: fc.Arbitrary<Doing> = fc
  .record({
    output: lines,
    thrown: fc.option(line, { nil: null }),
    holds: fc.option(state, { nil: null }),
    printed: lines,
    exitCode: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ output, thrown, holds, printed, exitCode }) => ({
    output: output.join('\n'),
    ...(thrown === null ? {} : { thrown: { name: 'Error', message: thrown } }),
    ...(holds === null ? {} : { holds }),
    consoles: [[[printed.join('\n'), exitCode], ['']]],
  }));

test('an updated page passes, and is not changed again', () => {
  const cases = fc.array(fc.tuple(step, doing), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(cases, (all) => {
      const text = `# A page\n\n${all.map(([{ text: one }]) => one).join('\n')}\nThe end. \n`;
      const updated = update(
        text,
        all.map(([, one]) => one),
      );
      const outside = (page: string) => page.replace(/^(```)(?!ts$)[\s\S]*?^```$/gm, '').replace(/\n+/g, '\n');
      expect(outside(updated)).toBe(outside(text));
    }),
    { numRuns: 60 },
  );
}, 60_000);
