/** A page and what its run recorded → its expectations made otherwise, each of which the judge must notice, at its place. */
import { describe, expect, test } from 'vitest';
import { judgeMutants } from '../../../src/author/judge-mutants.ts';
import { applyDelta, diffStates, emptyState } from '../../../src/document/delta.ts';
import { EMPTY_EXPECTED } from '../../../src/document/expected.ts';
import { parseLesson } from '../../../src/lesson/parse.ts';
import { copyState } from '../../../src/recording.ts';
import type { CommandExecution, LessonRecording, State, StepRecording, Thrown } from '../../../src/types.ts';
import { bucket, del, purge, put, ran, server } from '../judge/cases.ts';

interface Came {
  output?: string;
  thrown?: Thrown;
  /** What the server holds after it; left out: as before. */
  holds?: State;
  consoles?: CommandExecution[][];
}

/** A step a fence of code, each with what it came to. `'''` stands for three backticks. */
function judged(page: string, ...steps: Came[]) {
  const { lesson, problems } = parseLesson(page.replaceAll("'''", '```'), 'page.md');
  expect(problems).toEqual([]);
  const state = emptyState();
  const recording: LessonRecording = { expected: EMPTY_EXPECTED, state: copyState(state), steps: [] };
  for (const [index, { output = '', thrown = null, holds, consoles = [] }] of steps.entries()) {
    const delta = diffStates(state, holds ?? state);
    applyDelta(state, delta);
    const step: StepRecording = { index, execution: { ...ran, output, thrown }, delta, moved: false, consoles };
    recording.steps.push(step);
  }
  return judgeMutants(lesson, recording).map(({ place, mutation, caught }) => `${place.line}:${place.column} ${mutation}${caught ? '' : ' NOT NOTICED'}`);
}

const A = (keys: Parameters<typeof bucket>[0] = {}, settings: Parameters<typeof bucket>[1] = {}) => server({ A: bucket(keys, settings) });

