/** Two pages with the same steps → what became of the expectations, in a few words. */
import type { Lesson, Step } from '../../types.ts';

export function describeUpdate(was: Lesson, is: Lesson): string {
  let [added, changed, removed] = [0, 0, 0];
  for (const [index, step] of was.steps.entries()) {
    const [before, after] = [fencesOf(step), fencesOf(is.steps[index])];
    for (const [kind, text] of after) {
      if (!before.has(kind)) added += 1;
      else if (before.get(kind) !== text) changed += 1;
    }
    removed += [...before.keys()].filter((kind) => !after.has(kind)).length;
  }
  const parts: [number, string][] = [
    [changed, 'brought up to date'],
    [added, 'added'],
    [removed, 'taken away'],
  ];
  const [first, ...rest] = parts.filter(([count]) => count > 0).map(([count, what]) => [count, what] as const);
  if (first === undefined) return 'brought up to date';
  const [count, what] = first;
  return [`${count} ${count === 1 ? 'expectation' : 'expectations'} ${what}`, ...rest.map(([other, done]) => `${other} ${done}`)].join(', ');
}

function fencesOf(step: Step | undefined): Map<string, string> {
  if (step === undefined) return new Map();
  const { output, error, state, consoles } = step.expectation;
  const named = Object.entries({ output, error, state }).flatMap(([kind, one]): [string, string][] => (one === null ? [] : [[kind, one.fence.text]]));
  return new Map([...named, ...consoles.map(({ fence }, index): [string, string] => [`console ${index}`, fence.text])]);
}
