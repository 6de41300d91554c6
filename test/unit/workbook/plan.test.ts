/** Lessons → the order in which they are begun where several run side by side. */
import { expect, test } from 'vitest';
import { linkLesson } from '../../../src/kernel/link.ts';
import { parseLesson } from '../../../src/lesson/parse.ts';
import type { LoadedLesson } from '../../../src/workbook/load.ts';
import { longestWaitFirst, planLessons } from '../../../src/workbook/plan.ts';

function lesson(file: string, withins: string[], after: LoadedLesson | null = null): LoadedLesson {
  const text = withins.map((within) => `\`\`\`ts\n1;\n\`\`\`\n\n\`\`\`yaml change${within}\nbuckets: {}\n\`\`\`\n`).join('\n');
  const { lesson: parsed } = parseLesson(text, file, { steps: 'all' });
  const { steps: linked } = linkLesson(parsed);
  const steps = parsed.steps.map((step, index) => ({ step, linked: linked[index] ?? null, starter: null }));
  return { path: `/${file}`, text, lesson: parsed, steps, after, page: { path: `/${file}`, file, named: true, lines: null } };
}

test('lessons that wait for what happens by itself begin first, the others in their order', () => {
  const quick = lesson('a.md', ['']);
  const brief = lesson('b.md', [' within=500ms', '']);
  const long = lesson('c.md', [' within=2s', ' within=3s']);
  const { plans } = planLessons([quick, brief, lesson('d.md', ['']), long, lesson('e.md', [''], long)], { grep: null, from: null, bail: false });
  expect(longestWaitFirst(plans).map(({ plan }) => plan.lesson.file)).toEqual(['c.md', 'e.md', 'b.md', 'a.md', 'd.md']);
});
