/** Lessons → the names of their steps, as type checking needs them, and the code in them that is no module at all. */
import { pageProblem } from '../errors.ts';
import { namesOfCode, type StepNames } from '../kernel/names.ts';
import { placeAt } from '../kernel/place.ts';
import type { TypedLesson, TypedStep } from '../typecheck/steps.ts';
import type { Code, Problem } from '../types.ts';
import type { ReadPage } from './load.ts';

/** Of an exercise its solution is type checked, and both must parse. Problems have the code `step`. */
export function typedLesson({ page, lesson }: ReadPage): { typed: TypedLesson; problems: Problem[] } {
  const problems: Problem[] = [];
  const steps: TypedStep[] = [];
  const read = (code: Code): StepNames => {
    const names = namesOfCode(code);
    if (names.broken !== null) problems.push(pageProblem('step', lesson.file, placeAt(code.fence, names.broken.offset), names.broken.message));
    return names;
  };
  for (const { line, code, starter } of lesson.steps) {
    if (starter !== null) read(starter);
    if (code === null) continue;
    const { declared, free, exports, broken } = read(code);
    // Code that is only more than types has types all the same.
    const checked = code.language === 'ts' && broken?.parses !== false && exports.length === 0;
    steps.push({ line, fence: code.fence, checked, declared, used: free });
  }
  return { typed: { path: page.path, file: lesson.file, steps }, problems };
}
