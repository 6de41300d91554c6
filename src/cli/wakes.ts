/** Saves, keys and errors, whenever they come → one after the other, for one loop that waits for them. */
import type { ProblemError } from '../errors.ts';

export type Wake = { kind: 'saved'; paths: string[] } | { kind: 'key'; key: string } | { kind: 'end' } | { kind: 'error'; error: ProblemError };

export class Wakes {
  readonly #waiting: Wake[] = [];
  #some = Promise.withResolvers<void>();

  add(wake: Wake): void {
    this.#waiting.push(wake);
    this.#some.resolve();
  }

  /** Resolves when there is something to take. */
  some(): Promise<void> {
    return this.#some.promise;
  }

  /** Several saves are one. Null: there is nothing. */
  take(): Wake | null {
    const first = this.#waiting.shift() ?? null;
    if (first?.kind === 'saved') while (this.#waiting[0]?.kind === 'saved') first.paths.push(...(this.#waiting.shift() as typeof first).paths);
    if (this.#waiting.length === 0) this.#some = Promise.withResolvers();
    return first;
  }
}
