/** Steps and lessons → names of tests, each of them just once. */
import type { Step } from '../types.ts';

/** A step's heading, and its title where it has one of its own. */
export function namesOfSteps(steps: Pick<Step, 'heading' | 'title' | 'line'>[]): string[] {
  return unique(steps.map(({ heading, title, line }) => ({ name: title === heading ? heading : `${heading}: ${title}`, place: `line ${line}` })));
}

/** Names that come more than once get their place. */
export function unique(all: { name: string; place: string }[]): string[] {
  return all.map(({ name, place }) => (all.filter((other) => other.name === name).length > 1 ? `${name} (${place})` : name));
}
