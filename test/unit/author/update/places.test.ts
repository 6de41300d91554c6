/** Where new expectations stand, and what stays byte for byte: line ends, prefixes of lists and quotes, everything else. */
import { describe, expect, test } from 'vitest';
import { building, type Doing, fence, put, update } from './scene.ts';

const holds = building({ A: { keys: { k: put('x') } } });
const doings: Doing[] = [{ output: 'one\n\ntwo\n', thrown: { name: 'Error', message: 'no' }, holds, consoles: [[['printed\n', 1]]] }];

const whole = (mark = '```') => [
  `${mark}ts`,
  'work();',
  mark,
  '',
  `${mark}text output`,
  'one',
  '',
  'two',
  mark,
  '',
  `${mark}text error`,
  'Error: no',
  mark,
  '',
  `${mark}yaml state`,
  'buckets:',
  '  A:',
  '    keys:',
  '      k: x',
  mark,
  '',
  `${mark}console`,
  '$ a',
  'printed',
  '[1]',
  mark,
];
const bare = (mark = '```') => [`${mark}ts`, 'work();', mark, '', `${mark}console`, '$ a', mark];

/** The lines in a container: what stands before the first of them, and before the others. */
const within = (first: string, rest: string, lines: string[]) => [
  '# A page',
  '',
  ...lines.map((line, index) => (index === 0 ? first + line : (rest + line).replace(/[ \t]+$/, line === '' ? '' : '$&'))),
  '',
  'Prose.',
  '',
];

describe('a page with nothing but its code gets all of it, in order', () => {
  const rows: [string, (lines: string[]) => string, string?][] = [
    ['as it is', (lines) => within('', '', lines).join('\n')],
    ['CRLF', (lines) => within('', '', lines).join('\r\n')],
    ['lone CR', (lines) => within('', '', lines).join('\r')],
    ['a BOM', (lines) => `\uFEFF${within('', '', lines).join('\n')}`],
    ['without an end of line at its end', (lines) => lines.join('\n')],
    ['a BOM before the first fence', (lines) => `\uFEFF${lines.join('\n')}`],
    ['a list', (lines) => within('1. ', '   ', lines).join('\n')],
    ['a list, CRLF', (lines) => within('- ', '  ', lines).join('\r\n')],
    ['a quote', (lines) => within('> ', '> ', lines).join('\n')],
    ['a list in a quote', (lines) => within('> - ', '>   ', lines).join('\n')],
    ['a list with a tab', (lines) => within('-\t', '\t', lines).join('\n')],
    ['indented', (lines) => within('  ', '  ', lines).join('\n')],
    ['tildes', (lines) => within('', '', lines).join('\n'), '~~~~'],
    ['details', (lines) => ['<details>', '', ...lines, '', '</details>', ''].join('\n')],
  ];
  test.each(rows)('%s', (_, pageOf, mark) => {
    expect(update(pageOf(bare(mark)), doings)).toBe(pageOf(whole(mark)));
  });
});

test('code that nothing closes is closed', () => {
  expect(update('# A\n\n```ts\nwork();\n', [{ output: 'x' }])).toBe('# A\n\n```ts\nwork();\n```\n\n```text output\nx\n```\n');
  expect(update('- ```ts\n  work();', [{ output: 'x' }])).toBe('- ```ts\n  work();\n  ```\n\n  ```text output\n  x\n  ```');
});

test('a last fence that nothing closes is edited', () => {
  expect(update('```ts\nwork();\n```\n\n```text output\none', [{ output: 'one\ntwo\n' }])).toBe('```ts\nwork();\n```\n\n```text output\none\ntwo');
});

test('of prose, comments and odd blanks no byte changes', () => {
  const page = (value: string) =>
    `---\r\ntitle:   odd\r\n---\r\n\r\nText \t \r\n\r\n>   \`\`\`js  title='x'  \r\n> work();\r\n>\t\`\`\`\t\r\n>\r\n> \`\`\` yaml   state within=1s\r\n>   buckets: # all\r\n> \r\n>     A:   {keys: {  k:   ${value}  }}   # A\r\n>   # end\r\n> \`\`\`\r\n\r\n\r\n| a |\r\n`;
  expect(update(page('old'), [{ holds }])).toBe(page('x'));
});

describe('an exercise', () => {
  const exercise = (...below: string[]) =>
    `# A\n\n${fence('ts exercise', 'start();')}\n<details><summary>Solution</summary>\n\n${fence('ts solution', 'work();')}\n</details>\n${below.map((one) => `\n${one}`).join('')}\nProse.\n`;

  test('gets what it is judged by after its solution, with all that is kept', () => {
    const kept = building({ A: { settings: { history: 2 }, keys: { k: [...put('a'), ...put('b', 2)] } } });
    const lines = ['buckets:', '  A:', '    history: 2', '    keys:', '      k:', '        value: b', '        revision: 2', '        history:'];
    const history = ['          - { value: a, revision: 1 }', '          - { value: b, revision: 2 }'];
    expect(update(exercise(), [{ output: 'x', holds: kept }])).toBe(exercise(fence('text output', 'x'), fence('yaml state', ...lines, ...history)));
  });

  test('keeps the one expectation that it must have', () => {
    expect(update(exercise(fence('text output', 'x')), [{}])).toBe(exercise(fence('text output')));
    expect(update(exercise(fence('yaml change', 'buckets: { A: {} }')), [{}])).toBe(exercise(fence('yaml change', 'buckets: {}')));
  });
});

test('commands before the first step are a step, which gets a state only', () => {
  const page = (text: string[], rest = '') => `# A\n\n${fence('console', '$ a', ...text)}${rest}\nProse.\n`;
  expect(update(page([]), [{ consoles: [[['hi\n']]] }])).toBe(page(['hi']));
});

test('only steps that were judged are touched', async () => {
  const { updatePage } = await import('../../../../src/author/update/update-page.ts');
  const { parse, recordingOf } = await import('./scene.ts');
  const text = `${fence('ts', 'a();')}\n${fence('ts', 'b();')}`;
  const lesson = parse(text) ?? expect.fail();
  const recordings = [recordingOf([{ output: 'a', holds }, { output: 'b' }])];
  const given = { text, lesson, recordings, judged: new Set([1]), late: new Set<number>(), during: { from: 0, to: 0 }, parse };
  expect(updatePage(given).text).toBe(`${text}\n${fence('text output', 'b')}`);
});

test('what no valid page can say is left', async () => {
  const { updatePage } = await import('../../../../src/author/update/update-page.ts');
  const { parse, recordingOf } = await import('./scene.ts');
  const text = fence('ts', 'a();');
  const given = { text, lesson: parse(text) ?? expect.fail(), judged: new Set([0]), late: new Set<number>(), during: { from: 0, to: 0 } };
  const noErrors = (page: string) => (page.includes('error') ? null : parse(page));
  const updated = updatePage({ ...given, recordings: [recordingOf([{ thrown: { name: 'Error', message: 'x' } }])], parse: noErrors });
  expect({ text: updated.text, left: updated.left }).toEqual({ text, left: [0] });
});
