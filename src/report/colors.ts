/** Whether colours are wanted → the functions that put them on. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export function createColors(wanted: boolean): Colors {
  return picocolors.createColors(wanted);
}
