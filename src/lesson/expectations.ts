/** An `output`, `error`, `state`, `change` or `console` fence → the expectation it states, and what is wrong inside it. */
import { matcherProblems } from '../document/matchers.ts';
import { readStateDocument } from '../document/read.ts';
import { pageProblem } from '../errors.ts';
import type { ConsoleExpectation, Fence, Place, Problem, StateExpectation, TextExpectation } from '../types.ts';
import { readCommands } from './console.ts';
import type { OurFence } from './fences.ts';

interface Read<Expected> {
  expectation: Expected;
  problems: Problem[];
}

/** `captured` are the names that the step's earlier fences capture; those of this one are added. */
export function readText(fence: Fence, captured: Set<string>, file: string): Read<TextExpectation> {
  const lines = fence.text.split('\n').slice(0, -1);
  return { expectation: { fence }, problems: lines.flatMap((text, index) => matcherProblemsAt(text, fence.lines[index] ?? fence, captured, file)) };
}

/** `captured` as for `readText`. */
export function readState(kind: StateExpectation['kind'], ours: OurFence, captured: Set<string>, file: string): Read<StateExpectation> {
  const { patch, places, problems } = readStateDocument(kind, ours.fence, file, captured);
  return { expectation: { kind, fence: ours.fence, patch, places, within: ours.words.within }, problems };
}

/** `captured` as for `readText`. */
export function readConsole(ours: OurFence, captured: Set<string>, file: string): Read<ConsoleExpectation> {
  const { commands, problems } = readCommands(ours.fence, file);
  const matchers = commands.flatMap(({ output }) => output.flatMap(({ text, place }) => matcherProblemsAt(text, place, captured, file)));
  const expectation = { fence: ours.fence, commands, look: ours.words.given.has('look'), answers: ours.words.answers };
  return { expectation, problems: [...problems, ...matchers] };
}

function matcherProblemsAt(text: string, { line, column }: Place, captured: Set<string>, file: string): Problem[] {
  return matcherProblems(text, captured).map((found) => pageProblem('matcher', file, { line, column: column + found.column }, found.message, found.advice));
}
