/** What README.md tells people to type, write and copy → it works as it stands there. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseArguments } from '../../src/cli/arguments.ts';
import { readJunit } from '../unit/report/xml.ts';
import { lockerroomFiles } from './command.ts';
import { inFolder } from './in-folder.ts';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const fences = new MarkdownIt().parse(README, {}).filter(({ type }) => type === 'fence');

/** The words behind `npx lockerroom`, as a shell reads them; what stands behind a `#` is not for it. */
function wordsOf(line: string): string[] {
  const [, rest = ''] = /npx lockerroom\b(.*)/.exec(line) ?? [];
  return [...rest.replace(/\s# .*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

const commands = fences
  .filter(({ info }) => info === 'console')
  .flatMap(({ content }) => content.split('\n').filter((line) => line.includes('npx lockerroom')));

test('there are commands to try', () => {
  expect(commands.length).toBeGreaterThan(10);
});

test.each(commands)('%s: there is such a command, and it has these flags', (line) => {
  expect(parseArguments(wordsOf(line), '0.0.0')).toMatchObject({ do: 'perform' });
});

describe('the chapter on writing a lesson', () => {
  const pages = fences.filter(({ info }) => info === 'markdown').map(({ content }) => content);
  const chapter = README.slice(README.indexOf('## Write your own lesson in ten minutes'), README.indexOf('## The command'));
  const typed = [...chapter.matchAll(/^\$ npx lockerroom.*/gm)].map(([line]) => wordsOf(line));

  test('its commands, one after the other, with its page in the place of the one that was made', async () => {
    expect(pages).toHaveLength(1);
    expect(typed.map(([command]) => command)).toEqual(['new', 'run', 'check', 'mutate']);
    await inFolder({}, async (lockerroom, folder) => {
      for (const words of typed) {
        const run = await lockerroom(...words.filter((word) => word !== '--watch'));
        expect({ words, code: run.code }).toEqual({ words, code: 0 });
        if (words[0] === 'run') await writeFile(join(folder, 'lessons/lost-and-found.md'), pages[0] ?? '');
      }
      expect((await lockerroom('run')).stdout).toMatch(/3 steps in 1 lesson: 3 passed/);
    });
  });

  test('being wrong is said at its line, as the chapter promises', async () => {
    const page = (pages[0] ?? '').replace("'an umbrella'", "'a bag'");
    const line = page.split('\n').indexOf('      monday: an umbrella') + 1;
    const { code, stdout } = await lockerroomFiles(['run', 'a.md'], [], { files: { 'a.md': page } });
    expect(code).toBe(1);
    expect(stdout).toContain(`a.md:${line}:7: the value of key monday of bucket Lost-and-Found is not the one that the page gives`);
    expect(stdout).toMatch(/- monday: an umbrella\n +\+ monday: a bag\n[\s\S]*What the step itself changed:\n/);
  });
});

describe('the workflow for each night', () => {
  interface Workflow {
    on: { schedule: { cron: string }[] };
    jobs: Record<string, { steps: { uses?: string; run?: string; if?: string; with?: Record<string, unknown> }[] }>;
  }
  const text = fences.find(({ content }) => content.startsWith('# .github/workflows/'))?.content ?? '';
  const { on, jobs } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const runs = steps.flatMap(({ run }) => (run?.startsWith('npx lockerroom') ? [wordsOf(run)] : []));
  const page = '# Guide\n\n```ts step\nconsole.log(1);\n```\n\n```text output\n1\n```\n\n```console step\n$ echo 1\n1\n```\n';
  const files = { 'package.json': '{ "lockerroom": { "lessons": ["docs/**/*.md"], "steps": "marked" } }', 'docs/guide.md': page };

  test('it runs each night, and what it keeps is what is written', () => {
    expect(on.schedule.map(({ cron }) => cron)).toEqual([expect.stringMatching(/^\d+ \d+ \* \* \*$/)]);
    expect(runs.map(([command]) => command)).toEqual(['check', 'run']);
    const kept = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
    expect(kept?.if).toBe('always()');
    expect(runs.flat()).toContain(`junit:${kept?.with?.path}`);
  });

  test.each(runs)('%s: passes where the page is true; the report is there', async (...words) => {
    const { code, files: written } = await lockerroomFiles(words, ['lessons.xml', 'summary.md'], { files, env: { GITHUB_STEP_SUMMARY: 'summary.md' } });
    expect(code).toBe(0);
    expect(written['summary.md']).toContain('✅');
    if (words[0] === 'run') expect(readJunit(written['lessons.xml'] ?? '').cases).toHaveLength(1);
  });

  test('a page that is no longer true fails the job, with an annotation at its line', async () => {
    const [, run = []] = runs;
    const { code, stdout } = await lockerroomFiles(run, [], { files: { ...files, 'docs/guide.md': page.replace('output\n1', 'output\n2') } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error file=docs\/guide\.md,line=8,col=1,/m);
  });
});
