/** Sizes as text (`1MB`) to bytes, as the `nats` CLI reads them. */

const POWERS = 'bkmgt';

/**
 * Bytes of `1MB` = `1MiB` = `1M` = 2^20, likewise B, K, G and T, in any case, with or without a blank before the unit; a plain number is bytes. `1.5KB` is 1536.
 * Null for anything else: a sign, a part of a byte, more than a number holds exactly.
 */
export function parseSize(text: string): number | null {
  const match = /^(\d{1,16}(?:\.\d{1,16})?) ?(?:(b)|([kmgt])(?:i?b)?)?$/i.exec(text);
  if (match === null) return null;
  const unit = (match[2] ?? match[3] ?? 'b').toLowerCase();
  const bytes = Number(match[1]) * 1024 ** POWERS.indexOf(unit);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
