/** The order of names wherever they are sorted: by UTF-16 units, the same in every locale. */
export function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
