/** Output, errors and console fences that no longer hold → what the page then says. */
import { describe, expect, test } from 'vitest';
import { fence, page, update } from './scene.ts';

describe('output', () => {
  const rows: [string, string[], string, string[]][] = [
    ['a literal that no longer holds becomes the new literal', ['one', 'two'], 'one\n2\n', ['one', '2']],
    ['a literal never becomes a matcher', ['took 5 ms'], 'took 7 ms\n', ['took 7 ms']],
    ['lines with matchers that still match stay', ['id <id>', 'took <duration>', 'old'], 'id aB3\ntook 1.5ms\nnew\n', ['id <id>', 'took <duration>', 'new']],
    ['a matcher that no longer matches becomes the literal', ['took <duration>'], 'took long\n', ['took long']],
    ['in a line that differs what still matches stays', ['made <date> by Bob'], 'made 2026-11-23 by Ann\n', ['made <date> by Ann']],
    ['`...` stays where it stood for something', ['first', '...', 'last'], 'first\na\nb\nfin\n', ['first', '...', 'fin']],
    ['`<any>` stays only where it stood', ['<any> of 3'], 'nothing\n', ['nothing']],
    ['lines that came are added', ['a', 'c'], 'a\nb\nc\n', ['a', 'b', 'c']],
    ['lines that are gone go', ['a', 'b', 'c'], 'a\nc\n', ['a', 'c']],
    ['a capture is still asked for', ['rev <rev:number>', 'old', 'again <rev>'], 'rev 5\nnew\nagain 5\n', ['rev <rev:number>', 'new', 'again <rev>']],
    ['a capture that differs becomes a literal', ['rev <rev:number>', 'again <rev>'], 'rev 5\nagain 6\n', ['rev <rev:number>', 'again 6']],
    ['what would be read as a matcher is escaped', ['x'], 'a <number> b\n', ['a \\<number> b']],
    ['and what is nearly one', ['x'], '<numbr>\n', ['\\<numbr>']],
    ['a `\\<` is one', ['x'], 'a \\<b>\n', ['a \\\\<b>']],
    ['other angles are literal', ['x'], 'nats [<flags>] <bucket>\n', ['nats [<flags>] <bucket>']],
    ['a line of three dots', ['x'], '...\n', ['\\...']],
    ['a line that begins with a backslash', ['x'], '\\o/\n', ['\\\\o/']],
    ['a line that would end the fence', ['x'], '```\n', ['\\```']],
    ['a `$` and an exit code are text here', ['x'], '$ a\n[1]\n', ['$ a', '[1]']],
    ['a CR, which no line can hold, is `<any>`', ['x'], 'a\rb\n', ['a<any>b']],
    ['escapes are not written', ['x'], '\u001b[31mred\u001b[0m\n', ['red']],
    ['blank lines in between', ['x'], 'a\n\nb\n', ['a', '', 'b']],
  ];
  test.each(rows)('%s', (_, expected, output, lines) => {
    expect(update(page(fence('text output', ...expected)), [{ output }])).toBe(page(fence('text output', ...lines)));
  });

  test('is added after the code, and taken away', () => {
    const without = page();
    const added = update(without, [{ output: 'hello\n' }]);
    expect(added).toBe(page(fence('text output', 'hello')));
    expect(update(added, [{}])).toBe(without);
  });

  test('a thousand lines of which one differs', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index} <any>`);
    const output = lines.map((line, index) => (index === 500 ? 'other' : line.replace('<any>', 'x'))).join('\n');
    expect(update(page(fence('text output', ...lines)), [{ output }])).toBe(page(fence('text output', ...lines.with(500, 'other'))));
  });
});

describe('errors', () => {
  const thrown = (message: string, code?: string) => [{ thrown: { name: 'KvError', message, ...(code && { code }) } }];

  test('one that nobody declared is added after the output', () => {
    const before = page(fence('text output', 'one'));
    expect(update(before, [{ output: 'one\n', thrown: { name: 'Error', message: 'two\nlines' } }])).toBe(
      page(`${fence('text output', 'one')}\n${fence('text error', 'Error: two', 'lines')}`),
    );
  });

  test('the code stays in the form that the page has', () => {
    expect(update(page(fence('text error', 'KvError [10]: no <id>')), thrown('no room', '20'))).toBe(page(fence('text error', 'KvError [20]: no <id>')));
    expect(update(page(fence('text error', 'KvError: old')), thrown('new', '20'))).toBe(page(fence('text error', 'KvError: new')));
  });

  test('one that is not thrown goes, and prose that it stood between does not become one paragraph', () => {
    expect(update(page(fence('text error', 'Error: x')), [{}])).toBe(page());
    expect(update('```ts\na();\n```\n\nOne\n```text error\nx\n```\ntwo\n', [{}])).toBe('```ts\na();\n```\n\nOne\n\ntwo\n');
  });
});

describe('console', () => {
  const console = (...lines: string[]) => fence('console', ...lines);
  const rows: [string, string[], [string, number?][], string[]][] = [
    [
      'a fence of commands alone gets its text',
      ['$ a', '$ b', '> c'],
      [['one\ntwo\n'], ['\n\nthree\n', 2]],
      ['$ a', 'one', 'two', '$ b', '> c', '', '', 'three', '[2]'],
    ],
    ['what still matches stays', ['$ a', 'at <date>', 'x', '', '$ b'], [['at 2026-11-23\ny\n'], ['']], ['$ a', 'at <date>', 'y', '', '$ b']],
    ['an exit code that is another', ['$ a', 'no', '[1]'], [['no\n', 3]], ['$ a', 'no', '[3]']],
    ['an exit code that is none', ['$ a', 'no', '[1]'], [['no\n']], ['$ a', 'no']],
    ['what looks like a command, a continuation or an exit code', ['$ a'], [['> x\n$ y\n[1]\n']], ['$ a', '\\> x', '\\$ y', '\\[1]']],
    ['nothing is printed any more', ['$ a', 'x', '$ b', 'y'], [[''], ['y\n']], ['$ a', '$ b', 'y']],
    ['a no-break blank is a blank', ['$ a', '- was', '+\u00a0is', 'x'], [['-\u00a0was\n+ is\n\u00a0y\n']], ['$ a', '- was', '+\u00a0is', ' y']],
    ['`...` stays', ['$ a', 'x', '...'], [['y\nz\n']], ['$ a', 'y', '...']],
  ];
  test.each(rows)('%s', (_, lines, commands, after) => {
    expect(update(page(console(...lines)), [{ consoles: [commands] }])).toBe(page(console(...after)));
  });

  test('what was captured in an earlier fence is asked for in a later one', () => {
    const both = (last: string) => page(`${fence('text output', 'rev <rev:number>')}\n${console('$ a', last, 'rev <rev>')}`);
    expect(update(both('old'), [{ output: 'rev 7', consoles: [[['new\nrev 7\n']]] }])).toBe(both('new'));
  });
});

describe('what a page did not have and differs each time', () => {
  const rows: [string, string, string, string[]][] = [
    ['dates', 'at 2026-01-01T00:00:01Z', 'at 2026-01-01T00:00:02Z', ['at <date>']],
    ['a time of the run, though both runs print it alike', 'made 2026-11-23 03:06:59', 'made 2026-11-23 03:06:59', ['made <date>']],
    ['another date is text', 'born 1970-01-01', 'born 1970-01-01', ['born 1970-01-01']],
    ['durations', 'took 1.5ms', 'took 12ms', ['took <duration>']],
    ['numbers', 'port 4222 of x', 'port 4223 of x', ['port <number> of x']],
    ['ids', 'Leader: NABC12', 'Leader: NDEF3', ['Leader: <id>']],
    ['sizes', 'disk 1.5 KB', 'disk 900 B', ['disk <size>']],
    ['columns', '│ 953ms       │', '│ 1.05s       │', ['│ <any> │']],
    ['other text', 'a (x) b', 'a (] b', ['a (<any> b']],
    ['a line that comes only once', 'a\nb\nc', 'a\nc', ['a', '...', 'c']],
    ['lines that come only the second time', 'a\nc', 'a\nb\nc', ['a', '...', 'c']],
  ];
  test.each(rows)('%s', (_, one, other, lines) => {
    expect(update(page(), [{ output: one }], [{ output: other }])).toBe(page(fence('text output', ...lines)));
  });

  test('a literal that was there stays one', () => {
    const lesson = page(fence('text output', 'port 1'));
    expect(() => update(lesson, [{ output: 'port 2' }], [{ output: 'port 3' }])).toThrow();
    expect(update(lesson, [{ output: 'port 2' }])).toBe(page(fence('text output', 'port 2')));
  });
});
