/** Numbers of many rounds → the few that a table shows. */

/** The middle of the numbers; NaN where there are none. */
export function median(numbers: number[]): number {
  return quantile(numbers, 0.5);
}

/** Between the two nearest numbers in proportion. */
export function quantile(numbers: number[], share: number): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** `median (lower quartile–upper quartile)`. */
export function spread(numbers: number[], write: (number: number) => string): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => write(quantile(numbers, share)));
  return numbers.length > 1 ? `${middle} (${low}–${high})` : `${middle}`;
}

export function milliseconds(number: number): string {
  return number >= 100 ? number.toFixed(0) : number.toFixed(1);
}

export function ratio(number: number): string {
  return number.toFixed(2);
}

export function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
