/** (a page, one of its steps, what it came to) → the page that says so, fence by fence in the order in which they are judged. */
import { escapeText } from '../../document/escape.ts';
import { type Captures, normalizeOutput } from '../../document/matchers.ts';
import { isCopied, STILL_WITHIN } from '../../document/still.ts';
import { judgeConsole } from '../../judge/console.ts';
import { judgeStep, type StepCase } from '../../judge/judge.ts';
import type { ExpectedState, Fence, Lesson, Mismatch, State, Step, StepRecording } from '../../types.ts';
import { afterStep } from './after.ts';
import { editConsole } from './console-fence.ts';
import { type Anchor, addFence, removeFence } from './fences.ts';
import { applyEdits, type Edit, editLines } from './page-edit.ts';
import { lineEdits, updateDocument } from './state-fence.ts';
import { editText, thrownRows } from './text-fence.ts';
import { type VariantOptions, writeRow } from './variants.ts';

export interface PageState {
  text: string;
  lesson: Lesson;
}

export interface StepUpdate {
  index: number;
  recording: StepRecording;
  before: ExpectedState;
  state: State;
  /** What other runs of the same step came to, and what their servers then held. */
  others: { recording: StepRecording; state: State }[];
  known: Mismatch[];
  /** Nothing was declared before: then all that is there is told. */
  isFirst: boolean;
  /** Its state comes by itself, not at once. */
  isLate: boolean;
  during: VariantOptions['during'];
  /** Null where the text is no valid page. */
  parse: (text: string) => Lesson | null;
}

/** Null where no valid page says what happened. */
export function updateStep(page: PageState, given: StepUpdate): PageState | null {
  let now: PageState | null = page;
  for (const edit of [editOutput, editError, editStateFence]) now = now && perform(now, edit(now, given), given);
  if (now === null) return null;
  const { consoles } = stepOf(now, given).expectation;
  // In the order in which they ran: a capture of one is asked for in the next.
  const order = [...consoles.keys()].sort((one, two) => Number(consoles[one]?.look) - Number(consoles[two]?.look) || one - two);
  const captures = capturesOf(now, given);
  for (const at of order) {
    now = now && perform(now, editOneConsole(now, given, at, captures), given);
    const fence = now && stepOf(now, given).expectation.consoles[at];
    const executions = given.recording.consoles[at];
    if (fence && executions) judgeConsole(fence, executions, captures);
  }
  return now;
}

function perform(page: PageState, edits: Edit[] | null, { parse }: StepUpdate): PageState | null {
  if (edits === null) return null;
  const text = applyEdits(page.text, edits);
  if (text === page.text) return page;
  const lesson = parse(text);
  return lesson !== null && lesson.steps.length === page.lesson.steps.length ? { text, lesson } : null;
}

export function stepOf({ lesson }: PageState, { index }: { index: number }): Step {
  const step = lesson.steps[index];
  if (step === undefined) throw new RangeError(`the page has no step ${index}`);
  return step;
}

/** All names that matchers of the step capture, in whatever fence. */
function namesOf({ text }: PageState, { expectation }: Step): Set<string> {
  const fences = [expectation.output, expectation.error, expectation.state, ...expectation.consoles].flatMap((one) => (one === null ? [] : [one.fence]));
  return new Set(fences.flatMap(({ span }) => [...text.slice(span.start, span.end).matchAll(/<([A-Za-z_][\w-]*):/g)].map(([, name = '']) => name)));
}

function optionsOf(page: PageState, given: StepUpdate, console: boolean): VariantOptions {
  return { names: namesOf(page, stepOf(page, given)), console, during: given.during };
}

/** The last of the fences after which a new one of its kind stands. */
function anchorOf(step: Step, ...before: (Fence | undefined)[]): Anchor | null {
  const fences = [step.code?.fence, step.starter?.fence, ...before, ...(step.code === null ? step.expectation.consoles.map(({ fence }) => fence) : [])];
  const [last] = fences.filter((one) => one !== undefined).sort((one, other) => other.span.end - one.span.end);
  return last === undefined ? null : { fence: last, outside: step.starter !== null && last === step.code?.fence };
}

