/** Front matter → settings, or problems at their place. */
import { describe, expect, test } from 'vitest';
import { parseLesson } from '../../../src/lesson/parse.ts';
import { markdown } from './pages.ts';

const DEFAULTS = { server: null, after: null, steps: 'all', private: false, config: null, cluster: null, timeout: 10_000 };

function parse(frontMatter: string, rest = '\n# Rooms\n') {
  return parseLesson(`---\n${frontMatter}\n---\n${rest}`, 'lessons/07-rooms.md');
}

function problemsOf(text: string) {
  return parseLesson(text, 'a.md').problems.map(({ code, line, column, message, advice }) => [code, `${line}:${column}`, `${message}. ${advice ?? ''}`]);
}

describe('what a page says', () => {
  test.each([
    ['server: ">=2.11"', { server: '>=2.11' }],
    ['server: 2.10', { server: '2.10' }],
    ["server: '>= 2.11 <3 || ^4'", { server: '>= 2.11 <3 || ^4' }],
    ['after: 03-first-rooms', { after: '03-first-rooms' }],
    ['steps: marked', { steps: 'marked' }],
    ['private: true', { private: true }],
    ['private: false', {}],
    ['config: "nats.conf"', { config: 'nats.conf', private: true }],
    ['cluster: 3', { cluster: 3 }],
    ['timeout: 1m30s', { timeout: 90_000 }],
    ['timeout: 500ms # half a second', { timeout: 500 }],
    ['layout: post\ntags: [a, b]\n__proto__: x\nsidebar: { title: 5 }', {}],
    ['{ steps: marked, timeout: 1s }', { steps: 'marked', timeout: 1000 }],
    ['', {}],
    ['# only a comment', {}],
  ])('%j', (frontMatter, settings) => {
    const { lesson, problems } = parse(frontMatter);
    expect(problems).toEqual([]);
    expect(lesson.settings).toEqual({ ...DEFAULTS, ...settings });
  });

  test('the title: front matter, else the first heading, else the name of the file', () => {
    expect(parse('title: "Rooms: a story"').lesson.title).toBe('Rooms: a story');
    expect(parse('title: 42').lesson.title).toBe('42');
    expect(parse('title: >\n  Two\n  lines\n').lesson.title).toBe('Two lines');
    expect(parse('x: 1').lesson.title).toBe('Rooms');
    expect(parse('x: 1', 'no heading').lesson.title).toBe('07-rooms');
    expect(parse('x: 1', '#\n\nA *plain* `text` [of](x) &amp; <b>all</b>\\!\nkinds ![pic](y)\n===\n').lesson.title).toBe('A plain text of & all! kinds pic');
  });

  test('each key of ours has its place, and the whole its span', () => {
    const page = '\uFEFF---\r\nlayout: post\r\nsteps: marked\r\n  # a comment\r\ntimeout: 5s\r\n...  \r\n# Rooms\r\n';
    const { lesson } = parseLesson(page, 'a.md');
    expect(Object.fromEntries(lesson.settingPlaces)).toEqual({ steps: { line: 3, column: 1 }, timeout: { line: 5, column: 1 } });
    expect(lesson.frontMatter && page.slice(lesson.frontMatter.start, lesson.frontMatter.end)).toMatch(/^---\r\n[\s\S]*\r\n\.\.\. {2}$/);
    expect(lesson.title).toBe('Rooms');
  });

  test('the project gives what the page does not', () => {
    const defaults = { steps: 'marked', server: '>=2.12' } as const;
    expect(parseLesson('# A', 'a.md', defaults).lesson.settings).toEqual({ ...DEFAULTS, ...defaults });
    expect(parseLesson('---\nserver: ">=2.10"\n---\n', 'a.md', defaults).lesson.settings.server).toBe('>=2.10');
  });
});

