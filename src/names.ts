/** What became of each step → whether the names that a later step uses are still there. */
import type { LinkedStep } from './types.ts';

type Fate = 'threw' | 'was stopped' | 'was skipped' | 'could not run';

/** The names of a session's steps. A step that ran to its end keeps its names until its kernel is lost. */
export class Names {
  readonly #kept = new Map<number, number>();
  readonly #lost = new Map<number, string>();

  keep({ index }: LinkedStep, line: number): void {
    this.#kept.set(index, line);
  }

  lose({ index }: LinkedStep, line: number, fate: Fate): void {
    this.#kept.delete(index);
    this.#lost.set(index, `the step at line ${line}, which ${fate}`);
  }

  /** The kernel is gone, and with it every name so far. */
  loseAll(stoppedLine: number): void {
    for (const [index, line] of this.#kept) this.#lost.set(index, `the step at line ${line}, which went when the step at line ${stoppedLine} was stopped`);
    this.#kept.clear();
  }

  /** Why a step cannot have the names that it uses; null where it can. */
  missing({ imports, types }: LinkedStep): string | null {
    for (const [name, index] of [...imports, ...types]) {
      const fate = this.#lost.get(index);
      if (fate !== undefined) return `uses \`${name}\` of ${fate}`;
    }
    return null;
  }
}