function editOutput(page: PageState, given: StepUpdate): Edit[] {
  const step = stepOf(page, given);
  const { execution } = given.recording;
  const after = step.code === null ? null : anchorOf(step);
  if (after === null) return [];
  return editText({
    kind: 'output',
    text: page.text,
    expectation: step.expectation.output,
    rows: normalizeOutput(execution.output),
    others: given.others.map(({ recording }) => normalizeOutput(recording.execution.output)),
    captures: new Map(),
    options: optionsOf(page, given, false),
    after,
    needed: step.starter !== null && step.expectation.state === null,
  });
}

function editError(page: PageState, given: StepUpdate): Edit[] {
  const step = stepOf(page, given);
  const { output, error } = step.expectation;
  const after = step.code === null ? null : anchorOf(step, output?.fence);
  if (after === null) return [];
  return editText({
    kind: 'error',
    text: page.text,
    expectation: error,
    rows: thrownRows(given.recording.execution.thrown, error),
    others: given.others.flatMap(({ recording }) => [thrownRows(recording.execution.thrown, error) ?? []]),
    captures: capturesOf(page, given),
    options: optionsOf(page, given, false),
    after,
    needed: false,
  });
}

function caseOf(page: PageState, given: StepUpdate): StepCase {
  const step = stepOf(page, given);
  const { before, state, known, recording } = given;
  return { step, execution: recording.execution, before, after: afterStep(before, step), delta: recording.delta, state, known };
}

/** What the matchers of its fences capture, as far as they hold. */
function capturesOf(page: PageState, given: StepUpdate): Captures {
  return judgeStep(caseOf(page, given)).captures;
}

/** Null where no document could be made that holds. */
function editStateFence(page: PageState, given: StepUpdate): Edit[] | null {
  const step = stepOf(page, given);
  const { output, error, state: said } = step.expectation;
  // The captures of output and error alone.
  const bare = { ...step, expectation: { ...step.expectation, state: null } };
  const { captures } = judgeStep({ ...caseOf(page, given), step: bare });
  const text = said?.fence.text ?? '';
  const options = optionsOf(page, given, false);
  const { before, state: actual, known, recording } = given;
  const isAsBefore = said === null && judgeStep(caseOf(page, given)).state.length === 0;
  if (isAsBefore && !recording.moved) return [];
  // That all is as before in the end cannot be said by what changed.
  const kind = said?.kind ?? (given.isFirst || step.code === null || isAsBefore ? 'state' : 'change');
  const write = (bucket: string, key: string, value: string) => {
    const values = given.others.map(({ state }) => state.buckets.get(bucket)?.keys.get(key)?.at(-1)?.value);
    const texts = values.flatMap((one) => (one && 'text' in one ? [one.text] : []));
    return writeValue(value, texts, options);
  };
  const next = updateDocument({
    kind,
    text,
    within: said?.within ?? null,
    before,
    actual,
    delta: recording.delta,
    captures,
    names: options.names,
    known,
    full: step.starter !== null,
    write,
  });
  if (next === null) return null;
  if (said !== null && next !== '') return editLines(page.text, said.fence, lineEdits(text, next));
  if (said !== null) {
    const isNeeded = step.starter !== null && output === null;
    return isNeeded ? editLines(page.text, said.fence, lineEdits(text, 'buckets: {}\n')) : [removeFence(page.text, said.fence)];
  }
  const after = anchorOf(step, output?.fence, error?.fence);
  if (next === '' || after === null) return [];
  const comesLate = given.isLate || recording.moved || isCopied(recording.delta);
  return [addFence(page.text, after, `yaml ${kind}${comesLate ? ` within=${STILL_WITHIN / 1000}s` : ''}`, next.split('\n').slice(0, -1))];
}

/** A value that a page did not have: line by line as what was printed, but that no line is special. */
function writeValue(value: string, others: string[], options: VariantOptions): string {
  const rows = value.split('\n');
  const twins = others.map((other) => other.split('\n')).filter(({ length }) => length === rows.length);
  const twinsOf = (at: number) => twins.map((twin) => twin[at] ?? '');
  return rows.map((row, at) => writeRow(row, twinsOf(at), { ...options, value: true }) ?? escapeText(row, options.names)).join('\n');
}

function editOneConsole(page: PageState, given: StepUpdate, at: number, captures: Captures): Edit[] {
  const expectation = stepOf(page, given).expectation.consoles[at];
  const executions = given.recording.consoles[at];
  if (expectation === undefined || executions === undefined || executions === null) return [];
  const others = given.others.flatMap(({ recording }) => [recording.consoles[at] ?? []]);
  return editConsole({ text: page.text, expectation, executions, others, captures, options: optionsOf(page, given, true) });
}
