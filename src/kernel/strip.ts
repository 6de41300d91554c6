/** A step's TypeScript → its JavaScript, every place as it was: by Node, as a kernel does it itself, but made ready once for many kernels. */
import { stripTypeScriptTypes } from 'node:module';

/** Null where Node cannot: the kernel then says why. */
export function strip(source: string, url: string): string | null {
  const { emitWarning } = process;
  // That this is new in Node is nothing that the reader of a run can do anything about.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source, { mode: 'strip', sourceUrl: url });
  } catch {
    return null;
  } finally {
    process.emitWarning = emitWarning;
  }
}
