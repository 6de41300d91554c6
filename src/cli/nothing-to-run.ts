/** Pages that hold nothing to do → the problem that says so, where nothing else does. */
import type { Problem } from '../types.ts';
import { WHAT_A_STEP_IS } from '../workbook/load.ts';

/** How many pages were found, how many of them are lessons, and what else is known to be wrong. */
export function nothingToRun(pages: number, lessons: number, others: Problem[]): Problem[] {
  if (lessons > 0 || others.length > 0) return [];
  const message = pages === 0 ? 'no page was found' : 'none of the pages holds a step';
  return [{ code: 'not-found', file: null, line: null, column: null, message, advice: WHAT_A_STEP_IS }];
}
