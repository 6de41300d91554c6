/** Lessons → the names of their steps, as type checking needs them, and the code in them that is no module at all. */
import { pageProblem } from '../errors.ts';
import { namesOf } from '../kernel/names.ts';
import { placeAt } from '../kernel/place.ts';
import type { TypedLesson, TypedStep } from '../typecheck/steps.ts';
import type { Code, Problem } from '../types.ts';
import type { ReadPage } from './load.ts';

/** Of an exercise its solution is type checked, and both must parse. Problems have the code `step`. */
export function typedLesson({ page, lesson }: ReadPage): { typed: TypedLesson; problems: Problem[] } {
  const problems: Problem[] = [];
  const steps: TypedStep[] = [];
  for (const { line, code, starter } of lesson.steps) {
    if (code === null) continue;
    for (const one of starter === null ? [code] : [starter, code]) {
      const broken = brokenCode(lesson.file, one);
      if (broken !== null) problems.push(broken);
    }
    const { declared, free, exports, broken } = namesOf(code.fence.text, code.language);
    const checked = code.language === 'ts' && broken === null && exports.length === 0;
    steps.push({ line, fence: code.fence, checked, declared, used: free });
  }
  return { typed: { path: page.path, file: lesson.file, steps }, problems };
}

function brokenCode(file: string, { fence, language }: Code): Problem | null {
  const { broken } = namesOf(fence.text, language);
  return broken && pageProblem('step', file, placeAt(fence, broken.offset), broken.message);
}
