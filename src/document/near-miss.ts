/** A mistyped word to the word that was probably meant. */

/**
 * The known word of four letters or more that is exactly one edit away (a letter inserted, left out or replaced, or two neighbours swapped); null where there is
 * none, and where `word` is itself known.
 */
export function nearMiss(word: string, known: readonly string[]): string | null {
  if (known.includes(word)) return null;
  return known.find((candidate) => candidate.length >= 4 && oneEditApart(word, candidate)) ?? null;
}

function oneEditApart(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const replaced = at < short.length && short.slice(at + 1) === long.slice(at + 1);
  const swapped = short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
  return replaced || (at + 1 < short.length && swapped);
}
