/** Things to measure → what each took in every round, one after the other within a round, so that what disturbs the machine disturbs all alike. */

export interface Measured<Result> {
  name: string;
  /** One a round. */
  results: Result[];
}

/** A first round is not counted: it warms caches. Each round begins with another one. */
export async function interleave<Result>(
  ones: { name: string; run: () => Promise<Result> }[],
  rounds: number,
  onRound: (round: number) => void,
): Promise<Measured<Result>[]> {
  const measured = ones.map(({ name }): Measured<Result> => ({ name, results: [] }));
  for (let round = 0; round <= rounds; round += 1) {
    onRound(round);
    for (let turn = 0; turn < ones.length; turn += 1) {
      const at = (turn + round) % ones.length;
      const result = await ones[at]?.run();
      if (round > 0 && result !== undefined) measured[at]?.results.push(result);
    }
  }
  return measured;
}

/** Round by round, one's figure divided by the other's. */
export function ratios(one: number[], other: number[]): number[] {
  return one.map((figure, round) => figure / (other[round] ?? Number.NaN));
}
