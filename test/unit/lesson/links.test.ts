/** A page → its links at line and column, and the anchors that a link to it may name. */
import { describe, expect, test } from 'vitest';
import { readLinks } from '../../../src/lesson/links.ts';
import { markdown } from './pages.ts';

/** Each link as `target @line:column`. */
function linksOf(page: string): string[] {
  return readLinks(page).links.map(({ target, line, column }) => `${target} @${line}:${column}`);
}

describe('links', () => {
  const rows: [string, string, string[]][] = [
    ['in a paragraph', 'see [a](b.md) and\n[c](d.md#e "title")', ['b.md @1:5', 'd.md#e @2:1']],
    ['over two lines', 'see [a\nb](\nc.md)', ['c.md @1:5']],
    ['in headings', '## See [a](b) ##\n\n[c](d)\n===', ['b @1:8', 'd @3:1']],
    ['in a list and a quote', '- > see [a](b)\n  > [c](d)', ['b @1:9', 'd @2:5']],
    ['behind tabs', '-\t[a](b)\n\n\t[c](d)', ['b @1:3', 'd @3:2']],
    ['in a table', '| a | [b](c) |\n|---|---|\n| [d](e) | f |', ['c @1:7', 'e @3:3']],
    ['behind emoji: UTF-16 units', '😀 [a](b)', ['b @1:4']],
    ['images, in links too', '[![i](p.png)](q.md) ![r](s)', ['q.md @1:1', 'p.png @1:2', 's @1:21']],
    ['references, of all three forms', '[a][x] [x][] [x]\n\n[x]: y.md', ['y.md @1:1', 'y.md @1:8', 'y.md @1:14']],
    ['a reference without a definition is text', '[a][x]', []],
    ['blanks and other letters are encoded', '[a](<b c.md>) [d](é)', ['b%20c.md @1:1', '%C3%A9 @1:15']],
    ['an empty one', 'a []() [b](<>)', [' @1:3', ' @1:8']],
    ['web links', '[a](https://b.c) <https://d.e>', ['https://b.c @1:1']],
    ['HTML, in a line and as a block', 'a <a href="b"><img src=c></a>\n\n<p>\n  <a\n href=\'d\'>', ['b @1:12', 'c @1:24', 'd @5:8']],
    ['none in code, fences and comments', '`[a](b)` `<a href="c">` <!-- <a href="d"> -->\n\n```md\n[e](f)\n```\n\n    [g](h)\n\n<!--\n<a href="i">\n-->', []],
    ['none that is escaped', '\\[a](b) [c\\](d)', []],
    ['behind a BOM and front matter', '\uFEFF---\ntitle: "[a](b)"\n---\n[c](d)', ['d @4:1']],
    ['with CRLF and lone CR', 'a\r\n[b](c)\r[d](e)\r\n', ['c @2:1', 'e @3:1']],
    ['in the first line behind a BOM', '\uFEFF[a](b)', ['b @1:2']],
  ];
  test.each(rows)('%s', (_, page, links) => expect(linksOf(page)).toEqual(links));
});

describe('anchors', () => {
  const rows: [string, string, string[]][] = [
    ['letters, digits, `_` and `-` stay', '# What is `nats kv`, then?\n## a_b-c 2', ['what-is-nats-kv-then', 'a_b-c-2']],
    ['each blank is one `-`', '# a – b & c', ['a--b--c']],
    ['letters of all scripts', '# Übung für 日本', ['übung-für-日本']],
    ['markup falls away', '# *a* **b** [c](d) <i>e</i> ![f](g)', ['a-b-c-e']],
    ['the same again is numbered', '# a\n# a\n# A\n# a-1', ['a', 'a-1', 'a-2', 'a-1-1']],
    ['in lists, quotes, and underlined', '> # a\n\n- ## b\n\nc\n---', ['a', 'b', 'c']],
    ['names of HTML', '<a id="x"></a> <a name=y> <p id=\'z\'>\n\n<div id="w">\n<h2>Two <b>words</b></h2>\n</div>', ['x', 'y', 'z', 'two-words', 'w']],
    ['nothing in comments and fences', '<!-- <a id="x"> -->\n\n```\n# a\n```', []],
    ['names of Object', '# constructor\n# `__proto__`\n# constructor', ['constructor', '__proto__', 'constructor-1']],
    ['an id that the heading gives itself', '## Assign one {#assign}', ['assign-one-assign', 'assign']],
    ['signs alone', '# ???', ['']],
  ];
  test.each(rows)('%s', (_, page, anchors) => expect([...readLinks(page).anchors]).toEqual(anchors));
});

test('a lesson keeps its links beside its steps', () => {
  const page = markdown`
    # A

    '''ts
    console.log('[no](link)');
    '''

    Next: [b](b.md).
  `;
  expect(linksOf(page)).toEqual(['b.md @7:7']);
});

test('hostile pages are read in a moment', () => {
  for (const page of ['['.repeat(20_000), '[a]('.repeat(5_000), '> '.repeat(5_000), '<a '.repeat(20_000), `# a\n`.repeat(3_000), '<!--'.repeat(5_000)]) {
    const began = performance.now();
    readLinks(page);
    expect(performance.now() - began).toBeLessThan(3_000);
  }
});
