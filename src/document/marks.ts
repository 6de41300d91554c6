/** Which of many numbered places were visited: a set of numbers that holds millions in little memory. */

const BITS = 2048;

export class Marks {
  readonly #chunks = new Map<number, Uint32Array>();

  /** Whether `place` (0 or more) is visited for the first time. */
  first(place: number): boolean {
    const number = Math.floor(place / BITS);
    let chunk = this.#chunks.get(number);
    if (chunk === undefined) {
      chunk = new Uint32Array(BITS / 32);
      this.#chunks.set(number, chunk);
    }
    const bit = place % BITS;
    const word = chunk[bit >>> 5] ?? 0;
    const mask = 1 << (bit & 31);
    chunk[bit >>> 5] = word | mask;
    return (word & mask) === 0;
  }
}
