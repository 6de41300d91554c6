/** (what a page says of a key, what is kept of it) → edits of the page's words: only of the form, the revision or the history that differs. */
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { parseJson } from '../../document/json.ts';
import { valueMatches, valueSize } from '../../document/values.ts';
import { lastOf, pairOf, type SourcePair, startOf, type TextEdit, type YamlSource } from '../../document/yaml-edit.ts';
import type { Entry, ExpectedEntry, ExpectedRevision, Json, Revision, Value } from '../../types.ts';
import { escaped, freshRevision, longForm, writeSize } from './fresh.ts';
import { editJson, replaceText, type ScalarOptions, textIn } from './scalars.ts';

export interface EntryCase {
  source: YamlSource;
  /** From the root to the key. */
  path: string[];
  expected: ExpectedEntry;
  entry: Entry;
  options: ScalarOptions;
}

/** The entry stands at the path already. */
export function editEntry(given: EntryCase): TextEdit[] {
  const { source, path, expected, entry, options } = given;
  const found = source.find(path);
  const last = entry.at(-1);
  if (found === undefined || last === undefined) return [];
  const { map, pair } = found;
  const write = (text: string) => String(escaped(text));
  if (!isMap(pair.value)) return editShort(given, map, pair, last);
  const historyNode = pairOf(pair.value, 'history')?.value ?? null;
  const edits = editForm({ ...given, node: pair.value }, last);
  if (expected.revision !== null && expected.revision !== last.revision) edits.push(...source.set([...path, 'revision'], last.revision));
  if (expected.history === null || (expected.history.length === entry.length && expected.history.every((one, at) => revisionMatches(one, entry[at], options))))
    return edits;
  if (expected.history.length !== entry.length || !isSeq(historyNode))
    return [...edits, ...source.set([...path, 'history'], historyJson(expected.history, entry, write))];
  return [...edits, ...expected.history.flatMap((one, at) => editRevision(given, historyNode.items[at] as Node, one, entry[at]))];
}

function editShort({ source, path, options }: EntryCase, map: YAMLMap, pair: SourcePair, last: Revision): TextEdit[] {
  const value = freshRevision(last, (text) => text);
  const isText = last.operation === 'PUT' && last.value !== null && 'text' in last.value;
  if (isText && last.value !== null && 'text' in last.value && isScalar(pair.value) && lastOf(pair.value, source.text) > startOf(pair.value))
    return [replaceText(pair.value, last.value.text, { ...options, flow: map.flow === true })];
  return source.set(path, escaped(value));
}

/** The field that says what is in it: of a value that changed it stays what it was, where it can. */
function editForm({ source, path, expected, options, node }: EntryCase & { node: YAMLMap }, last: Revision): TextEdit[] {
  const pair = ['value', 'json', 'base64', 'size', 'deleted', 'purged'].map((name) => pairOf(node, name)).find((one) => one !== undefined);
  // It is the last of the history, and said there.
  if (pair === undefined) return [];
  const same = expected.operation === last.operation;
  if (same && (expected.value === null || last.value === null || valueMatches(expected.value, last.value, new Map(options.captures)))) return [];
  const name = textIn(pair.key) ?? '';
  const flow = node.flow === true;
  if (same && last.value !== null && expected.value !== null) {
    const at = [...path, name];
    if ('size' in expected.value) return source.set(at, writeSize(valueSize(last.value)));
    if ('base64' in expected.value) return source.set(at, base64Of(last.value));
    if ('json' in expected.value && 'text' in last.value) {
      const json = jsonOf(last.value.text);
      if (json !== undefined) return editJson(pair.value, expected.value.json, json, at, { ...options, flow }) ?? source.set(at, escaped(json));
    }
    if ('text' in expected.value && 'text' in last.value && isScalar(pair.value)) return [replaceText(pair.value, last.value.text, { ...options, flow })];
  }
  const [[form = 'value', value = null] = []] = Object.entries(revisionForm(last));
  // The field is another one now: its name too.
  const end = pair.value === null ? (pair.key.range?.[1] ?? 0) : lastOf(pair.value, source.text);
  const inline = source.inline(form, value, flow);
  return [{ start: startOf(pair.key), end, text: inline }];
}

function editRevision({ source, options }: EntryCase, node: Node | undefined, expected: ExpectedRevision, actual: Revision | undefined): TextEdit[] {
  if (node === undefined || actual === undefined || revisionMatches(expected, actual, options)) return [];
  const text = actual.operation === 'PUT' && actual.value !== null && 'text' in actual.value ? actual.value.text : null;
  if (isScalar(node) && text !== null && expected.operation === 'PUT') return [replaceText(node, text, { ...options, flow: true })];
  const valued = pairOf(node as YAMLMap, 'value')?.value;
  const revision = isMap(node) ? pairOf(node, 'revision')?.value : null;
  const onlyText = text !== null && expected.operation === 'PUT' && expected.value !== null && 'text' in expected.value;
  if (isMap(node) && onlyText && isScalar(valued)) {
    const edits = [replaceText(valued, text, { ...options, flow: node.flow === true })].filter(
      () => expected.value === null || actual.value === null || !valueMatches(expected.value, actual.value, new Map(options.captures)),
    );
    if (isScalar(revision) && expected.revision !== actual.revision)
      edits.push({ start: startOf(revision), end: lastOf(revision, source.text), text: String(actual.revision) });
    return edits;
  }
  return [{ start: startOf(node), end: lastOf(node, source.text), text: source.flow(revisionJson(expected, actual, (one) => String(escaped(one)))) }];
}

/** All that is kept, anew; what of it the page said, and still holds, in its words. */
function historyJson(expected: ExpectedRevision[], entry: Entry, write: (text: string) => string): Json {
  const numbered = expected.some(({ revision }) => revision !== null);
  let from = 0;
  return entry.map((actual) => {
    const at = expected.findIndex((one, index) => index >= from && revisionMatches({ ...one, revision: null }, actual, { captures: new Map() }));
    const said = expected[at];
    if (said !== undefined) from = at + 1;
    const value = said?.value ?? null;
    const text = value !== null && 'text' in value ? value.text : null;
    const json = revisionForm(actual, text === null ? write : () => text);
    const kept = value !== null && !('text' in value) ? value : json;
    return numbered ? { ...kept, revision: actual.revision } : kept;
  });
}

function revisionJson(expected: ExpectedRevision, actual: Revision, write: (text: string) => string): Json {
  const json = revisionForm(actual, write);
  return expected.revision === null ? json : { ...json, revision: actual.revision };
}

function revisionForm(actual: Revision, write: (text: string) => string = (text) => String(escaped(text))): { [name: string]: Json } {
  return longForm(freshRevision(actual, write));
}

function revisionMatches(expected: ExpectedRevision, actual: Revision | undefined, { captures }: Pick<ScalarOptions, 'captures'>): boolean {
  if (actual === undefined || expected.operation !== actual.operation) return false;
  if (expected.revision !== null && expected.revision !== actual.revision) return false;
  return expected.value === null || (actual.value !== null && valueMatches(expected.value, actual.value, new Map(captures)));
}

function base64Of(value: Value): string {
  return 'base64' in value ? value.base64 : btoa(String.fromCharCode(...new TextEncoder().encode(value.text)));
}

function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
