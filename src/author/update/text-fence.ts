/** (an `output` or `error` fence, or none, and what was printed or thrown) → edits of the page that make it say so. */
import type { Captures } from '../../document/matchers.ts';
import { matchLines, normalizeOutput } from '../../document/matchers.ts';
import { rewriteLines } from '../../document/rewrite-lines.ts';
import { plainText } from '../../judge/text.ts';
import type { TextExpectation, Thrown } from '../../types.ts';
import { type Anchor, addFence, removeFence } from './fences.ts';
import { type Edit, editLines } from './page-edit.ts';
import { type VariantOptions, writeRows } from './variants.ts';

export interface TextCase {
  kind: 'output' | 'error';
  text: string;
  expectation: TextExpectation | null;
  /** Null: nothing was thrown. */
  rows: string[] | null;
  /** Of other runs. */
  others: string[][];
  captures: Captures;
  options: VariantOptions;
  /** The fence after which a new one stands. */
  after: Anchor;
  /** It cannot be taken away, only emptied. */
  needed: boolean;
}

export function editText({ kind, text, expectation, rows, others, captures, options, after, needed }: TextCase): Edit[] {
  const written = writeRows(rows ?? [], others, options);
  if (expectation === null) return rows === null || (kind === 'output' && rows.length === 0) ? [] : [addFence(text, after, `text ${kind}`, written.lines)];
  const { fence } = expectation;
  if (rows === null) return [removeFence(text, fence)];
  const lines = fence.text.split('\n').slice(0, -1);
  if (matchLines(normalizeOutput(fence.text), rows, new Map(captures)).matched) return [];
  if (rows.length === 0 && kind === 'output' && !needed) return [removeFence(text, fence)];
  return editLines(text, fence, rewriteLines(lines, rows, { ...options, captures, write: written.of }));
}

/** What was thrown, as lines: with its code where the page gives one. */
export function thrownRows(thrown: Thrown | null, expectation: TextExpectation | null): string[] | null {
  if (thrown === null) return null;
  const first = expectation === null ? '' : (normalizeOutput(expectation.fence.text)[0] ?? '');
  const coded = /^[^\s:]+ \[[^\]]*\]/.test(first) && thrown.code !== null;
  return normalizeOutput(plainText(coded ? { name: `${thrown.name} [${thrown.code}]`, message: thrown.message } : thrown));
}
