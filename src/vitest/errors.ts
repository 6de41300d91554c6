/** Reports and problems → errors as vitest shows them: the stack leads to the Markdown line, the difference is the terminal reporter's. */
import { resolve } from 'node:path';
import picocolors from 'picocolors';
import { type Colors, createColors } from '../report/colors.ts';
import { changesOf, diffOf } from '../report/detail.ts';
import { printable } from '../report/printable.ts';
import { sentence } from '../report/sentences.ts';
import type { Json, LessonReport, Mismatch, Place, Problem, StepReport } from '../types.ts';
import type { LessonPlan } from '../workbook/plan.ts';

/** What vitest's reporters, editors and CI services read of an error. */
export class PageError extends Error {
  override name: string;
  override stack: string;
  /** Printed below the message. */
  diff?: string;
  /** For editors, which show them side by side. */
  expected?: string;
  actual?: string;
  /** vitest makes no difference of its own. */
  showDiff = false;

  /** `below` is further text, such as a difference; `path` is absolute. */
  constructor(name: string, message: string, at: { path: string; place: Place } | null, below = '') {
    super(message);
    this.name = name;
    const [first = '', ...rest] = message.split('\n');
    // The place comes before all that a page or a step may say, for that could look like one.
    const frame = at === null ? [] : [`    at ${at.path}:${at.place.line}:${at.place.column}`];
    this.stack = [`${name}: ${first}`, ...frame, ...rest, ...(below === '' ? [] : ['', below])].join('\n');
  }
}

/** One error for each thing that is not as the page says; none where the step passed. */
export function reportErrors({ path }: { path: string }, report: StepReport): PageError[] {
  if (report.status === 'errored' && report.error !== null) {
    const { name, message, line, column } = report.error;
    const output = printable(report.output).trimEnd().split('\n').slice(-8).join('\n');
    const error = new PageError(name, printable(message), { path, place: { line, column } });
    return [output === '' ? error : Object.assign(error, { diff: `The last that it printed:\n${output}` })];
  }
  return report.mismatches.map((mismatch) => mismatchError(path, mismatch, report));
}

/** A problem of a page, at its place; one of the environment has none. */
export function problemError({ file, line, column, message, advice }: Problem, root: string): PageError {
  const at = file === null || line === null ? null : { path: resolve(root, file), place: { line, column: column ?? 1 } };
  const subject = file !== null && at === null ? `${file}: ` : '';
  return new PageError(at === null ? 'Problem' : 'InvalidPage', printable(`${subject}${message}${advice === null ? '' : `\n${advice}`}`), at);
}

/** A lesson that is skipped because another failed is a failure, also where that one is in no suite. */
export function afterError({ loaded, plan }: LessonPlan, { reason }: LessonReport): PageError {
  const place = plan.lesson.settingPlaces.get('after') ?? { line: 1, column: 1 };
  return new PageError('AfterFailed', printable(`the lesson is skipped, it ${reason}`), { path: loaded.path, place });
}

function mismatchError(path: string, mismatch: Mismatch, { delta }: StepReport): PageError {
  const below = (colors: Colors) => [...diffOf(mismatch, colors), ...(mismatch.path === null ? [] : ['', ...changesOf(delta, colors)])].join('\n');
  const error = new PageError('Mismatch', printable(sentence(mismatch)), { path, place: mismatch.place }, below(createColors(false)));
  return Object.assign(error, {
    diff: below(createColors(picocolors.isColorSupported)),
    expected: shown(mismatch.expected),
    actual: shown(mismatch.actual),
  });
}

function shown(value: Json): string {
  if (value === null) return '';
  return printable(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}
