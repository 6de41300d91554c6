/** What `tsc` says of a step's module → a problem at its true place in the page, with advice for what is met often. */
import { pageProblem } from '../errors.ts';
import type { Place, Problem } from '../types.ts';
import { firstLineOf } from './module.ts';
import type { StepFile } from './project.ts';
import type { TypedStep } from './steps.ts';
import type { Diagnostic } from './tsc.ts';

/**
 * Complaints that are passed over: a package or file of plain JavaScript is `any`, as a `js` fence is; and that a variable without a type is assigned to in
 * another step cannot be seen from its own.
 */
const PASSED_OVER = new Set([7016, 7034, 7005, 2632]);

/** Null where it is not about the step's own code. `files` are all modules, whose paths messages may name. */
export function problemOf(diagnostic: Diagnostic, { lesson, step }: StepFile, files: Map<string, StepFile>): Problem | null {
  const place = PASSED_OVER.has(diagnostic.code) ? null : placeIn(step, diagnostic);
  if (place === null) return null;
  const message = `TS${diagnostic.code}: ${withoutPaths(diagnostic.message, files)}`;
  return pageProblem('type', lesson.file, place, message, adviceFor(diagnostic, step, lesson.steps));
}

/** A place in the module → that in the page; null for the lines that are not the page's. TypeScript ends a line at U+2028 and U+2029 too. */
export function placeIn(step: TypedStep, { line, column }: Place): Place | null {
  const { fence } = step;
  const starts = [0, ...[...fence.text.matchAll(/[\n\u2028\u2029]/g)].map(({ index }) => index + 1)];
  const start = starts[line - firstLineOf(step)];
  if (start === undefined || start >= fence.text.length) return null;
  const before = fence.text.slice(0, start + column - 1).split('\n');
  const origin = fence.lines[before.length - 1];
  return origin === undefined ? null : { line: origin.line, column: origin.column + (before.at(-1)?.length ?? 0) };
}

/** A message names a module of ours by its path without the ending, where it tells apart two types of one name. */
function withoutPaths(message: string, files: Map<string, StepFile>): string {
  return message.replace(/import\("([^"]*)"\)/g, (whole, path: string) => {
    const found = files.get(`${unescaped(path)}.ts`);
    return found === undefined ? whole : `import("${found.lesson.file}:${found.step.line}")`;
  });
}

/** tsc writes letters that are not ASCII as a string literal would. */
function unescaped(literal: string): string {
  return literal.replace(/\\u([0-9A-F]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function adviceFor({ code, message }: Diagnostic, step: TypedStep, steps: TypedStep[]): string | null {
  const name = /'([^']*)'/.exec(message)?.[1] ?? '';
  switch (code) {
    case 1484:
    case 1485:
      return `write import type { ${name} }, or type ${name} among the names: at run time there is no such name to import`;
    case 1361:
      return 'import it without `type`: here it is used as a value';
    case 2307:
    case 2882:
      return /^\.{0,2}\//.test(name)
        ? 'a relative import is seen from the folder of the page, and needs its ending, such as .ts'
        : `install it in the project of this page: npm install ${packageOf(name)}`;
    case 2304:
    case 2552: {
      const later = steps.slice(steps.indexOf(step) + 1).find(({ declared }) => declared.some((one) => one.name === name));
      return later === undefined ? null : `\`${name}\` is declared further down, by the step at line ${later.line}`;
    }
    default:
      return null;
  }
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
