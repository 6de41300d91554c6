/** YAML nodes to names, texts and numbers, by their source text: `1.0` stays `1.0`. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { DocumentReader } from './document-reader.ts';
import { nearMiss } from './near-miss.ts';

export interface Field {
  name: string;
  /** Where the name begins. */
  at: number;
  /** Null: nothing, or a bare null. */
  value: Node | null;
}

export function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** Text as it is written: of quoted and block scalars what they say, of plain ones the source. Null for nothing, a bare null, a list or a mapping. */
export function textOf(node: Node | null): string | null {
  return isScalar(node) && !isNull(node) ? (node.source ?? String(node.value)) : null;
}

/** A plain number, true or false; null for anything else. */
export function plainOf(node: Node | null): number | boolean | null {
  return isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean') ? node.value : null;
}

/** A plain whole number from `least` on. */
export function wholeNumberOf(node: Node | null, least: number): number | null {
  const value = plainOf(node);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : null;
}

function isNull(node: Scalar): boolean {
  return node.value === null && (node.type ?? 'PLAIN') === 'PLAIN';
}

/** Null for nothing and a bare null. */
function somethingOf(node: unknown): Node | null {
  if (isScalar(node)) return isNull(node) ? null : node;
  return isMap(node) || isSeq(node) ? node : null;
}

/**
 * The fields of a mapping, in order; null where the node is none. A name given twice, a merge and a name that is no text are reported and left out, and so is what
 * stands for an alias (that one is reported already).
 */
export function fieldsOf(node: Node | null, reader: DocumentReader): Field[] | null {
  if (!isMap(node)) return null;
  const fields = new Map<string, Field>();
  for (const { key, value } of node.items) {
    if (isAlias(key)) continue;
    const at = isScalar(key) || isMap(key) || isSeq(key) ? offsetOf(key) : offsetOf(node);
    const name = isScalar(key) ? (key.source ?? String(key.value)) : null;
    if (name === null) reader.report(at, 'A name here is a list or a mapping; expected text.');
    else if (name === '<<' && isScalar(key) && key.type === 'PLAIN') reader.report(at, 'A state document has no merges (`<<`); write out what is meant.');
    else if (fields.has(name)) reader.report(at, `\`${name}\` is given twice.`, `The first is at line ${reader.placeAt(fields.get(name)?.at ?? at).line}.`);
    else if (!isAlias(value)) fields.set(name, { name, at, value: somethingOf(value) });
  }
  return [...fields.values()];
}

/** The items of a list, null for nothing and bare nulls, with where they begin; null where the node is no list. */
export function itemsOf(node: Node | null): { at: number; value: Node | null }[] | null {
  if (!isSeq(node)) return null;
  return node.items
    .filter((item) => !isAlias(item))
    .map((item) => ({ at: isScalar(item) || isMap(item) || isSeq(item) ? offsetOf(item) : offsetOf(node), value: somethingOf(item) }));
}

/** Reports a name that is not one of `known`, with the one that was probably meant. */
export function reportUnknown(field: Field, what: string, known: readonly string[], reader: DocumentReader, otherwise: string | null = null): void {
  const meant = nearMiss(field.name, known);
  reader.report(field.at, `\`${field.name}\` is not known ${what}; expected ${oneOf(known)}.`, meant === null ? otherwise : `Did you mean \`${meant}\`?`);
}

/** Reports what a field holds that it should not: at the value, or at the name where there is none. */
export function reportWrong(field: Field, expected: string, reader: DocumentReader, advice: string | null = null): void {
  const found = `\`${shortened(field.name)}\` ${described(field.value)}`;
  reader.report(field.value === null ? field.at : offsetOf(field.value), `${found}; expected ${expected}.`, advice);
}

function described(value: Node | null): string {
  if (value === null) return 'is empty';
  const empty = (isMap(value) || isSeq(value)) && value.items.length === 0 ? 'an empty' : 'a';
  if (isMap(value)) return `is ${empty} mapping`;
  return isSeq(value) ? `is ${empty} list` : `is \`${shortened(textOf(value) ?? '')}\``;
}

function shortened(text: string): string {
  const line = text.replaceAll('\n', '⏎');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

/** `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  const written = words.map((word) => `\`${word}\``);
  return written.length < 2 ? written.join('') : `${written.slice(0, -1).join(', ')} or ${written.at(-1)}`;
}
