/** A lesson → what its kernel can make ready while the server starts. */
import { HARMLESS } from './harmless.ts';
import type { LoadedLesson } from './load.ts';

export interface KernelNeeds {
  /** Packages that its steps import. */
  preload: string[];
  /** Some step has types. */
  types: boolean;
}

/** Of the lessons that it comes after, too: they are replayed in the same process. */
export function kernelNeeds({ steps, after }: LoadedLesson): KernelNeeds {
  const before = after === null || after === 'invalid' ? { preload: [], types: false } : kernelNeeds(after);
  const linked = steps.flatMap((one) => one.linked ?? []);
  const harmless = linked.flatMap(({ modules }) => modules.filter((name) => HARMLESS.test(name)));
  return { preload: [...new Set([...before.preload, ...harmless])], types: before.types || linked.some(({ typed }) => typed) };
}
