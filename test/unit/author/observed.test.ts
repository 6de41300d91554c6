/** Two runs of the same steps → whether anything that a check could see is different. */
import { describe, expect, test } from 'vitest';
import { isDifferent, observe } from '../../../src/author/observed.ts';
import { diffStates, emptyState } from '../../../src/document/delta.ts';
import { EMPTY_EXPECTED } from '../../../src/document/expected.ts';
import type { Entry, Execution, LessonRecording } from '../../../src/types.ts';
import { bucket, put, ran, server } from '../judge/cases.ts';

interface Came extends Partial<Execution> {
  keys?: Record<string, Entry>;
}

const recorded = (...steps: Came[]): LessonRecording => ({
  expected: EMPTY_EXPECTED,
  state: emptyState(),
  steps: steps.map(({ keys = {}, ...execution }, index) => ({
    index,
    execution: { ...ran, ...execution },
    delta: diffStates(emptyState(), server({ A: bucket(keys) })),
    moved: false,
    consoles: [],
  })),
});

const thrown = (message: string) => ({ name: 'E', code: null, message, place: null });

describe('a run with one thing otherwise', () => {
  test.each<[string, Came, Came, boolean]>([
    ['comes to the same', { output: 'a\n', keys: { k: put('v', 1) } }, { output: 'a\n', keys: { k: put('v', 1) } }, false],
    ['prints something else', { output: 'a\n' }, { output: 'b\n' }, true],
    ['prints more', { output: 'a\n' }, { output: 'a\nb\n' }, true],
    ['throws', {}, { thrown: thrown('x') }, true],
    ['throws something else', { thrown: thrown('x') }, { thrown: thrown('y') }, true],
    ['leaves another value', { keys: { k: put('v', 1) } }, { keys: { k: put('w', 1) } }, true],
    ['leaves a key more', {}, { keys: { k: put('w', 1) } }, true],
    ['leaves another revision', { keys: { k: put('v', 1) } }, { keys: { k: put('v', 2) } }, true],
    ['prints another time', { output: 'at 2026-11-23 03:06:59 in 1.5ms\n' }, { output: 'at 2026-11-24T04:00:00Z in 12ms\n' }, false],
  ])('%s', (_, one, other, expected) => {
    const page = observe(recorded(one), recorded(one));
    expect(isDifferent(page, recorded(other), { from: 0, passed: [] })).toBe(expected);
  });

  test('what is different each time tells nothing', () => {
    const page = observe(recorded({ output: 'port 1234\nsame\n' }), recorded({ output: 'port 5678\nsame\n' }));
    expect(isDifferent(page, recorded({ output: 'port 9999\nsame\n' }), { from: 0, passed: [] })).toBe(false);
    expect(isDifferent(page, recorded({ output: 'port 9999\nother\n' }), { from: 0, passed: [] })).toBe(true);
  });

  test('nor output of another length each time', () => {
    const page = observe(recorded({ output: 'a\n' }), recorded({ output: 'a\na\n' }));
    expect(isDifferent(page, recorded({ output: 'b\nb\nb\n' }), { from: 0, passed: [] })).toBe(false);
    expect(isDifferent(page, recorded({ output: 'a\n', thrown: thrown('x') }), { from: 0, passed: [] })).toBe(true);
  });

  test('other revisions alone are nothing where only the order is otherwise', () => {
    const page = observe(recorded({ keys: { k: put('v', 1) } }), recorded({ keys: { k: put('v', 1) } }));
    expect(isDifferent(page, recorded({ keys: { k: put('v', 2) } }), { from: 0, passed: ['revisions'] })).toBe(false);
    expect(isDifferent(page, recorded({ keys: { k: put('w', 2) } }), { from: 0, passed: ['revisions'] })).toBe(true);
  });

  test('nor is another past, where any way of getting there counts', () => {
    const came = (past: string) => recorded({ keys: { k: [...put(past, 1), ...put('v', 2)] } });
    const page = observe(came('a'), came('a'));
    expect(isDifferent(page, came('b'), { from: 0, passed: ['revisions'] })).toBe(true);
    expect(isDifferent(page, came('b'), { from: 0, passed: ['revisions', 'history'] })).toBe(false);
  });

  test('what was before the step is not its doing', () => {
    const page = observe(recorded({ output: 'a' }, {}), recorded({ output: 'a' }, {}));
    expect(isDifferent(page, recorded({ output: 'b' }, {}), { from: 1, passed: [] })).toBe(false);
  });
});
