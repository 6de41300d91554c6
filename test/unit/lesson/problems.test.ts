/** Pages → problems of fences: their words, their order. */
import { describe, expect, test } from 'vitest';
import { parseLesson } from '../../../src/lesson/parse.ts';
import { fenced, markdown } from './pages.ts';

/** `line:column message. advice` of the problems of fences; the documents inside, which are empty here, have tests of their own. */
function problemsOf(page: string): string[] {
  const problems = parseLesson(page, 'a.md').problems.filter(({ code }) => code !== 'state');
  return problems.map(({ code, line, column, message, advice }) => {
    expect(code).toBe('fence');
    return `${line}:${column} ${message}. ${advice}`;
  });
}

const SOLVED = "'''ts solution\n'''\n'''text output\n'''\n";

describe('words', () => {
  test.each([
    // unknown
    ["'''ts stpe\n'''\n", '1:7 unknown word `stpe` in a `ts` fence. Did you mean `step`?'],
    [
      "'''ts twoslash\n'''\n",
      '1:7 unknown word `twoslash` in a `ts` fence. Allowed in a `ts` fence: `step`, `no-run`, `node`, `exercise`, `solution`, `title="…"`',
    ],
    ["- '''JS step norun\n  '''\n", '1:14 unknown word `norun` in a `js` fence. Did you mean `no-run`?'],
    ["> '''typescript{1, 2}  titel=x\n", '1:24 unknown name `titel=` in a `ts` fence. Did you mean `title="…"`?'],
    ["'''ts st&#101;pp\n'''\n", '1:7 unknown word `stepp` in a `ts` fence. Did you mean `step`?'],
    ["'''ts Step\n'''\n", '1:7 unknown word `Step` in a `ts` fence. Did you mean `step`?'],
    ["'''ts output\n'''\n", '1:7 unknown word `output` in a `ts` fence. Allowed'],
    ["'''ts __proto__ \n'''\n", '1:7 unknown word `__proto__` in a `ts` fence'],
    ["'''ts =x\n'''\n", '1:7 unknown name `=` in a `ts` fence'],
    ["'''ts {1\n'''\n", '1:7 unknown word `{1` in a `ts` fence'],
    ["'''console lok\n$ a\n'''\n", '1:12 unknown word `lok` in a `console` fence. Did you mean `look`?'],
    ["'''console no-rum\n$ a\n'''\n", '1:12 unknown word `no-rum` in a `console` fence. Did you mean `no-run`?'],
    ["'''ts\n'''\n'''text output stuff\n'''\n", '3:16 unknown word `stuff` in an `output` fence. Nothing more may follow `output` here.'],
    ["'''ts\n'''\n'''yaml change withn=5s\n'''\n", '3:16 unknown name `withn=` in a `change` fence. Did you mean `within=5s`?'],
    ["'''ts\n'''\n'''text output error\n'''\n", '3:16 unknown word `error` in an `output` fence'],
    // in the wrong place
    ["'''ts look\n'''\n", '1:7 `look` in a `ts` fence. It belongs to `console` fences.'],
    ["'''ts within=5s\n'''\n", '1:7 `within=` in a `ts` fence. It belongs to `state` and `change` fences.'],
    ["'''ts answers=y\n'''\n", '1:7 `answers=` in a `ts` fence. It belongs to `console` fences.'],
    ["'''console node\n$ a\n'''\n", '1:12 `node` in a `console` fence. It belongs to `ts` and `js` fences.'],
    ["'''ts\n'''\n'''yaml state title=x\n'''\n", '3:15 `title=` in a `state` fence. It belongs to `ts` and `js` and `console` fences.'],
    // in the wrong form
    ["'''ts step=1\n'''\n", '1:7 `step` with a value in a `ts` fence. Write `step` alone.'],
    ["'''ts timeout\n'''\n", '1:7 `timeout` without a value in a `ts` fence. Write `timeout=30s`.'],
    ["'''ts title=\"x\n'''\n", '1:7 the value of `title` has no closing quotation mark'],
    // twice
    ["'''ts step node step\n'''\n", '1:17 `step` is given twice'],
    ["'''ts title=a title=a\n'''\n", '1:15 `title` is given twice'],
    // values
    ["'''ts title=\"\"\n'''\n", '1:7 `title` cannot be empty'],
    ["'''ts title=' '\n'''\n", '1:7 `title` cannot be ` `'],
    ["'''ts timeout=10\n'''\n", '1:7 `timeout` cannot be `10`. Write a duration above zero with a unit'],
    ["'''ts timeout=0s\n'''\n", '1:7 `timeout` cannot be `0s`'],
    ["'''ts timeout=\n'''\n", '1:7 `timeout` cannot be empty'],
    ["'''ts\n'''\n'''yaml state within=-1s\n'''\n", '3:15 `within` cannot be `-1s`'],
    ["'''ts fault=restart\n'''\n", '1:7 `fault` cannot be `restart`. Write `restart-server` or `kill-server`.'],
    ["'''ts fault=\"kil-server\"\n'''\n", '1:7 `fault` cannot be `kil-server`. Did you mean `kill-server`?'],
    // contradictions
    ["'''ts fault=kill-server no-run\n'''\n", '1:25 `no-run` and `fault` contradict each other'],
    ["'''ts solution no-run\n'''\n", '1:16 `no-run` and `solution` contradict each other'],
    [`'''ts\n'''\n'''ts exercise solution\n'''\n${SOLVED}`, '3:16 `exercise` and `solution` contradict each other'],
    // near misses of the four words
    ["'''text outptu\n'''\n", '1:9 unknown word `outptu` in a `text` fence. Did you mean `output`? If this fence is no expectation'],
    ["'''YAML stat\n'''\n", '1:9 unknown word `stat` in a `yaml` fence. Did you mean `state`?'],
    ["'''text eror x=1\n'''\n", '1:9 unknown word `eror` in a `text` fence. Did you mean `error`?'],
    ["'''yaml {1} chnage\n'''\n", '1:13 unknown word `chnage` in a `yaml` fence. Did you mean `change`?'],
  ])('%j', (page, problem) => {
    expect(problemsOf(fenced(page))).toEqual([expect.stringContaining(problem)]);
  });

  test.each([
    [
      'other languages are prose',
      "'''sh stpe title\n'''\n'''json stat\n'''\n'''yaml\n'''\n'''text title=x\n'''\n'''yaml filename=a.yml\n'''\n'''output\n'''\n'''\n'''\n",
    ],
    ['groups are passed over', "'''ts{1,3-4} step {a b c}[x]\n'''\n"],
    ['words before and after names', "'''ts title=\"x\" step timeout=5s node\n'''\n"],
    ['`step` says nothing where all are steps', "'''ts step\n'''\n'''console step\n$ a\n'''\n"],
  ])('valid: %s', (_, page) => {
    expect(problemsOf(fenced(page))).toEqual([]);
  });
});

