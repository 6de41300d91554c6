/** Durations as text (`1h30m`) to milliseconds and back. */

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** What a server can hold: 2^63 - 1 nanoseconds, some 292 years. */
const LONGEST = 9_223_372_036_854;

/**
 * Milliseconds of `500ms`, `1h30m`, `1.5s` (units ns us µs ms s m h d w), to the nanosecond. Null for anything else: no unit, a sign, blanks, nothing,
 * more than 292 years. Zero with a unit is 0; who needs more than zero checks that.
 */
export function parseDuration(text: string): number | null {
  const part = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h|d|w)/y;
  let whole = 0;
  let nanoseconds = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    const milliseconds = Number(match?.[1]) * (MILLISECONDS.get(match?.[2] ?? '') ?? Number.NaN);
    if (!(milliseconds <= LONGEST)) return null;
    whole += Math.floor(milliseconds);
    nanoseconds += Math.round((milliseconds % 1) * 1e6);
  }
  const sum = whole + nanoseconds / 1e6;
  return text !== '' && sum <= LONGEST ? sum : null;
}

/**
 * The one form a duration has in reports and in `Settings`: hours, minutes and seconds without those that are zero (`1h30m`, `24h`, `1.5s`); under a second
 * the largest unit that fits (`500ms`, `1.5ms`, `20us`, `7ns`). `milliseconds` is rounded to the nanosecond; `parseDuration` reads it back as it was.
 */
export function formatDuration(milliseconds: number): string {
  let whole = Math.floor(milliseconds);
  let nanoseconds = Math.round((milliseconds - whole) * 1e6);
  if (nanoseconds === 1e6) {
    whole += 1;
    nanoseconds = 0;
  }
  if (whole === 0 && nanoseconds === 0) return '0s';
  if (whole === 0) return nanoseconds < 1000 ? `${nanoseconds}ns` : `${decimal(Math.floor(nanoseconds / 1000), nanoseconds % 1000, 3)}us`;
  if (whole < 1000) return `${decimal(whole, nanoseconds, 6)}ms`;
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor((whole % 3_600_000) / 60_000);
  const seconds = decimal(Math.floor((whole % 60_000) / 1000), (whole % 1000) * 1e6 + nanoseconds, 9);
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${seconds === '0' ? '' : `${seconds}s`}`;
}

/** `decimal(1, 500, 3)` is `1.5`: a whole part and so many digits behind the point. */
function decimal(whole: number, fraction: number, digits: number): string {
  return fraction === 0 ? String(whole) : `${whole}.${String(fraction).padStart(digits, '0').replace(/0+$/, '')}`;
}

/** What a timer can wait: one that is set for longer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A duration above zero in milliseconds, as a timer takes it (24 days at most); null for anything else. */
export function parseTimeLimit(text: string): number | null {
  const limit = parseDuration(text);
  return limit === null || limit === 0 ? null : Math.min(limit, LONGEST_TIMER);
}
