/** A page's words, a server before and after → what the judge says of the step between: what the tests of the closed world are written in. */
import { expect } from 'vitest';
import { diffStates } from '../../../src/document/delta.ts';
import { applyPatch, EMPTY_EXPECTED } from '../../../src/document/expected.ts';
import { readStateDocument } from '../../../src/document/read.ts';
import { judgeStep } from '../../../src/judge/judge.ts';
import type { Bucket, Entry, Execution, Expectation, Fence, Mismatch, Settings, State, Step } from '../../../src/types.ts';

/** The fence of a document whose first line is line 20 of a page. */
export function fence(text: string): Fence {
  const lines = text.split('\n');
  const origins = lines.map((_, index) => ({ offset: 0, line: 20 + index, column: 1 }));
  return { span: { start: 0, end: 0 }, info: { start: 0, end: 0 }, line: 19, column: 1, lastLine: 20 + lines.length, text: `${text}\n`, lines: origins };
}

export function read(kind: 'state' | 'change', text: string): NonNullable<Expectation['state']> {
  const { patch, places, problems } = readStateDocument(kind, fence(text), 'page.md');
  expect(problems).toEqual([]);
  return { kind, fence: fence(text), patch, places, within: null };
}

export const ran: Execution = { output: '', thrown: null, stopped: null, kernelLost: false, late: [], duration: 1 };
export const put = (text: string, revision: number): Entry => [{ operation: 'PUT', value: { text }, revision }];
export const del = (revision: number): Entry => [{ operation: 'DEL', value: null, revision }];
export const purge = (revision: number): Entry => [{ operation: 'PURGE', value: null, revision }];
export const bucket = (keys: Record<string, Entry> = {}, settings: Settings = {}): Bucket => ({ settings, keys: new Map(Object.entries(keys)) });
export const server = (buckets: Record<string, Bucket>, ...streams: string[]): State => ({
  buckets: new Map(Object.entries(buckets)),
  streams: new Set(streams),
});

export interface Case {
  /** What the page said before. */
  said?: string;
  /** What this step says; neither: it must leave everything as it was. */
  state?: string;
  change?: string;
  was: State;
  is: State;
  known?: Mismatch[];
  execution?: Execution;
}

export function judge({ said = 'buckets: {}', state, change, was, is, known = [], execution = ran }: Case): Mismatch[] {
  const before = applyPatch(EMPTY_EXPECTED, read('state', said).patch);
  const declared = state !== undefined ? read('state', state) : change !== undefined ? read('change', change) : null;
  const after = declared === null ? before : applyPatch(declared.kind === 'state' ? EMPTY_EXPECTED : before, declared.patch);
  const expectation: Expectation = { output: null, error: null, state: declared, consoles: [] };
  const step: Step = {
    index: 0,
    line: 10,
    lastLine: 99,
    title: '',
    heading: '',
    code: null,
    starter: null,
    hints: [],
    node: false,
    timeout: 1,
    fault: null,
    expectation,
  };
  return judgeStep({ step, execution, before, after, delta: diffStates(was, is), state: is, known }).mismatches;
}

/** `kind path: expected → actual @line` */
export const row = ({ kind, path, expected, actual, place }: Mismatch) =>
  `${kind} ${path}: ${JSON.stringify(expected)} → ${JSON.stringify(actual)} @${place.line}`;

export const socks = 'buckets:\n  A:\n    keys:\n      k: socks';
