/** A `state` or `change` fence (design §3) to the patch that it says, with the place of each entry. */
import { isScalar, type Node } from 'yaml';
import type { Fence, Place, Problem, StatePatch } from '../types.ts';
import { DocumentReader } from './document-reader.ts';
import { type Field, fieldsOf, itemsOf, offsetOf, reportUnknown, reportWrong, textOf } from './fields.ts';
import { bucketNameProblem, streamNameProblem } from './names.ts';
import { pointer } from './pointer.ts';
import { readBucket } from './read-bucket.ts';
import { parseYaml } from './yaml-source.ts';

export interface StateDocument {
  patch: StatePatch;
  /** JSON Pointer, as a mismatch's path → where that entry stands in the page: of a mapping's entry where its name begins. */
  places: Map<string, Place>;
  problems: Problem[];
}

/**
 * Reads a document. Never throws: what is wrong is in `problems`, in the order of the page, and the rest is read all the same. `captured` are the names that
 * matchers in earlier fences of the step capture; those that this one captures are added.
 */
export function readStateDocument(kind: 'state' | 'change', fence: Fence, file: string, captured: Set<string> = new Set()): StateDocument {
  const reader = new DocumentReader(kind, fence, file, captured);
  const patch: StatePatch = { buckets: new Map(), streams: undefined };
  const root = parseYaml(reader);
  if (root !== undefined) readRoot(root, patch, reader);
  return { patch, places: reader.places, problems: reader.sortedProblems() };
}

function readRoot(root: Node | null, patch: StatePatch, reader: DocumentReader): void {
  const fields = fieldsOf(root, reader);
  if (fields === null) {
    const empty = root === null || (isScalar(root) && textOf(root) === null);
    const advice = reader.kind === 'state' ? 'Write `buckets: {}` where nothing is there.' : 'Leave the fence out where nothing changes.';
    if (empty) reader.report(root === null ? 0 : offsetOf(root), `The \`${reader.kind}\` is empty; expected \`buckets\` or \`streams\`.`, advice);
    else reader.report(root === null ? 0 : offsetOf(root), `The \`${reader.kind}\` is no mapping; expected \`buckets\` or \`streams\`.`);
  }
  for (const field of fields ?? []) {
    if (field.name === 'buckets') patch.buckets = readBuckets(field, reader);
    else if (field.name === 'streams') patch.streams = readStreams(field, reader);
    else reportUnknown(field, 'here', ['buckets', 'streams'], reader, 'Buckets stand under `buckets:`.');
  }
}

function readBuckets(field: Field, reader: DocumentReader): StatePatch['buckets'] {
  reader.remember('/buckets', field.at);
  if (field.value === null && reader.kind === 'change') return null;
  const fields = fieldsOf(field.value, reader);
  if (fields === null) reportWrong(field, 'a mapping of buckets', reader, field.value === null ? 'Write `buckets: {}` for none.' : null);
  const buckets: NonNullable<StatePatch['buckets']> = new Map();
  for (const each of fields ?? []) {
    const problem = bucketNameProblem(each.name);
    if (problem !== null) reader.report(each.at, problem);
    const path = pointer('buckets', each.name);
    reader.remember(path, each.at);
    buckets.set(each.name, readBucket(each, path, reader));
  }
  return buckets;
}

function readStreams(field: Field, reader: DocumentReader): string[] {
  reader.remember('/streams', field.at);
  if (field.value === null && reader.kind === 'change') return [];
  const items = itemsOf(field.value);
  if (items === null) reportWrong(field, 'a list of names of streams, as in `[ORDERS]`', reader, field.value === null ? 'Write `streams: []` for none.' : null);
  const streams = new Set<string>();
  for (const [index, item] of (items ?? []).entries()) {
    const name = textOf(item.value);
    const problem = name === null ? null : streamNameProblem(name);
    if (name === null) reportWrong({ name: `streams[${index}]`, ...item }, 'the name of a stream', reader);
    else if (problem !== null || streams.has(name)) reader.report(item.at, problem ?? `\`${name}\` is given twice.`);
    else reader.remember(pointer('streams', name), item.at);
    if (name !== null) streams.add(name);
  }
  return [...streams];
}
