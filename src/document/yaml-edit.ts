/** The source of a state document and what is to stand at a path in it → edits of that source, which leave everything else as it is written. */
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Json } from '../types.ts';
import { pairLines, type Source, writeName, writeYaml } from './write-yaml.ts';

/** Replaces `[start, end)` of the source. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

export type SourcePair = Pair<Node, Node | null>;

/** A valid document, each line of which ends with "\n". */
export class YamlSource {
  readonly text: string;
  readonly root: Node | null;

  constructor(text: string) {
    this.text = text;
    this.root = parseDocument(text, { schema: 'core', version: '1.2', uniqueKeys: false, resolveKnownTags: false, logLevel: 'silent' }).contents;
  }

  /** What stands at a path of names; undefined: nothing does. */
  find(path: string[]): { map: YAMLMap; pair: SourcePair } | undefined {
    let node: Node | null = this.root;
    let found: { map: YAMLMap; pair: SourcePair } | undefined;
    for (const name of path) {
      if (!isMap(node)) return undefined;
      const pair: SourcePair | undefined = pairOf(node, name);
      if (pair === undefined) return undefined;
      found = { map: node, pair };
      node = pair.value;
    }
    return found;
  }

  /** Puts `json` at the path, in place of what is there, or as a new entry; what is missing on the way comes too. `before`: the name before which it is to stand. */
  set(path: string[], json: Json, before?: string): TextEdit[] {
    let node: Node | null = this.root;
    let owner: { map: YAMLMap; pair: SourcePair } | null = null;
    for (const [depth, name] of path.entries()) {
      const rest = path.slice(depth + 1);
      if (!isMap(node) || node.items.length === 0) {
        const nested = nest([name, ...rest], json);
        return owner === null ? [{ start: 0, end: this.text.length, text: linesOf(nested) }] : this.replace(owner.map, owner.pair, nested);
      }
      const pair: SourcePair | undefined = pairOf(node, name);
      if (pair === undefined) return [this.#insert(node, name, nest(rest, json), depth === path.length - 1 ? before : undefined)];
      owner = { map: node, pair };
      node = pair.value;
    }
    return owner === null ? [] : this.replace(owner.map, owner.pair, json);
  }

  /** Gives an entry another value. */
  replace(map: YAMLMap, { key, value }: SourcePair, json: Json): TextEdit[] {
    const source = writeYaml(json, map.flow === true);
    const colon = this.text.indexOf(':', key.range?.[1] ?? 0) + 1;
    const start = value?.range?.[0] ?? colon;
    const end = Math.max(colon, value === null ? colon : lastOf(value, this.text));
    const isBelow = this.text.slice(colon, start).includes('\n');
    const inline = typeof source === 'string' ? ` ${source}` : '';
    const edits: TextEdit[] = [];
    // What stands on the lines below goes with them; a comment behind the colon stays.
    if (isBelow && start < end)
      edits.push({ start: colon, end: colon, text: inline }, { start: lineStart(this.text, start), end: lineEnd(this.text, end), text: '' });
    else if (start < end) edits.push({ start: colon, end, text: inline });
    else edits.push({ start: colon, end: colon, text: inline });
    if (typeof source !== 'string') {
      const at = isBelow && start < end ? lineEnd(this.text, end) : lineEnd(this.text, end);
      const text = indent(source, columnOf(this.text, key) + 2);
      edits.push({ start: at, end: at, text });
    }
    return edits.filter((edit) => edit.text !== '' || edit.start < edit.end);
  }

  /** An entry on one line, without its indentation. */
  inline(name: string, json: Json, flow: boolean): string {
    return `${writeName(name)}: ${flowText(json, flow)}`;
  }

  /** A value in braces. */
  flow(json: Json): string {
    return flowText(json, true);
  }

  /** Takes an entry out of a mapping that has others too. */
  remove(map: YAMLMap, pair: SourcePair): TextEdit {
    return this.#removeItem(
      map.items.map((one) => spanOfPair(one as SourcePair, this.text)),
      map.items.indexOf(pair),
      map.flow === true,
    );
  }