describe('what is no front matter', () => {
  test.each([
    ['a thematic break', '---\ntitle: x\n'],
    ['a line later', '\n---\ntimeuot: 5s\n---\n'],
    ['four dashes', '----\ntimeuot: 5s\n----\n'],
    ['text after the dashes', '--- yaml\ntimeuot: 5s\n---\n'],
    ['an indented one', ' ---\ntimeuot: 5s\n---\n'],
  ])('%s', (_, text) => {
    const { lesson, problems } = parseLesson(text, 'a.md');
    expect([lesson.frontMatter, problems]).toEqual([null, []]);
  });

  test('a fence in the front matter', () => {
    const { lesson, problems } = parseLesson('---\nexample: |\n  ```ts\n  ```\n---\n```ts\n1\n```\n', 'a.md');
    expect([lesson.steps.map(({ line }) => line), problems]).toEqual([[6], []]);
  });
});

describe('problems', () => {
  test.each([
    ['timeuot: 5s', '2:1', 'unknown front matter key `timeuot`. Did you mean `timeout`?'],
    ['step: marked', '2:1', 'Did you mean `steps`?'],
    ['Title: x', '2:1', 'Did you mean `title`?'],
    ['x: 1\nservre: ">=2"', '3:1', 'Did you mean `server`?'],
    ['title:', '2:1', '`title` is empty'],
    ['title: "  "', '2:8', '`title` is empty'],
    ['title: ~', '2:8', '`title` is empty'],
    ['title: [a]', '2:8', '`title` has a value of the wrong type'],
    ['server: latest', '2:9', 'Write a semver range in quotes, such as ">=2.11"'],
    ['server: { min: 2 }', '2:9', '`server` has a value of the wrong type'],
    ['after: 03-rooms.md', '2:8', 'without `.md`'],
    ['after: ../03-rooms', '2:8', 'without a folder'],
    ['after:   []', '2:10', '`after` has a value of the wrong type'],
    ['steps: maked', '2:8', 'Did you mean `marked`?'],
    ['steps: all', '2:8', 'Write `marked`'],
    ['private: "true"', '2:10', 'Write `true` or `false`'],
    ['private: yes', '2:10', '`private` cannot be `yes`'],
    ['config: 1\nconfig: 2', '3:1', 'the key `config` is given twice'],
    ['cluster: three', '2:10', 'Write 3, the number of servers'],
    ['cluster: 0', '2:10', '`cluster` cannot be `0`'],
    ['cluster: 2.5', '2:10', '`cluster` cannot be `2.5`'],
    ['timeout: 10', '2:10', 'a duration above zero with a unit'],
    ['timeout: 0s', '2:10', '`timeout` cannot be `0s`'],
    ['timeout: -5s', '2:10', '`timeout` cannot be `-5s`'],
    ['a: &x 5s\ntimeout: *x', '3:10', '`timeout` has a value of the wrong type'],
    ['title: "open\nx: 1', '4:1', 'not valid YAML: missing closing'],
    ['a: b: c', '2:4', 'not valid YAML'],
    ['\tx: 1', '2:1', 'not valid YAML: tabs are not allowed'],
    ['x: 1\ny: 2\nx: 3', '4:1', 'the key `x` is given twice'],
    ['- a\n- b', '2:1', 'the front matter is not a map of keys'],
    ['Just prose.', '2:1', 'the front matter is not a map of keys'],
  ])('%j', (frontMatter, place, message) => {
    expect(problemsOf(`---\n${frontMatter}\n---\n`)).toEqual([['front-matter', place, expect.stringContaining(message)]]);
  });

  test('all at once, at true lines under any line ending', () => {
    const page = markdown`
      ---
      timeuot: 5s
      server: nine
      cluster: x
      steps: marked
      steps: marked
      ---
    `;
    for (const ending of ['\n', '\r\n', '\r']) {
      expect(problemsOf(page.replaceAll('\n', ending)).map(([, place]) => place)).toEqual(['2:1', '3:9', '4:10', '6:1']);
    }
  });
});

test('what can be read of a broken one holds, so that one mistake is one problem', () => {
  expect(problemsOf('---\nsteps: marked\nservre: 1\nx: [\n---\n```ts twoslash\n```\n')).toEqual([
    ['front-matter', '5:1', expect.stringContaining('not valid YAML')],
  ]);
});
