/** What a mutant is, and how one is called in a report. */
import type { Place } from '../types.ts';

/** One thing on a page made otherwise. */
export interface Mutation {
  /** Where it stands in the page. */
  place: Place;
  /** What is otherwise, as a clause: "`2` becomes `2~`". */
  mutation: string;
}

/** At most so much of a page is quoted: of what is longer its beginning and its end. */
const MOST = 60;
const END = 15;

/** In backticks, on one line, not too long. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `\`${line.length > MOST ? `${line.slice(0, MOST - END - 1)}…${line.slice(-END)}` : line}\``;
}

export function becomes(one: string, other: string): string {
  return `${quoted(one)} becomes ${quoted(other)}`;
}
