/** A step's report → what a reader must see of it: the place, the sentence, and the lines below it, for the terminal, for JUnit and for GitHub alike. */
import type { Mismatch, StepReport } from '../types.ts';
import type { Colors } from './colors.ts';
import { changesOf, diffOf, excerptOf } from './detail.ts';
import { printable } from './printable.ts';
import { sentence } from './sentences.ts';

/** So many of the last lines of what an errored step printed are shown. */
const LAST_LINES = 8;

export interface Finding {
  /** Of a mismatch its kind; of what could not be judged the name of the error. */
  kind: string;
  /** In the page, both from 1. */
  line: number;
  column: number;
  /** One sentence, without control characters. */
  sentence: string;
  /** Indented by nobody; expected and actual, what the step changed, the page around it. */
  detail: string[];
}

/** One for an errored step, one a mismatch for a failed one; none for the others. `page` is the text of the page. */
export function findingsOf(step: StepReport, page: string, colors: Colors): Finding[] {
  if (step.status === 'errored' && step.error !== null) {
    const { name, line, column, message } = step.error;
    return [{ kind: name, line, column, sentence: printable(message), detail: [...excerptOf(page, line, colors), ...lastOutput(step, colors)] }];
  }
  return step.mismatches.map((mismatch) => mismatchFinding(mismatch, step, page, colors));
}

function mismatchFinding(mismatch: Mismatch, step: StepReport, page: string, colors: Colors): Finding {
  const { line, column } = mismatch.place;
  // Of an exercise that passes untouched, expected and actual are the same.
  const diff = mismatch.kind === 'exercise' ? [] : diffOf(mismatch, colors);
  const state = mismatch.path === null ? [] : ['', ...changesOf(step.delta, colors)];
  return {
    kind: mismatch.kind,
    line,
    column,
    sentence: printable(sentence(mismatch)),
    detail: [...diff, ...state, '', ...excerptOf(page, line, colors)],
  };
}

function lastOutput({ output }: StepReport, colors: Colors): string[] {
  const lines = printable(output).trimEnd().split('\n').slice(-LAST_LINES);
  return output.trim() === '' ? [] : ['', colors.dim('The last that it printed:'), ...lines];
}