describe('what is demanded otherwise', () => {
  test.each<[string, string, Came, string[]]>([
    [
      'each line of output',
      "'''text output\na\n...\n  <number>\n'''",
      { output: 'a\nx\n  7\n' },
      ['4:1 `a` becomes `a~`', '6:1 `<number>` becomes `<number>~`'],
    ],
    ['output that may be anything', "'''text output\n...\n'''", { output: 'a\n' }, ['3:1 the line `~ mutant ~` is demanded too']],
    ['output that is none', "'''text output\n'''", {}, ['3:1 the line `~ mutant ~` is demanded too']],
    [
      'name, code and message of an error',
      "'''text error\nE [7]: b <any>\nmore\n'''",
      { thrown: { name: 'E', code: '7', message: 'b c\nmore', place: null } },
      [
        '4:1 `E [7]: b <any>` becomes `E~ [7]: b <any>`',
        '4:1 `E [7]: b <any>` becomes `E [7~]: b <any>`',
        '4:1 `E [7]: b <any>` becomes `E [7]: b <any>~`',
        '5:1 `more` becomes `more~`',
      ],
    ],
    [
      'a thrown text',
      "'''text error\nwhat a pity\n'''",
      { thrown: { name: '', code: null, message: 'what a pity', place: null } },
      ['4:1 `what a pity` becomes `what a pity~`'],
    ],
    ['a room that is there', "'''yaml state\nbuckets:\n  A: {}\n'''", { holds: A() }, ['5:3 the bucket `A` is to be gone']],
    [
      'settings',
      "'''yaml change\nbuckets:\n  A:\n    description: d\n    history: 5\n    compression: true\n    ttl: 1h\n    storage: memory\n    metadata: { a: b }\n'''",
      { holds: A({}, { description: 'd', history: 5, compression: true, ttl: '1h', storage: 'memory', metadata: { a: 'b' } }) },
      [
        '6:5 description `d` becomes `d~`',
        '7:5 history `5` becomes `6`',
        '8:5 compression `true` becomes `the default`',
        '9:5 ttl `1h` becomes `17m`',
        '10:5 storage `memory` becomes `the default`',
        '11:5 metadata `{"a":"b"}` becomes `{"a":"b","~":"~"}`',
      ],
    ],
    [
      'values in each form',
      "'''yaml state\nbuckets:\n  A:\n    keys:\n      a: text\n      b: { json: { n: 1 } }\n      c: { base64: /w== }\n      d: { size: 3 }\n      e: { deleted: true }\n      f: { purged: true, revision: 6 }\n'''",
      {
        holds: A({
          a: put('text', 1),
          b: put('{"n":1}', 2),
          c: [{ operation: 'PUT', value: { base64: '/w==' }, revision: 3 }],
          d: put('abc', 4),
          e: del(5),
          f: purge(6),
        }),
      },
      [
        '7:7 of `a` `text` becomes `text~`',
        '8:12 of `b` `{"json":{"n":1}}` becomes `{"json":{"n":1,"~":"~"}}`',
        '9:12 of `c` `{"base64":"/w=="}` becomes `{"base64":"AA=="}`',
        '10:12 of `d` `{"size":3}` becomes `{"size":4}`',
        '11:7 of `e` `{"deleted":true}` becomes `{"purged":true}`',
        '12:7 of `f` `{"purged":true}` becomes `{"deleted":true}`',
        '12:26 of `f` revision `6` becomes `7`',
      ],
    ],
    [
      'history and counts',
      "'''yaml state\nbuckets:\n  A:\n    history: 2\n    keys:\n      k: { history: [{ value: a, revision: 1 }, { deleted: true, revision: 2 }] }\n      'x.>': { count: 1 }\n'''",
      { holds: A({ k: [...put('a', 1), ...del(2)], 'x.y': put('z', 3) }, { history: 2 }) },
      [
        '6:5 history `2` becomes `3`',
        '8:22 of `k` revision 1 of the history: `a` becomes `a~`',
        '8:49 of `k` revision 2 of the history: `{"deleted":true}` becomes `{"purged":true}`',
        '9:16 of `x.>` count `1` becomes `2`',
      ],
    ],
    ['nothing at all', "'''yaml state\nbuckets: {}\n'''", {}, ['4:1 a bucket more is demanded']],
    ['streams', "'''yaml state\nstreams: [ORDERS]\n'''", { holds: server({}, 'ORDERS') }, ['4:11 `ORDERS` becomes `ORDERS~`']],
  ])('%s', (_, expectation, came, expected) => {
    const rows = judged(`'''ts\n'''\n${expectation}`, came);
    expect(rows.filter((row) => row.includes('NOT NOTICED'))).toEqual([]);
    expect(rows).toEqual(expected);
  });

  test('what is taken away', () => {
    const page =
      "'''ts\n'''\n'''yaml state\nbuckets: { A: { keys: { k: v } }, B: {} }\n'''\n'''ts\n'''\n'''yaml change\nbuckets: { A: { keys: { k: null } }, B: null }\n'''";
    const rows = judged(page, { holds: server({ A: bucket({ k: put('v', 1) }), B: bucket() }) }, { holds: server({ A: bucket() }) });
    expect(rows.slice(2)).toEqual(['9:25 of `k` a value is to be left', '9:38 the bucket `B` is to be there']);
  });
});

test('commands: each line that they print, each exit code, and what was captured before', () => {
  const page = "'''ts\n'''\n'''text output\n<rev:number>\n'''\n'''console look\n$ one\nat <rev>\n'''\n'''console\n$ two\n$ three\n<rev:number>\n[1]\n'''";
  const did = (output: string, exitCode = 0): CommandExecution => ({ output, exitCode, stopped: null, duration: 1 });
  expect(judged(page, { output: '7\n', consoles: [[did('at 7\n')], [did(''), did('7\n', 1)]] })).toEqual([
    '4:1 `<rev:number>` becomes `<rev:number>~`',
    '11:1 `two` is to print the line `~ mutant ~` too',
    '11:1 `two` is to exit with 1 instead of 0',
    '13:1 `<rev:number>` becomes `<rev:number>~`',
    '14:1 `three` is to exit with 2 instead of 1',
    '8:1 `at <rev>` becomes `at <rev>~`',
    '7:1 `one` is to exit with 1 instead of 0',
  ]);
});

test('of steps and fences that did not run there is none', () => {
  const page = "'''ts\n'''\n'''console\n$ one\n'''\n'''ts\n'''\n'''text output\na\n'''";
  const { lesson } = parseLesson(page.replaceAll("'''", '```'), 'page.md');
  const recording: LessonRecording = {
    expected: EMPTY_EXPECTED,
    state: emptyState(),
    steps: [{ index: 0, execution: ran, delta: diffStates(emptyState(), emptyState()), moved: false, consoles: [] }],
  };
  expect(judgeMutants(lesson, recording)).toEqual([]);
});
