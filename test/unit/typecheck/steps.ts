/** A page → its steps as type checking takes them, through the real parser and the real analysis of names. */
import { parseLesson } from '../../../src/lesson/parse.ts';
import type { TypedLesson } from '../../../src/typecheck/steps.ts';
import { typedLesson } from '../../../src/workbook/types.ts';

/** `path` is where the page lies. */
export function typed(page: string, path: string): TypedLesson {
  const file = path.split('/').at(-1) ?? path;
  const { lesson } = parseLesson(page, file);
  return typedLesson({ page: { path, file, named: true, lines: null }, text: page, lesson }).typed;
}
