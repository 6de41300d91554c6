/** What a run came to → the Markdown of a job's page: it is read here as GitHub reads it, by a Markdown parser. */
import MarkdownIt from 'markdown-it';
import { expect, test } from 'vitest';
import { githubReporter } from '../../../src/report/github.ts';
import { jobSummary } from '../../../src/report/github-summary.ts';
import type { RunSummary } from '../../../src/report/reporter.ts';
import { errored, FILE, failed, invalid, lesson, output, pageOf, pipe, skipped, step, summary } from './scene.ts';

const MIB = 1024 * 1024;
const markdown = new MarkdownIt({ html: true });

function write(some: Partial<RunSummary>, room = MIB) {
  return jobSummary(summary(some), { pageOf, room, hidden: 0 });
}

function fencesIn(text: string) {
  return markdown.parse(text, {}).filter(({ type }) => type === 'fence');
}

test('the lessons in a table, then what is wrong with its diff', () => {
  const text = write({ exitCode: 1, lessons: [lesson([step(), failed, errored, skipped])], problems: [invalid] });
  expect(text).toMatch(/^## ❌ Locker Room: 1 passed, 1 failed, 1 errored, 1 skipped, 1 problem \(1\.5 s, nats-server 2\.15\.2\)\n/);
  const html = markdown.render(text);
  expect(html).toContain(`<td>❌ Rooms <br><code>${FILE}</code></td>`);
  expect(html.match(/<td style="text-align:right">.*<\/td>/g)?.map((cell) => cell.replace(/<[^>]*>/g, ''))).toEqual(['1', '1', '1', '1', '412']);
  expect(html.match(/<h3>.*<\/h3>/g)?.map((heading) => heading.replace(/<[^>]*>/g, ''))).toEqual([
    'lessons/09-bad.md:4:7',
    `${FILE}:8:1`,
    `${FILE}:13:20`,
    `${FILE}:21:1`,
  ]);
  expect(fencesIn(text).map(({ info, content }) => `${info}: ${content.split('\n').slice(0, 3).join(' / ')}`)).toEqual([
    'diff: - the page says   + the run shows / - 2 / + 1',
    'diff: - the page says   + the run shows / - history: 5 / ',
    expect.stringMatching(/^diff: /),
  ]);
  expect(html).toContain('skipped, it uses `room`, of a step that threw');
});

test('all passed is one line and the table', () => {
  const text = write({ lessons: [lesson([step()])] });
  expect(text).toMatch(/^## ✅ Locker Room: 1 passed/);
  expect(text).not.toContain('###');
});

test('nothing that a page or a step says becomes Markdown or HTML, and nothing closes its fence', () => {
  const evil = '</table><script>alert(1)</script> | *b* `x` [l](http://e) # h\n````';
  const strange = { ...output, expected: evil, actual: `${evil}\n~~~\n\`\`\`\`\`\` x` };
  const text = write({ exitCode: 1, lessons: [lesson([step({ title: evil, status: 'failed', mismatches: [strange] })], { title: evil, file: evil })] });
  const tokens = markdown.parse(text, {});
  const html = markdown.render(text);
  expect(html).not.toMatch(/<script|<em>|<a /);
  expect(html.match(/<tr>/g)).toHaveLength(2);
  expect(tokens.filter(({ type }) => type === 'fence')).toHaveLength(1);
  expect(fencesIn(text)[0]?.content).toContain('+ `````` x');
});

test('it keeps to its room: whole parts, and a word on what is left out', () => {
  const lessons = Array.from({ length: 400 }, () => lesson([step({ ...failed, mismatches: [{ ...output, actual: '🏒'.repeat(2000) }] })]));
  const text = write({ exitCode: 1, lessons });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MIB);
  expect(Buffer.byteLength(text)).toBeGreaterThan(MIB * 0.9);
  expect(text).toMatch(/\n… \d+ more parts have no room here; the log has them all\.\n$/);
  expect(write({ lessons: [lesson([step()])] }, 10)).toBe('');
  expect(write({ lessons: [lesson([step()])] }, -5)).toBe('');
});

test('it says how many annotations GitHub does not show', () => {
  const sink = pipe();
  const summarySink = pipe();
  const mismatches = Array.from({ length: 13 }, () => output);
  githubReporter({ sink, summary: { room: MIB, write: summarySink.write }, pageOf, pathOf: (file) => file }).end(
    summary({ exitCode: 1, lessons: [lesson([step({ status: 'failed', mismatches })])] }),
  );
  expect(sink.text().match(/^::error /gm)).toHaveLength(13);
  expect(summarySink.text()).toContain('GitHub shows ten annotations of a kind; 3 more are not among them.');
});
