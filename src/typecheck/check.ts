/** Steps → TypeScript's errors, at their places in the Markdown. One `tsc` for all lessons. */
import { mkdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pageProblem } from '../errors.ts';
import type { Problem } from '../types.ts';
import { problemOf } from './problems.ts';
import { writeProject } from './project.ts';
import type { TypedLesson, TypedStep } from './steps.ts';
import { type Diagnostic, runTsc, type TscOptions } from './tsc.ts';

export interface TypecheckOptions extends TscOptions {
  /** A temporary folder that the caller removes; all that is written is written there. */
  folder: string;
  /** The folder by which files are named in reports. */
  root: string;
}

/** TypeScript's own syntax errors have these codes. Some of the checker's have too. */
const SYNTAX_CODES = 2000;

/** What the checker says of the lines that hand names on: where it stands, types were checked. */
const CHECKER_CODES = new Set([1205, 1361, 1362, 1448, 1484, 1485]);

/**
 * Problems of code `type`, in the order of the lessons and their lines. Rejects with a ProblemError of code `typescript` where `tsc` does not run, and with the
 * signal's reason.
 */
export async function checkTypes(lessons: TypedLesson[], options: TypecheckOptions): Promise<Problem[]> {
  if (!lessons.some(({ steps }) => steps.some(({ checked }) => checked))) return [];
  const problems: Problem[] = [];
  const unchecked = new Set<TypedStep>();
  // While any file has a syntax error (one that our parser let pass) tsc says nothing of types: its step is put aside, for another look at the others.
  for (let round = 0, before = -1; unchecked.size > before; round += 1) {
    before = unchecked.size;
    const folder = join(options.folder, `types-${round}`);
    await mkdir(folder);
    const { configuration, files } = await writeProject(lessons, folder, unchecked);
    const diagnostics = await runTsc(configuration, options);
    const isSyntax = diagnostics.length > 0 && diagnostics.every(({ code }) => code < SYNTAX_CODES && !CHECKER_CODES.has(code));
    for (const diagnostic of diagnostics) {
      const file = files.get(diagnostic.path);
      const problem = file === undefined ? (isSyntax ? elsewhere(diagnostic, options.root) : null) : problemOf(diagnostic, file, files);
      if (problem !== null) problems.push(problem);
      if (isSyntax && file !== undefined) unchecked.add(file.step);
    }
  }
  const order = new Map(lessons.map(({ file }, index) => [file, index]));
  return problems.sort((one, other) => rank(one, order) - rank(other, order) || (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0));
}

/** A syntax error in a file that a step imports, which keeps tsc from saying more. What types the project's own files have is for its own tsc to say. */
function elsewhere({ path, line, column, code, message }: Diagnostic, root: string): Problem {
  const file = relative(root, path).split(sep).join('/');
  return pageProblem('type', file, { line, column }, `TS${code}: ${message}`, 'a step imports this file; until it can be read, no types are checked');
}

function rank({ file }: Problem, order: Map<string, number>): number {
  return order.get(file ?? '') ?? -1;
}
