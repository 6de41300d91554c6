/** A fence of ours, or the front matter → the words of the format it uses that a later version will run. */
import { pageProblem } from '../errors.ts';
import type { LessonSettings, Place, Problem } from '../types.ts';
import type { OurFence } from './fences.ts';

const ADVICE = 'This page is well formed, and a later version of Locker Room will run it.';

export function notBuiltInFence({ words }: OurFence, file: string): Problem[] {
  return problemsOf([['fault', words.given.get('fault')] as const], file);
}

export function notBuiltInFrontMatter(places: Map<keyof LessonSettings, Place>, file: string): Problem[] {
  return problemsOf([['config', places.get('config')] as const, ['cluster', places.get('cluster')] as const], file);
}

function problemsOf(later: readonly (readonly [string, Place | undefined])[], file: string): Problem[] {
  return later.flatMap(([word, place]) => (place === undefined ? [] : [pageProblem('not-built', file, place, `\`${word}\` is not built yet`, ADVICE)]));
}
