/** Coded problems: for each code its exit code, and the one class in which a problem travels where it must be thrown. */
import type { Place, Problem } from './types.ts';

/** Design §4: the highest of 1, 2 and 3 that applies. */
export const EXIT = { passed: 0, failed: 1, invalid: 2, environment: 3, defect: 70, interrupted: 130 } as const;

/** Every code that a problem can have, with the exit code that it gives. */
const EXIT_OF_CODE = {
  /** A flag or an argument that is wrong. */
  usage: EXIT.invalid,
  /** A file or folder that was named and is not there, or holds no lesson. */
  'not-found': EXIT.invalid,
  /** A file that is there and cannot be read: rights, encoding. */
  unreadable: EXIT.invalid,
  /** The `lockerroom` part of package.json. */
  configuration: EXIT.invalid,
  'front-matter': EXIT.invalid,
  /** The nats-server configuration of a lesson: not there, refused by the server, or one under which the state cannot be read. */
  config: EXIT.invalid,
  /** A fence, its info string, or where it stands. */
  fence: EXIT.invalid,
  /** A `state` or `change` document. */
  state: EXIT.invalid,
  /** A matcher in expected text. */
  matcher: EXIT.invalid,
  /** A step's code breaks a rule of the format: `export`, an assignment to a name of another step. */
  step: EXIT.invalid,
  /** `after` names no lesson, or a circle. */
  after: EXIT.invalid,
  /** TypeScript's own error in a step. */
  type: EXIT.invalid,
  /** A link to a file or heading that is not there. */
  link: EXIT.invalid,
  /** A word of the format, or a flag, that is not built yet. */
  'not-built': EXIT.invalid,
  /** No nats-server to be had, or none that starts. */
  server: EXIT.environment,
  /** Files cannot be watched. */
  watch: EXIT.environment,
  /** No Docker engine, no image, or no server that starts in it. */
  docker: EXIT.environment,
  /** No TypeScript to be had, or one that does not run. */
  typescript: EXIT.environment,
} as const satisfies Record<string, number>;

export type ProblemCode = keyof typeof EXIT_OF_CODE;

/** A problem of a page, at a place. */
export function pageProblem(code: ProblemCode, file: string, place: Place, message: string, advice: string | null = null): Problem {
  return { code, file, line: place.line, column: place.column, message, advice };
}

/** A problem that no line of a file has. */
export function problem(code: ProblemCode, message: string, advice: string | null = null, file: string | null = null): Problem {
  return { code, file, line: null, column: null, message, advice };
}

export function exitCodeOf(problem: Problem): number {
  return EXIT_OF_CODE[problem.code as ProblemCode] ?? EXIT.defect;
}

/** Carries a problem out of code that cannot go on; caught by the command line, which prints it without a stack. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}
