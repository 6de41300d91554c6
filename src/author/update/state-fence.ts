/** (a `state` or `change` fence, or none, what a step changed) → the document that says what is there: the judge names what does not hold, and that is edited. */
import { diffArrays } from 'diff';
import { applyPatch, EMPTY_EXPECTED } from '../../document/expected.ts';
import type { Captures } from '../../document/matchers.ts';
import { readStateDocument } from '../../document/read.ts';
import type { LineEdit } from '../../document/rewrite-lines.ts';
import type { TextEdit } from '../../document/yaml-edit.ts';
import { judgeState, type StateMismatch } from '../../judge/state.ts';
import type { Delta, ExpectedState, Fence, Json, Mismatch, State, StateExpectation } from '../../types.ts';
import { gatherKeys, type WriteText } from './fresh.ts';
import { applyEdits } from './page-edit.ts';
import { editState, saysNothing } from './state-edits.ts';

export interface StateFenceCase {
  kind: 'state' | 'change';
  /** The fence's text; empty for one that is to come. */
  text: string;
  within: number | null;
  before: ExpectedState;
  actual: State;
  delta: Delta;
  captures: Captures;
  names: ReadonlySet<string>;
  known: Mismatch[];
  /** New entries are told with all that is kept of them: an exercise is judged by as much as can be. */
  full: boolean;
  write: WriteText;
}

/** Each round edits all that can be edited at once; a document that needs more than these does not come to an end. */
const ROUNDS = 2000;

/** The new text, as it was where it holds; empty where a change names nothing; null where it could not be made to hold. */
export function updateDocument(given: StateFenceCase): string | null {
  let { text } = given;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { patch, problems } = readStateDocument(given.kind, fenceOf(text), '', new Set(given.captures.keys()));
    if (text !== '' && problems.length > 0) return null;
    const expectation: StateExpectation | null =
      text === '' && given.kind === 'change' ? null : { kind: given.kind, fence: fenceOf(text), patch, places: new Map(), within: given.within };
    const mismatches = judge(expectation, given);
    if (mismatches.length === 0) return text;
    const edits = gatherKeys(mismatches).map((path) => editState(path, { ...given, text, patch }));
    const next = applyEdits(text, withoutConflicts(edits));
    if (next === text) return null;
    text = given.kind === 'change' && saysNothing(next) ? '' : next;
  }
  return null;
}

function judge(expectation: StateExpectation | null, { before, actual, delta, captures, known }: StateFenceCase): StateMismatch[] {
  const after = expectation === null ? before : applyPatch(expectation.kind === 'state' ? EMPTY_EXPECTED : before, expectation.patch);
  const isKnown = ({ kind, path, expected, actual: found }: StateMismatch) =>
    known.some((one) => one.kind === kind && one.path === path && same([one.expected, one.actual], [expected, found]));
  return judgeState({ expectation, before, after, delta, state: actual, captures: new Map(captures), isKnown });
}

function same(one: Json[], other: Json[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The edits that do not touch an earlier one's: the others follow in the next round, when it is known what became of their place. */
function withoutConflicts(edits: TextEdit[][]): TextEdit[] {
  const taken: TextEdit[] = [];
  for (const each of edits) {
    if (each.every((edit) => taken.every((one) => !touches(one, edit)))) taken.push(...each);
  }
  return taken;
}

function touches(one: TextEdit, other: TextEdit): boolean {
  const bothInsert = one.start === one.end && other.start === other.end;
  if (bothInsert) return one.start === other.start && !areBeside(one, other);
  return one.start <= other.end && other.start <= one.end;
}

/** Entries of one mapping that come at the same place come one after the other; those of one name not, for what is in them belongs together. */
function areBeside(one: TextEdit, other: TextEdit): boolean {
  const [[, indent, name] = [], [, otherIndent, otherName] = []] = [one, other].map(({ text }) => /^( *)([^:]*):.*\n$/s.exec(text) ?? []);
  return name !== undefined && otherName !== undefined && indent === otherIndent && name !== otherName;
}

/** As a page's fence, for the reader of documents. */
function fenceOf(text: string): Fence {
  const lines = text.split('\n').slice(0, -1);
  return {
    span: { start: 0, end: 0 },
    info: { start: 0, end: 0 },
    line: 0,
    column: 1,
    lastLine: lines.length + 1,
    text,
    lines: lines.map((_, index) => ({ line: index + 1, column: 1, offset: 0 })),
  };
}

/** Two texts of a fence → what becomes of its lines. */
export function lineEdits(text: string, next: string): LineEdit[] {
  const edits: LineEdit[] = [];
  let old = 0;
  const removed: number[] = [];
  const flush = () => {
    for (const one of removed.splice(0)) edits.push({ do: 'remove', old: one });
  };
  for (const part of diffArrays(text.split('\n').slice(0, -1), next.split('\n').slice(0, -1))) {
    for (const line of part.value) {
      if (part.removed) removed.push(old);
      else if (part.added) {
        const rewritten = removed.shift();
        edits.push(rewritten === undefined ? { do: 'add', text: line } : { do: 'rewrite', old: rewritten, text: line });
      } else {
        flush();
        edits.push({ do: 'keep', old });
      }
      if (!part.added) old += 1;
    }
  }
  flush();
  return edits;
}
