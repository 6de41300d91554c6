/** (a page, what runs of it came to) → the page that says what happened, and what of it still does not hold. Pure. */
import { applyDelta } from '../../document/delta.ts';
import { judgeConsole } from '../../judge/console.ts';
import { judgeStep } from '../../judge/judge.ts';
import { copyState } from '../../recording.ts';
import type { Lesson, LessonRecording, Mismatch, StepRecording } from '../../types.ts';
import { afterStep } from './after.ts';
import { type PageState, stepOf, updateStep } from './update-step.ts';
import type { VariantOptions } from './variants.ts';

export interface PageUpdate {
  text: string;
  lesson: Lesson;
  /** The steps that were judged, by index: no other is touched. */
  judged: ReadonlySet<number>;
  /** Of these, those whose state comes by itself, not at once. */
  late: ReadonlySet<number>;
  /** What the run came to; further ones, of the page with what the first gave, tell what differs each time. */
  recordings: LessonRecording[];
  during: VariantOptions['during'];
  /** Null where the text is no valid page. */
  parse: (text: string) => Lesson | null;
}

export interface UpdatedPage extends PageState {
  /** Steps that no valid page could tell of, by index. */
  left: number[];
}

export function updatePage({ text, lesson, judged, late, recordings, during, parse }: PageUpdate): UpdatedPage {
  const [first] = recordings;
  if (first === undefined) return { text, lesson, left: [] };
  const runs = recordings.map((recording) => ({ state: copyState(recording.state), steps: stepsOf(recording) }));
  let page: PageState = { text, lesson };
  let before = first.expected;
  const known: Mismatch[] = [];
  const left: number[] = [];
  const isEmpty = before.buckets.size === 0 && before.streams.size === 0;
  for (const index of lesson.steps.keys()) {
    const [here = null, ...others] = runs.map(({ state, steps }) => {
      const recording = steps.get(index);
      if (recording !== undefined) applyDelta(state, recording.delta);
      return recording === undefined ? null : { recording, state };
    });
    if (here && judged.has(index)) {
      const isFirst = isEmpty && !page.lesson.steps.slice(0, index).some(({ expectation }) => expectation.state !== null);
      const given = { index, ...here, before, others: others.filter((one) => one !== null), known, isFirst, isLate: late.has(index), during, parse };
      const next = updateStep(page, given);
      if (next === null) left.push(index);
      page = next ?? page;
    }
    const step = stepOf(page, { index });
    const after = afterStep(before, step);
    if (here)
      known.push(...judgeStep({ step, execution: here.recording.execution, before, after, delta: here.recording.delta, state: here.state, known }).state);
    before = after;
  }
  return { ...page, left };
}

function stepsOf({ steps }: LessonRecording): Map<number, StepRecording> {
  return new Map(steps.map((one) => [one.index, one]));
}

/** What of the judged steps does not hold, by a recorded run: nothing, of a page that passes. */
export function judgeAgain(lesson: Lesson, recording: LessonRecording, judged: ReadonlySet<number>): { index: number; mismatch: Mismatch }[] {
  const recorded = stepsOf(recording);
  const state = copyState(recording.state);
  const known: Mismatch[] = [];
  let before = recording.expected;
  return lesson.steps.flatMap((step) => {
    const was = before;
    before = afterStep(was, step);
    const one = recorded.get(step.index);
    if (one === undefined) return [];
    applyDelta(state, one.delta);
    const verdict = judgeStep({ step, execution: one.execution, before: was, after: before, delta: one.delta, state, known });
    known.push(...verdict.state);
    if (!judged.has(step.index)) return [];
    const fences = step.expectation.consoles.map((fence, at) => ({ fence, executions: one.consoles[at] ?? null }));
    const inOrder = [...fences.filter(({ fence }) => !fence.look), ...fences.filter(({ fence }) => fence.look)];
    const printed = inOrder.flatMap(({ fence, executions }) => (executions === null ? [] : (judgeConsole(fence, executions, verdict.captures) ?? [])));
    return [...verdict.mismatches, ...printed].map((mismatch) => ({ index: step.index, mismatch }));
  });
}
