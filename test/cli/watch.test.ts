/** `run --watch` by the real command: what a save runs again, from which step on, and that no way of saving is missed. */
import { mkdtemp, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { lockerroom, page } from './command.ts';
import { WatchedFolder } from './watched.ts';

let open: WatchedFolder | null = null;

async function watch(files: Record<string, string>, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<WatchedFolder> {
  open = await WatchedFolder.open(files, args, env);
  return open;
}

afterEach(async () => {
  await open?.close();
  open = null;
});

/** Steps that print their numbers, the first at line 3. */
const steps = (numbers: string[]) =>
  `# Steps\n${numbers.map((one) => `\n\`\`\`ts\nconsole.log('${one}');\n\`\`\`\n\n\`\`\`text output\n${one}\n\`\`\`\n`).join('')}`;

const count = (text: string) => /(\d+) steps? in (\d+) lessons?: ([^\n]*?) {2}/.exec(text)?.slice(1);

test('a save runs the page from the first step that it changes; what is as it was is not listed', async () => {
  const watched = await watch({ 'lessons/a.md': steps(['1', '2', '3']), 'lessons/b.md': steps(['1']) });
  expect(count(await watched.run())).toEqual(['4', '2', '4 passed']);

  await watched.save('lessons/a.md', steps(['1', 'two', '3']));
  const second = await watched.run();
  expect(second).toMatch(/^Saved: lessons\/a\.md, so this is run: lessons\/a\.md:11\n/);
  expect(count(second)).toEqual(['2', '1', '2 passed']);

  await watched.save('lessons/a.md', steps(['1', 'two', '3']).replace(/3(?=\n```\n$)/, '4'));
  const third = await watched.run();
  expect(third).toMatch(/lessons\/a\.md:24:1: the step prints something else than the page says/);
  expect(count(third)).toEqual(['1', '1', '0 passed, 1 failed']);

  await watched.save('lessons/b.md', steps(['one']));
  const fourth = await watched.run();
  expect(count(fourth)).toEqual(['1', '1', '1 passed']);
  expect(fourth).toContain('Still not as the page says: lessons/a.md:19\n');
});

test('steps before the first that has changed run all the same: their lockers are there', async () => {
  const create = page("```ts\nconst lockers = await kvm.create('Team');\n```\n\n```yaml change\nbuckets: { Team: {} }\n```\n");
  const put = (value: string) =>
    `\n\`\`\`ts\nconsole.log(await lockers.put('k', '${value}'));\n\`\`\`\n\n\`\`\`text output\n1\n\`\`\`\n\n\`\`\`yaml change\nbuckets: { Team: { keys: { k: ${value} } } }\n\`\`\`\n`;
  const watched = await watch({ 'a.md': create + put('socks') }, ['a.md']);
  expect(count(await watched.run())).toEqual(['3', '1', '3 passed']);
  await watched.save('a.md', create + put('shoes'));
  expect(count(await watched.run())).toEqual(['1', '1', '1 passed']);
});

