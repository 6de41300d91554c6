/** `run --update`: pages that no longer tell the truth → pages that do, written whole or not at all. */
import { chmod, lstat, mkdir, readdir, readFile, rename, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { page } from './command.ts';
import { inFolder } from './in-folder.ts';

const read = (folder: string, name = 'a.md') => readFile(join(folder, name), 'utf8');
const create = (value: string, rest = '') =>
  page(`\`\`\`ts\nconst a = await kvm.create('A');\nawait a.put('k', 'new');\nconsole.log('put', Date.now());\n\`\`\`\n\n${value}${rest}`);
const output = '```text output\nput <number>\n```\n';
const state = (value: string) => `\n\`\`\`yaml state\nbuckets:\n  A: # the first\n    keys: { k: "${value}" }\n\`\`\`\n`;
const close = '\n```ts\nawait nc.close();\n```\n';

describe.concurrent('a page that no longer holds', () => {
  test('is written, says so, and is then left alone', async () => {
    await inFolder({ 'a.md': create(`${output}${state('old')}${close}`) }, async (run, folder) => {
      const first = await run('run', '--update', 'a.md');
      expect(first).toMatchObject({ code: 1, stderr: '' });
      expect(first.stdout).toContain('the value of key k of bucket A is not the one that the page gives');
      expect(first.stdout).toMatch(/\na\.md: 1 expectation brought up to date\.\n$/);
      expect(await read(folder)).toBe(create(`${output}${state('new')}${close}`));
      const before = await stat(join(folder, 'a.md'));
      expect(await run('run', '--update', 'a.md')).toMatchObject({ code: 0 });
      expect((await stat(join(folder, 'a.md'))).mtimeMs).toBe(before.mtimeMs);
    });
  });

  test('without expectations gets those it needs; what differs each time is a matcher', async () => {
    await inFolder({ 'a.md': create('', close) }, async (run, folder) => {
      expect((await run('run', '--update', 'a.md')).stdout).toMatch(/\na\.md: 2 expectations added\.\n$/);
      const plain = state('new').replace(' # the first', '').replace('{ k: "new" }', '\n      k: new').replace('keys: \n', 'keys:\n');
      expect(await read(folder)).toBe(create(`${output}${plain}\n`, close));
      expect(await run('run', 'a.md')).toMatchObject({ code: 0 });
    });
  });

  test('--update=propose leaves it, and writes beside it', async () => {
    const text = create(`${output}${state('old')}${close}`);
    await inFolder({ 'a.md': text }, async (run, folder) => {
      const proposed = await run('run', '--update=propose', 'a.md', '--reporter', 'json');
      expect(proposed.code).toBe(1);
      expect(proposed.stderr).toContain('a.md.corrected: 1 expectation brought up to date.\n');
      expect(await read(folder)).toBe(text);
      expect(await read(folder, 'a.md.corrected')).toBe(create(`${output}${state('new')}${close}`));
    });
  });

  test('one difference is not told again by the steps after it', async () => {
    const later = (value: string) =>
      `${output}${state(value)}\n\`\`\`ts\nawait a.put('j', 'x');\n\`\`\`\n\n\`\`\`yaml change\nbuckets: { A: { keys: { j: x } } }\n\`\`\`\n${close}`;
    await inFolder({ 'a.md': create(later('old')) }, async (run, folder) => {
      await run('run', '--update', 'a.md');
      expect(await read(folder)).toBe(create(later('new')));
    });
  });

  test('with a line, only that step is touched', async () => {
    const two = (one: string, other: string) =>
      `\`\`\`ts\nconsole.log(1);\n\`\`\`\n\n\`\`\`text output\n${one}\n\`\`\`\n\n\`\`\`ts\nconsole.log(2);\n\`\`\`\n\n\`\`\`text output\n${other}\n\`\`\`\n`;
    await inFolder({ 'a.md': two('x', 'y') }, async (run, folder) => {
      expect(await run('run', '--update', 'a.md:9')).toMatchObject({ code: 1 });
      expect(await read(folder)).toBe(two('x', '2'));
    });
  });

  test('and the page that comes after it, in one go', async () => {
    const after = `---\nafter: a\n---\n\n${page("```ts\nconst a = await kvm.open('A');\nawait a.delete('k');\nawait nc.close();\n```\n")}`;
    await inFolder({ 'a.md': create('', close), 'b.md': after }, async (run, folder) => {
      const { code, stdout } = await run('run', '--update', 'b.md', 'a.md');
      expect(code).toBe(1);
      expect(stdout).toMatch(/b\.md: 1 expectation added\.\n/);
      expect(stdout).not.toContain('whose step');
      expect(await read(folder, 'b.md')).toContain('```yaml change\nbuckets:\n  A:\n    keys:\n      k: { deleted: true }\n```\n');
      expect(await run('run')).toMatchObject({ code: 2 });
      expect(await run('run', '.')).toMatchObject({ code: 0 });
    });
  });
});

describe.concurrent('what is left alone', () => {
  test('an invalid page, and a step that could not be judged', async () => {
    const [invalid, stuck] = ['```ts stp\n1;\n```\n', '```ts\nprocess.exit(1);\n```\n\n```ts\nconsole.log(1);\n```\n'];
    await inFolder({ 'a.md': invalid, 'b.md': stuck }, async (run, folder) => {
      expect(await run('run', '--update', '.')).toMatchObject({ code: 2 });
      expect(await read(folder)).toBe(invalid);
      expect(await read(folder, 'b.md')).toBe(`${stuck}\n\`\`\`text output\n1\n\`\`\`\n`);
    });
  });

  test('a step whose error would make the page invalid, which is said', async () => {
    const text = '```ts\nconst name = 1;\nthrow new Error("no");\n```\n\n```ts\nname;\n```\n';
    await inFolder({ 'a.md': text }, async (run, folder) => {
      const { code, stdout } = await run('run', '--update', 'a.md');
      expect({ code, text: await read(folder) }).toEqual({ code: 1, text });
      expect(stdout).toContain('a.md:1: this step is left as it is: no valid page says what it came to.');
    });
  });

  test('console fences where the twin is off', async () => {
    await inFolder({ 'a.md': page('```ts\nawait nc.close();\n```\n\n```console\n$ nats --version\nnothing\n```\n') }, async (run, folder) => {
      const text = await read(folder);
      const { code, stdout } = await run('run', '--update', '--twin', 'off', 'a.md');
      expect({ code, text: await read(folder) }).toEqual({ code: 0, text });
      expect(stdout).toContain('Console fences that did not run are left as they are.');
    });
  });

  test('an exercise that nothing can be said of', async () => {
    const text = '```ts exercise\n1;\n```\n\n```ts solution\n2;\n```\n';
    await inFolder({ 'a.md': text }, async (run, folder) => {
      const { code, stderr } = await run('run', '--update', 'a.md');
      expect({ code, text: await read(folder) }).toEqual({ code: 2, text });
      expect(stderr).toContain('a.md:1:1: this exercise has nothing to be judged by');
    });
  });
});

describe.concurrent('the file', () => {
  test('that was changed meanwhile is not overwritten', async () => {
    const text = "```ts\nimport { appendFileSync } from 'node:fs';\nappendFileSync('a.md', 'More.\\n');\nconsole.log(1);\n```\n";
    await inFolder({ 'a.md': text }, async (run, folder) => {
      const { code, stdout } = await run('run', '--update', 'a.md');
      expect(code).toBe(1);
      expect(stdout).toContain('a.md: it was changed by someone else while it was run, and is left as it is; run the update again.');
      expect(await read(folder)).toMatch(/```\n(More\.\n)+$/);
      expect(await read(folder)).not.toContain('output');
    });
  });

  test('that cannot be written is as it was, and nothing lies beside it', async () => {
    const text = '```ts\nconsole.log(1);\n```\n';
    await inFolder({ 'a.md': text }, async (run, folder) => {
      await mkdir(join(folder, 'a.md.corrected'));
      const { code, stdout } = await run('run', '--update=propose', 'a.md');
      expect(code).toBe(1);
      expect(stdout).toMatch(/a\.md: it cannot be written \(E\w+\); it is as it was\./);
      expect((await readdir(folder)).sort()).toEqual(['a.md', 'a.md.corrected']);
      expect(await read(folder)).toBe(text);
    });
  });

  test('that is a link stays one, and keeps its mode', async () => {
    await inFolder({ 'a.md': '```ts\nconsole.log(1);\n```\n' }, async (run, folder) => {
      await mkdir(join(folder, 'real'));
      await rename(join(folder, 'a.md'), join(folder, 'real/page.md'));
      await chmod(join(folder, 'real/page.md'), 0o640);
      await symlink('real/page.md', join(folder, 'a.md'));
      await run('run', '--update', 'a.md');
      expect((await lstat(join(folder, 'a.md'))).isSymbolicLink()).toBe(true);
      expect((await stat(join(folder, 'real/page.md'))).mode & 0o777).toBe(0o640);
      expect(await read(folder, 'real/page.md')).toContain('```text output\n1\n```\n');
      expect(await readdir(join(folder, 'real'))).toEqual(['page.md']);
    });
  });

  test('is as it was after Ctrl-C', async () => {
    const text =
      '```ts\nconsole.log(1);\n```\n\n```ts\nprocess.kill(process.ppid, "SIGINT");\nawait new Promise((resolve) => setTimeout(resolve, 5000));\n```\n';
    await inFolder({ 'a.md': text }, async (run, folder) => {
      expect(await run('run', '--update', 'a.md')).toMatchObject({ code: 130 });
      expect(await read(folder)).toBe(text);
      expect(await readdir(folder)).toEqual(['a.md']);
    });
  });
});
