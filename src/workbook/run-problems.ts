/** What goes wrong around the lessons of a run → problems, each said once, and why no further lesson is begun. */
import { ProblemError } from '../errors.ts';
import type { Problem } from '../types.ts';

export class RunProblems {
  readonly #all: Problem[];
  readonly #signal: AbortSignal;
  #ended: string | null = null;

  /** `all` gets them. */
  constructor(all: Problem[], signal: AbortSignal) {
    this.#all = all;
    this.#signal = signal;
  }

  /** Why no further lesson is begun; null while they are. */
  get ended(): string | null {
    return this.#ended;
  }

  /** Only the first reason counts. */
  end(reason: string): void {
    this.#ended ??= `is not run, because ${reason}`;
  }

  add(problem: Problem): void {
    if (!this.#all.some(({ file, message }) => file === problem.file && message === problem.message)) this.#all.push(problem);
  }

  /** What is wrong with a lesson's `config`; null for anything else. */
  invalid(error: unknown): Problem | null {
    if (!(error instanceof ProblemError) || error.problem.code !== 'config') return null;
    this.add(error.problem);
    return error.problem;
  }

  /** The environment does not serve: no further lesson is begun. Throws what is no problem of the environment. */
  giveUp(error: unknown): null {
    this.#signal.throwIfAborted();
    if (!(error instanceof ProblemError)) throw error;
    this.end(`of this: ${error.problem.message}`);
    this.add(error.problem);
    return null;
  }
}