test('prose runs nothing; but what failed is said again, at the lines that it has now', async () => {
  const bad = steps(['1', '2']).replace(/2(?=\n```\n$)/, '3');
  const watched = await watch({ 'lessons/a.md': steps(['1', '2']) });
  await watched.run();
  await watched.save('lessons/a.md', `${steps(['1', '2'])}\nMore prose.\n`);
  expect(await watched.run()).toMatch(/^Saved: lessons\/a\.md; nothing that runs has changed\.\n/);

  await watched.save('lessons/a.md', bad);
  expect(await watched.run()).toContain('lessons/a.md:16:1: ');
  await watched.save('lessons/a.md', bad.replace('# Steps\n', '# Steps\n\nProse.\n'));
  const again = await watched.run();
  expect(again).toContain('lessons/a.md:18:1: ');
  expect(count(again)).toEqual(['1', '1', '0 passed, 1 failed']);
});

test('a page that becomes invalid says why, and is watched on; so is one that goes and comes, and a new one', async () => {
  const watched = await watch({ 'lessons/a.md': steps(['1']), 'lessons/b.md': steps(['1']) });
  await watched.run();
  await watched.save('lessons/a.md', '# Steps\n\n```ts wrong\n```\n');
  await watched.run();
  await watched.until(/^lessons\/a\.md:3:7: .*wrong/m, 'stderr');
  await watched.save('lessons/a.md', steps(['one']));
  expect(count(await watched.run())).toEqual(['1', '1', '1 passed']);

  await unlink(join(watched.folder, 'lessons/a.md'));
  expect(await watched.run()).toMatch(/^Gone: lessons\/a\.md; nothing that runs has changed\.\nWatching 1 lesson ·/);
  await watched.save('lessons/a.md', steps(['one']));
  expect(count(await watched.run())).toEqual(['1', '1', '1 passed']);
  await watched.save('lessons/deeper/still/c.md', steps(['1', '2']));
  expect(await watched.run()).toMatch(/this is run: lessons\/deeper\/still\/c\.md:3\n[\s\S]*2 steps in 1 lesson: 2 passed/);
});

test('a single page that is named: saved by rename, deleted, and back', async () => {
  const watched = await watch({ 'a.md': steps(['1']), 'b.md': steps(['1']) }, ['a.md']);
  await watched.run();
  for (const word of ['one', 'uno', 'eins']) {
    await watched.saveByRename('a.md', steps([word]));
    expect(count(await watched.run())).toEqual(['1', '1', '1 passed']);
  }
  await unlink(join(watched.folder, 'a.md'));
  await watched.run();
  await watched.until(/^a\.md: there is no such file or folder\n/, 'stderr');
  await watched.save('a.md', steps(['1']));
  expect(count(await watched.run())).toEqual(['1', '1', '1 passed']);
});

test('several saves in quick succession are one run', async () => {
  const watched = await watch({ 'lessons/a.md': steps(['1']), 'lessons/b.md': steps(['1']) });
  await watched.run();
  await watched.save('lessons/a.md', '');
  await watched.save('lessons/b.md', steps(['2']));
  await watched.save('lessons/a.md', steps(['1', '2']));
  const text = await watched.run();
  expect(text).toMatch(/^Saved: lessons\/[ab]\.md, lessons\/[ab]\.md, so this is run: lessons\/a\.md:11, lessons\/b\.md:3\n/);
  expect(count(text)).toEqual(['2', '2', '2 passed']);
});

test('a save while a run goes on ends it, and another one begins', async () => {
  const slow = '\n```ts\nconsole.log(await new Promise(() => setInterval(() => {}, 1000)));\n```\n';
  const temporary = await mkdtemp(join(tmpdir(), 'watch-temporary-'));
  const watched = await watch({ 'lessons/a.md': steps(['1']) + slow }, [], { TMPDIR: temporary });
  await vi.waitUntil(async () => (await readdir(temporary)).length > 0);
  await watched.save('lessons/a.md', steps(['1', '2']));
  const text = await watched.run();
  expect(text).not.toContain('Interrupted');
  expect(count(text)).toEqual(['2', '1', '2 passed']);
  expect(await readdir(temporary)).toEqual([]);
  await rm(temporary, { recursive: true });
});

test('what a lesson depends on runs it again: a page before it, its own code, and the code that this imports', async () => {
  const after = `---\nafter: a\n---\n${steps(['1'])}`;
  const uses = "# Uses\n\n```ts\nimport { word } from '../src/word.ts';\nconsole.log(word);\n```\n\n```text output\n<any>\n```\n";
  const watched = await watch({
    'docs/a.md': steps(['1']),
    'docs/b.md': after,
    'docs/c.md': uses,
    'src/word.ts': "export { word } from './deep.ts';\n",
    'src/deep.ts': "export const word = 'w';\n",
    'package.json': '{ "type": "module", "lockerroom": { "lessons": ["docs/*.md"] } }',
  });
  expect(count(await watched.run())).toEqual(['3', '3', '3 passed']);
  await watched.save('docs/a.md', steps(['2']));
  expect(await watched.run()).toMatch(/^Saved: docs\/a\.md, so this is run: docs\/a\.md:3, docs\/b\.md:6\n/);
  await watched.save('src/deep.ts', "export const word = '';\n");
  const text = await watched.run();
  expect(text).toMatch(/^Saved: src\/deep\.ts, so this is run: docs\/c\.md:3\n/);
  expect(count(text)).toEqual(['1', '1', '0 passed, 1 failed']);
});

test('what a step writes beside its page begins no run', async () => {
  const writes = "# Writes\n\n```ts\nimport { writeFileSync } from 'node:fs';\nwriteFileSync('notes.txt', String(Date.now()));\n```\n";
  const watched = await watch({ 'lessons/a.md': writes });
  await watched.run();
  await watched.save('lessons/other.txt', 'x');
  await watched.save('lessons/a.md', steps(['1']));
  expect(await watched.run()).toMatch(/^Saved: lessons\/a\.md, so this is run: lessons\/a\.md:3\n/);
});

test.each([
  ['nothing runs', steps(['1']), /Watching/],
  ['something does', `${steps(['1'])}\n\`\`\`ts\nprocess.stderr.write('');\nawait new Promise(() => setInterval(() => {}, 1000));\n\`\`\`\n`, null],
])('Ctrl-C while %s ends it with 130 and leaves nothing', async (_, text, printed) => {
  const temporary = await mkdtemp(join(tmpdir(), 'watch-interrupt-'));
  const watched = await watch({ 'lessons/a.md': text }, [], { TMPDIR: temporary });
  if (printed !== null) await watched.until(printed);
  else await vi.waitUntil(async () => (await readdir(temporary)).length > 0);
  expect(await watched.close()).toMatchObject({ code: 130, signal: null, stderr: '' });
  open = null;
  expect(await readdir(temporary)).toEqual([]);
  await rm(temporary, { recursive: true });
});

test('thirty steps of lockers: a save of the last one is judged within a second, or as soon as a run of the page is', async () => {
  const room = (index: number) => `\n\`\`\`ts\nawait kvm.create('Room-${index}');\n\`\`\`\n\n\`\`\`yaml change\nbuckets: { Room-${index}: {} }\n\`\`\`\n`;
  const thirty = page(Array.from({ length: 28 }, (_, index) => room(index)).join(''));
  const last = (word: string) => `${thirty}\n\`\`\`ts\nconsole.log('${word}');\n\`\`\`\n\n\`\`\`text output\n${word}\n\`\`\`\n`;
  const watched = await watch({ 'lessons/a.md': last('0') });
  expect(count(await watched.run())).toEqual(['30', '1', '30 passed']);
  const median = (times: number[]) => times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
  const [saves, whole]: number[][] = [[], []];
  for (const word of ['1', '2', '3', '4', '5']) {
    const saved = performance.now();
    await watched.save('lessons/a.md', last(word));
    expect(count(await watched.run())).toEqual(['1', '1', '1 passed']);
    saves?.push(performance.now() - saved);
    const begun = performance.now();
    expect((await lockerroom(['run'], { files: { 'lessons/a.md': last(word) } })).code).toBe(0);
    whole?.push(performance.now() - begun);
  }
  // On a machine that is busy with something else a second is short, and as long for the one as for the other.
  expect(median(saves ?? [])).toBeLessThan(Math.max(1000, median(whole ?? [])));
});

test('reports in files are written anew by each run', async () => {
  const watched = await watch({ 'lessons/a.md': steps(['1']) }, ['--reporter', 'terminal', '--reporter', 'junit:out.xml']);
  await watched.run();
  await watched.save('lessons/a.md', steps(['1', '2']));
  await watched.run();
  expect(await readFile(join(watched.folder, 'out.xml'), 'utf8')).toMatch(/tests="1"/);
});

test.each([
  [['--reporter', 'json'], /with --watch standard output is for people; give the json reporter a file/],
  [['--keep'], /--keep would leave a server for each run of --watch/],
  [['nowhere.md'], /nowhere\.md: there is no such file or folder/],
])('%j is wrong usage', async (args, message) => {
  const { code, stderr } = await lockerroom(['run', '--watch', ...args], { files: { 'lessons/a.md': steps(['1']) } });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