describe('order', () => {
  test.each([
    ["# A\n\n'''text output\n'''\n", '3:1 there is no step before this `output` fence'],
    ["'''yaml state\n'''\n'''ts\n'''\n", '1:1 there is no step before this `state` fence'],
    [
      "'''ts\n'''\n'''text output\n'''\n'''text output\n'''\n",
      '5:1 the step at line 1 already has `output`, at line 3. Put all of it into one `output` fence.',
    ],
    ["'''ts\n'''\n'''text error\n'''\n'''text error\n'''\n", '5:1 the step at line 1 already has `error`, at line 3'],
    [
      "'''ts\n'''\n'''yaml state\n'''\n'''yaml change\n'''\n",
      '5:1 the step at line 1 already has `state`, at line 3. A step has one `state` or one `change`, not both.',
    ],
    [
      "'''ts\n'''\n'''ts no-run\n'''\n  '''text output\n  '''\n",
      '5:3 this `output` fence follows the `no-run` fence at line 3, which is not run. Put it after its step, before the `no-run` fence.',
    ],
    ["'''ts\n'''\n'''ts no-run\n'''\n'''console\n$ a\n'''\n", '5:1 this `console` fence follows the `no-run` fence at line 3'],
    ["'''ts no-run\n'''\n'''console\n$ a\n'''\n", '3:1 this `console` fence follows the `no-run` fence at line 1'],
    ["'''ts\n'''\n'''console timeout=5s\n$ a\n'''\n", '3:12 `timeout=` on a `console` fence that is no step by itself'],
    ["'''console\n$ a\n'''\n'''text output\n'''\n", '4:1 a `console` fence that is a step by itself has no `output` fence'],
    [
      "'''console\n$ a\n'''\n'''yaml change\n'''\n",
      '4:1 a `console` fence that is a step by itself has no `change` fence. Such a step must leave the state as it is.',
    ],
    ["'''ts exercise\n'''\n'''text output\n'''\n'''ts\n'''\n", '1:1 this exercise has no solution'],
    ["'''ts exercise\n'''\n'''text output\n'''\n", '1:1 this exercise has no solution'],
    [`'''ts\n'''\n${SOLVED}`, '3:7 this solution has no exercise before it. Put a fence with the word `exercise` before it'],
    [`'''ts exercise\n'''\n${SOLVED}'''ts solution\n'''\n`, '7:7 this solution has no exercise before it. The exercise at line 1 has its solution at line 3.'],
    ["'''ts exercise\n'''\n'''ts solution\n'''\n'''text error\n'''\n", '1:1 this exercise has nothing to be judged by'],
    [`'''ts exercise title=a\n'''\n${SOLVED.replace('solution', 'solution title=b')}`, '3:16 `title` is given twice, at the exercise and at its solution'],
  ])('%j', (page, problem) => {
    expect(problemsOf(fenced(page))).toEqual([expect.stringContaining(problem)]);
  });
});

test('all problems of a page, in order', () => {
  const page = markdown`
    ---
    timeuot: 5s
    ---
    '''text output
    '''
    '''ts stpe titel=x
    '''
    <div>
    '''ts
    '''
    </div>

    '''yaml stat
    '''
    '''ts exercise fault=x
    '''
  `;
  const { problems } = parseLesson(page, 'a.md');
  expect(problems.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([
    'a.md:2:1',
    'a.md:4:1',
    'a.md:6:7',
    'a.md:6:12',
    'a.md:9:1',
    'a.md:13:9',
    'a.md:15:1',
    'a.md:15:1',
    'a.md:15:16',
  ]);
  for (const { message, advice } of problems) expect([message, advice]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\.$|\?/)]);
});
