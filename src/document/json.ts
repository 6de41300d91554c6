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
