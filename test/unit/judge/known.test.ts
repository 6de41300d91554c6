/** What was told of before, and what follows from a throw → said once, at the step that caused it. */
import { expect, test } from 'vitest';
import { bucket, type Case, judge, put, ran, row, server, socks } from './cases.ts';

test('a mismatch that was reported is not reported again while its key is left alone, and is when it is touched', () => {
  const wrong: Case = {
    said: 'buckets: { A: {} }',
    change: 'buckets: { A: { keys: { k: socks } } }',
    was: server({ A: bucket() }),
    is: server({ A: bucket({ k: put('shoes', 1) }) }),
  };
  const known = judge(wrong);
  expect(known.map(row)).toEqual(['value /buckets/A/keys/k/value: "socks" → "shoes" @20']);
  const is = server({ A: bucket({ k: put('shoes', 1) }) });
  const restated = 'buckets: { A: { keys: { k: { value: socks, revision: 1 } } } }';
  expect(judge({ said: socks, state: restated, was: is, is, known }).map(row)).toEqual([]);
  const again = server({ A: bucket({ k: put('shoes', 2) }) });
  expect(judge({ said: socks, was: is, is: again, known }).map(row)).toEqual(['revision /buckets/A/keys/k/revision: 1 → 2 @10']);
});

test('a step that throws undeclared is told of that, and of what it made beside; not of what it did not come to', () => {
  const thrown = { name: 'Error', message: 'x', code: null, place: { line: 11, column: 1 } };
  const found = judge({
    said: 'buckets: { A: {} }',
    change: 'buckets: { A: { keys: { k: socks, j: jar } } }',
    was: server({ A: bucket() }),
    is: server({ A: bucket({ k: put('half', 1), evil: put('1', 2) }) }),
    execution: { ...ran, thrown },
  });
  expect(found.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['error null', 'key /buckets/A/keys/evil']);
});
