/** Steps and lessons → names of tests, each of them just once. */
import type { Step } from '../types.ts';

/** A step's heading, and its title where it has one of its own; the heading of the page itself says nothing more than its lesson. */
export function namesOfSteps(lesson: string, steps: Pick<Step, 'heading' | 'title' | 'line'>[]): string[] {
  const nameOf = ({ heading, title }: Pick<Step, 'heading' | 'title'>) =>
    title === heading || heading === lesson || title === '' ? title || heading : `${heading}: ${title}`;
  return unique(steps.map((step) => ({ name: nameOf(step), place: `line ${step.line}` })));
}

/** Names that come more than once get their place. */
export function unique(all: { name: string; place: string }[]): string[] {
  return all.map(({ name, place }) => (all.filter((other) => other.name === name).length > 1 ? `${name} (${place})` : name));
}
