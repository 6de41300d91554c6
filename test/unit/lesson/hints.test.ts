/** `<details>` whose summary begins with "Hint" → the hints of the exercise that they follow. */
import { describe, expect, test } from 'vitest';
import { parseLesson } from '../../../src/lesson/parse.ts';
import { fenced, markdown } from './pages.ts';

const SOLVED = "\n\n'''ts solution\n'''\n\n'''text output\n'''\n";

/** `summary: Markdown inside` of each hint of each step. */
function hintsOf(page: string): string[][] {
  const text = fenced(page);
  const { lesson, problems } = parseLesson(text, 'page.md');
  expect(problems).toEqual([]);
  return lesson.steps.map(({ hints }) => hints.map(({ summary, span }) => `${summary}: ${text.slice(span.start, span.end).trim()}`));
}

test('the hints of an exercise, in the order of the page; what else is folded is prose', () => {
  const page = markdown`
    '''ts exercise
    '''

    <details>
    <summary>Hint</summary>

    A room is made by **kvm.create**.

    </details>

    <details><summary><b>Hint 2</b>: its
    options</summary>
    They come <i>second</i>.
    </details>

    <details>
    <summary>Solution</summary>

    '''ts solution
    '''

    </details>

    '''text output
    '''

    <details>
    <summary>For the curious</summary>

    '''ts no-run
    await kvm.create('A');
    '''

    </details>
  `;
  expect(hintsOf(page)).toEqual([['Hint: A room is made by **kvm.create**.', 'Hint 2: its options: They come <i>second</i>.']]);
});

describe('whose a hint is', () => {
  const hint = '\n<details><summary>Hint</summary>\n\nx\n\n</details>\n';
  test.each([
    ['after its solution too', `'''ts exercise\n'''${SOLVED}${hint}`, [['Hint: x']]],
    ['not before it', `${hint}\n'''ts exercise\n'''${SOLVED}`, [[]]],
    ['that of the exercise before, not of the next', `'''ts exercise\n'''${SOLVED}${hint}\n'''ts exercise\n'''${SOLVED}`, [['Hint: x'], []]],
    ['of a step that is no exercise: prose', `'''ts\n'''\n${hint}`, [[]]],
    ['in a list, beside its exercise', `- '''ts exercise\n  '''\n\n  <details><summary>Hint</summary>\n\n  x\n\n  </details>${SOLVED}`, [['Hint: x']]],
  ])('%s', (_, page, expected) => {
    expect(hintsOf(page)).toEqual(expected);
  });
});

describe('what is no hint', () => {
  test.each([
    ['a word that only begins so', '<details><summary>Hinterland</summary>\nx\n</details>'],
    ['without a summary', '<details>\nHint\n</details>'],
    ['in a comment', '<!--\n<details><summary>Hint</summary>\nx\n</details>\n-->'],
    ['never closed', '<details><summary>Hint</summary>\n\nx\n'],
    ['closed without having begun', '</details>\n<summary>Hint</summary>'],
    ['a second summary', '<details><summary>More</summary><summary>Hint</summary>\nx\n</details>'],
  ])('%s', (_, html) => {
    expect(hintsOf(`'''ts exercise\n'''\n\n${html}${SOLVED}`)).toEqual([[]]);
  });

  test('what is folded within a hint is part of it', () => {
    const page = "'''ts exercise\n'''\n\n<details><summary>hint</summary>\n<details><summary>More</summary>\nx\n</details>\n</details>";
    expect(hintsOf(`${page}${SOLVED}`)).toEqual([['hint: <details><summary>More</summary>\nx\n</details>']]);
  });
});
