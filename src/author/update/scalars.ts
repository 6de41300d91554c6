/** (a scalar of a state document, what is there now) → its new source, quoted as it was; and whole values of JSON, leaf by leaf. */
import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { type RewriteOptions, rewriteText } from '../../document/rewrite-line.ts';
import { jsonMatches } from '../../document/values.ts';
import { isOther, writeText } from '../../document/write-yaml.ts';
import { lastOf, pairOf, startOf, type TextEdit, type YamlSource } from '../../document/yaml-edit.ts';
import type { Json } from '../../types.ts';
import { escaped } from './fresh.ts';

export interface ScalarOptions extends RewriteOptions {
  source: YamlSource;
  /** Inside of braces or brackets. */
  flow: boolean;
  /** Inside of `json:`, where `42` is no text. */
  typed?: boolean;
}

/** What a text scalar says; null for anything else. */
export function textIn(node: unknown): string | null {
  return isScalar(node) ? (node.source ?? String(node.value)) : null;
}

/** Replaces a scalar by a text; what of its matchers still matches stays. */
export function replaceText(node: Scalar, actual: string, options: ScalarOptions): TextEdit {
  const { source, flow, typed = false } = options;
  const text = rewriteText(textIn(node) ?? '', actual, options);
  const start = startOf(node);
  const end = lastOf(node, source.text);
  return { start, end: Math.max(start, end), text: quoteAs(node, text, { source, flow, typed }) };
}

function quoteAs(node: Scalar, text: string, { source, flow, typed }: { source: YamlSource; flow: boolean; typed: boolean }): string {
  const isSimple = /^[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text);
  if (node.type === 'QUOTE_SINGLE' && isSimple) return `'${text.replaceAll("'", "''")}'`;
  if (node.type === 'QUOTE_DOUBLE') return JSON.stringify(text);
  if (node.type === 'BLOCK_LITERAL') return blockOf(node, text, source) ?? JSON.stringify(text);
  return typed && isOther(text) ? JSON.stringify(text) : writeText(text, flow);
}

/** A block with the indentation that it had; null where the text cannot stand in one. */
function blockOf(node: Scalar, text: string, { text: whole }: YamlSource): string | null {
  const lines = text.split('\n');
  const [, indentation = ''] = /\n+( *)/.exec(whole.slice(startOf(node), lastOf(node, whole))) ?? [];
  if (indentation === '' || !lines.every((line) => /^[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe]*$/.test(line)) || /^\s/.test(text) || text.trim() === '') return null;
  const ends = text.endsWith('\n\n') ? '|+' : text.endsWith('\n') ? '|' : '|-';
  const shown = text.endsWith('\n') ? lines.slice(0, -1) : lines;
  return [ends, ...shown.map((line) => (line === '' ? '' : indentation + line))].join('\n');
}

/** The edits that make the JSON at `path` what is there, and touch only the leaves that differ. Null: it must be written anew. */
export function editJson(node: Node | null, expected: Json, actual: Json, path: string[], options: ScalarOptions): TextEdit[] | null {
  if (jsonMatches(expected, actual, new Map(options.captures))) return [];
  const inner = (one: unknown): ScalarOptions => ({ ...options, flow: options.flow || ((isMap(one) || isSeq(one)) && one.flow === true) });
  if (isMap(node) && isObject(expected) && isObject(actual) && node.items.length > 0) {
    const kept = Object.keys(expected).filter((name) => Object.hasOwn(actual, name));
    if (kept.length === 0) return null;
    const edits = kept.map((name) => editJson(pairOf(node, name)?.value ?? null, expected[name] ?? null, actual[name] ?? null, [...path, name], inner(node)));
    if (edits.some((one) => one === null)) return null;
    const gone = Object.keys(expected).filter((name) => !Object.hasOwn(actual, name));
    const removed = gone.flatMap((name): TextEdit[] => {
      const pair = pairOf(node, name);
      return pair === undefined ? [] : [options.source.remove(node, pair)];
    });
    const added = Object.keys(actual).filter((name) => !Object.hasOwn(expected, name));
    if (removed.length > 1 || (removed.length > 0 && added.length > 0)) return removed.slice(0, 1);
    return [...edits.flatMap((one) => one ?? []), ...removed, ...added.flatMap((name) => options.source.set([...path, name], escaped(actual[name] ?? null)))];
  }
  if (isSeq(node) && Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    // A path leads to names only, so what is in a list is edited where it is a scalar, and else written anew.
    const edits = expected.map((one, at) => editItem(node.items[at] as Node, one, actual[at] ?? null, inner(node)));
    return edits.some((one) => one === null) ? null : edits.flatMap((one) => one ?? []);
  }
  return editItem(node, expected, actual, options);
}

function editItem(node: Node | null, expected: Json, actual: Json, options: ScalarOptions): TextEdit[] | null {
  if (jsonMatches(expected, actual, new Map(options.captures))) return [];
  if (!isScalar(node) || typeof actual === 'object' || lastOf(node, options.source.text) <= startOf(node)) return null;
  if (typeof actual === 'string') return [replaceText(node, actual, { ...options, typed: true })];
  return [{ start: startOf(node), end: lastOf(node, options.source.text), text: String(actual) }];
}

function isObject(json: Json): json is { [name: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