  removeFrom(list: YAMLSeq, index: number): TextEdit {
    return this.#removeItem(
      list.items.map((item) => ({ start: startOf(item as Node), end: lastOf(item as Node, this.text) })),
      index,
      list.flow === true,
    );
  }

  appendTo(list: YAMLSeq, json: Json): TextEdit {
    const last = list.items.at(-1) as Node | undefined;
    const at = last === undefined ? (list.range?.[0] ?? 0) + 1 : lastOf(last, this.text);
    const inline = writeYaml(json, true);
    if (list.flow === true || last === undefined) return { start: at, end: at, text: last === undefined ? `${inline}` : `, ${inline}` };
    const start = lineEnd(this.text, at);
    const dash = this.text.lastIndexOf('-', startOf(last) - 1);
    return { start, end: start, text: indent([`- ${inline}`], dash - lineStart(this.text, dash)) };
  }

  #removeItem(items: { start: number; end: number }[], index: number, flow: boolean): TextEdit {
    const { start, end } = items[index] ?? { start: 0, end: 0 };
    const next = items[index + 1];
    if (flow) return next === undefined ? { start: items[index - 1]?.end ?? start, end, text: '' } : { start, end: next.start, text: '' };
    const from = lineStart(this.text, start);
    // The first of a mapping that is an item of a list stands behind the item's dash.
    if (index === 0 && next !== undefined && /^\s*(?:- +)+$/.test(this.text.slice(from, start)) && lineStart(this.text, next.start) > from) {
      const isMapping = !/^- /.test(this.text.slice(next.start - 2, next.start));
      if (isMapping) return { start, end: next.start, text: '' };
    }
    return { start: from, end: lineEnd(this.text, end), text: '' };
  }

  #insert(map: YAMLMap, name: string, json: Json, before: string | undefined): TextEdit {
    const pairs = map.items as SourcePair[];
    const last = pairs.at(-1);
    if (last === undefined) return { start: 0, end: 0, text: '' };
    const at = spanOfPair(last, this.text).end;
    if (map.flow === true) return { start: at, end: at, text: `, ${writeName(name)}: ${String(writeYaml(json, true))}` };
    const next = before === undefined ? undefined : pairOf(map, before);
    const place = next === undefined ? lineEnd(this.text, at) : lineStart(this.text, startOf(next.key));
    return { start: place, end: place, text: indent(pairLines(name, writeYaml(json, false)), columnOf(this.text, last.key)) };
  }
}

function flowText(json: Json, flow: boolean): string {
  const source = writeYaml(json, flow);
  return typeof source === 'string' ? source : String(writeYaml(json, true));
}

export function pairOf(map: YAMLMap, name: string): SourcePair | undefined {
  return (map.items as SourcePair[]).find(({ key }) => isScalar(key) && (key.source ?? String(key.value)) === name);
}

/** Where a node begins. */
export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** Where what a node says ends: without the line ending of a block, and comments behind it. */
export function lastOf(node: Node, text: string): number {
  if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0) {
    const last = node.items.at(-1);
    return isMap(node) ? spanOfPair(last as SourcePair, text).end : lastOf(last as Node, text);
  }
  const end = node.range?.[1] ?? 0;
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') && text[end - 1] === '\n' ? end - 1 : end;
}

function spanOfPair({ key, value }: SourcePair, text: string): { start: number; end: number } {
  const colon = text.indexOf(':', key.range?.[1] ?? 0) + 1;
  const end = value === null ? 0 : lastOf(value, text);
  return { start: startOf(key), end: value === null || end < colon ? (colon === 0 ? (key.range?.[1] ?? 0) : colon) : end };
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Behind the line's "\n". */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

function columnOf(text: string, node: Node): number {
  return startOf(node) - lineStart(text, startOf(node));
}

function indent(lines: string[], columns: number): string {
  return lines.map((line) => `${' '.repeat(columns)}${line}\n`).join('');
}

function nest(path: string[], json: Json): Json {
  return path.reduceRight<Json>((inner, name) => Object.fromEntries([[name, inner]]), json);
}

function linesOf(json: Json): string {
  const source: Source = writeYaml(json, false);
  return typeof source === 'string' ? `${source}\n` : indent(source, 0);
}
