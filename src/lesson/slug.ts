/** The text of a heading → its anchor, by GitHub's rules. */

/** What is neither letter, mark, digit, `_`, `-` nor blank falls away; blanks become `-`. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{Alphabetic}\p{Mark}\p{Decimal_Number}\p{Connector_Punctuation}\p{Join_Control} -]/gu, '')
    .replaceAll(' ', '-');
}

/** Gives each heading of a page an anchor of its own, in their order: a second `setup` is `setup-1`. */
export class Slugger {
  readonly #counts = new Map<string, number>();

  next(text: string): string {
    const slug = slugOf(text);
    let unique = slug;
    while (this.#counts.has(unique)) {
      const count = (this.#counts.get(slug) ?? 0) + 1;
      this.#counts.set(slug, count);
      unique = `${slug}-${count}`;
    }
    this.#counts.set(unique, 0);
    return unique;
  }
}
