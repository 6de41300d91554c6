/** Two JSON values to whether they are the same. */
import type { Json } from '../types.ts';

/** Deep equality; the order of an object's names does not count. */
export function jsonEquals(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((item, at) => jsonEquals(item, other[at] ?? null));
  }
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && jsonEquals(one[name] ?? null, other[name] ?? null));
}

/** Marks a number that no double holds exactly; it equals nothing that a page can say. */
const INEXACT = '\0inexact ';

/** JSON text as a value. A whole number that a double would round is kept apart by its digits. Throws where the text is no JSON. */
export function parseJson(text: string): Json {
  // The third argument is there since V8 11.4; where it is not, numbers are as JSON.parse has them.
  const revive = (_name: string, value: unknown, context?: { source?: string }) => (isInexact(value) ? `${INEXACT}${context?.source ?? value}` : value);
  return JSON.parse(text, revive) as Json;
}

/** Whether a number is whole and beyond what a double holds exactly. */
export function isInexact(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}
