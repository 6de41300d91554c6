/** (something of the state that is not as a page says) → edits of the document that make it say what is there. */
import { isMap, isSeq, type YAMLMap } from 'yaml';
import type { Captures } from '../../document/matchers.ts';
import { byText } from '../../document/order.ts';
import { readPointer } from '../../document/pointer.ts';
import { matchesWildcard } from '../../document/wildcard.ts';
import { type TextEdit, YamlSource } from '../../document/yaml-edit.ts';
import type { Bucket, Delta, ExpectedState, Json, SettingName, State, StatePatch } from '../../types.ts';
import { editEntry } from './entry-edits.ts';
import { escaped, freshBucket, freshEntry, type WriteText, writeSetting } from './fresh.ts';
import { editJson, textIn } from './scalars.ts';

export interface StateCase {
  kind: 'state' | 'change';
  /** The document's text, and what it says. */
  text: string;
  patch: StatePatch;
  before: ExpectedState;
  actual: State;
  delta: Delta;
  captures: Captures;
  names: ReadonlySet<string>;
  /** New entries with all that is kept of them. */
  full: boolean;
  write: WriteText;
}

/** `path` is that of a mismatch. */
export function editState(path: string, given: StateCase): TextEdit[] {
  return new StateEditor(given).edit(readPointer(path));
}

class StateEditor {
  readonly #given: StateCase;
  readonly #source: YamlSource;

  constructor(given: StateCase) {
    this.#given = given;
    this.#source = new YamlSource(given.text);
  }

  edit([part = '', bucket = '', name = '', key, field]: string[]): TextEdit[] {
    const { patch } = this.#given;
    if (part === 'streams') return this.#editStreams();
    if (patch.buckets === null) return this.#source.set(['buckets'], goneJson(this.#given.before.buckets.keys(), this.#given.actual.buckets));
    if (name === '') return this.#editBucket(bucket);
    if (name !== 'keys' || key === undefined) return this.#editSetting(bucket, name as SettingName);
    if (patch.buckets.get(bucket)?.keys === null) {
      const before = this.#given.before.buckets.get(bucket);
      const left = this.#bucket(bucket).keys;
      const counts = [...(before?.counts.keys() ?? [])].filter((wildcard) => ![...left.keys()].some((one) => matchesWildcard(wildcard, one)));
      return this.#source.set(['buckets', bucket, 'keys'], goneJson([...(before?.keys.keys() ?? []), ...counts], left));
    }
    return field === 'count' ? this.#editCount(bucket, key) : this.#editKey(bucket, key, field);
  }

  #bucket(name: string): Bucket {
    return this.#given.actual.buckets.get(name) ?? { settings: {}, keys: new Map() };
  }

  #isChange(): boolean {
    return this.#given.kind === 'change';
  }

  #editBucket(name: string): TextEdit[] {
    const { actual, before } = this.#given;
    const path = ['buckets', name];
    const bucket = actual.buckets.get(name);
    const was = before.buckets.has(name);
    if (bucket === undefined) return this.#isChange() && was ? this.#source.set(path, null) : this.#remove(path);
    // In a change a bucket that is still there needs no mention: what differs of it is told next.
    if (this.#isChange() && was) return this.#remove(path);
    return this.#source.set(path, freshBucket(name, bucket, this.#given));
  }

  #editSetting(bucket: string, name: SettingName): TextEdit[] {
    const { before, patch, delta } = this.#given;
    const path = ['buckets', bucket, name];
    const value = this.#bucket(bucket).settings[name] ?? null;
    const was = before.buckets.get(bucket)?.settings[name] ?? null;
    const touched = delta.buckets.find((one) => one.bucket === bucket);
    const isSame = JSON.stringify(was) === JSON.stringify(value) && JSON.stringify(touched?.before?.[name] ?? value) === JSON.stringify(value);
    const found = this.#source.find(path);
    if (this.#isChange() && isSame && found !== undefined && touched?.before !== null) return this.#remove(path);
    if (value === null) return this.#isChange() && was !== null ? this.#source.set(path, null) : this.#remove(path);
    const said = patch.buckets?.get(bucket)?.settings.get(name) ?? null;
    const { captures, names } = this.#given;
    const flow = found?.map.flow === true;
    const options = { source: this.#source, flow, captures, names, console: false };
    const isLeafwise = found !== undefined && said !== null && (typeof value === 'string' || typeof value === 'object') && name !== 'sources';
    const edits = isLeafwise && found !== undefined ? editJson(found.pair.value, said, value, path, options) : null;
    return edits ?? this.#source.set(path, writeSetting(name, value), 'keys');
  }

  #editCount(bucket: string, wildcard: string): TextEdit[] {
    const { patch, before, actual } = this.#given;
    const path = ['buckets', bucket, 'keys', wildcard];
    const single = new Set([...(before.buckets.get(bucket)?.keys.keys() ?? []), ...(patch.buckets?.get(bucket)?.keys?.keys() ?? [])]);
    for (const [key, entry] of patch.buckets?.get(bucket)?.keys ?? []) if (entry === null) single.delete(key);
    if (!this.#isChange()) for (const key of [...single]) if (!(patch.buckets?.get(bucket)?.keys?.has(key) ?? false)) single.delete(key);
    const keys = [...(actual.buckets.get(bucket)?.keys ?? [])].filter(([key]) => matchesWildcard(wildcard, key));
    const count = keys.filter(([key, entry]) => entry.at(-1)?.operation === 'PUT' && !single.has(key)).length;
    if (keys.length === 0) return this.#isChange() && before.buckets.get(bucket)?.counts.has(wildcard) ? this.#source.set(path, null) : this.#remove(path);
    return this.#source.find(path)?.pair.value ? this.#source.set([...path, 'count'], count) : this.#source.set(path, { count });
  }

  #editKey(bucket: string, key: string, field: string | undefined): TextEdit[] {
    const { before, delta, patch } = this.#given;
    const path = ['buckets', bucket, 'keys', key];
    const entry = this.#bucket(bucket).keys.get(key);
    const was = before.buckets.get(bucket)?.keys.get(key);
    const touched = delta.buckets.find((one) => one.bucket === bucket)?.keys.find((one) => one.key === key);
    if (entry === undefined) return this.#isChange() && (was !== undefined || touched?.before) ? this.#source.set(path, null) : this.#remove(path);
    // A change that did not happen is none.
    if (this.#isChange() && touched === undefined && was !== undefined && this.#source.find(path) !== undefined) return this.#remove(path);
    const expected = patch.buckets?.get(bucket)?.keys?.get(key);
    if (expected === undefined || expected === null || 'count' in expected) {
      const fresh = freshEntry(bucket, key, entry, this.#given);
      const isSame = field === 'revision' && typeof fresh === 'string';
      return this.#source.set(path, isSame ? { value: fresh, revision: entry.at(-1)?.revision ?? 1 } : fresh);
    }
    const { captures, names } = this.#given;
    const flow = this.#source.find(path)?.map.flow === true;
    return editEntry({ source: this.#source, path, expected, entry, options: { source: this.#source, flow, captures, names, console: false } });
  }

  #editStreams(): TextEdit[] {
    const { actual, before } = this.#given;
    const streams = [...actual.streams].sort(byText);
    const list = this.#source.find(['streams'])?.pair.value;
    if (streams.length === 0) return this.#isChange() && before.streams.size > 0 ? this.#source.set(['streams'], []) : this.#remove(['streams']);
    if (!isSeq(list) || list.items.length === 0) return this.#source.set(['streams'], streams);
    const said = list.items.map((item) => textIn(item) ?? '');
    const gone = said.findIndex((name) => !actual.streams.has(name));
    const came = streams.find((name) => !said.includes(name));
    // One after the other; the last that goes only when another has come.
    if (came !== undefined) return [this.#source.appendTo(list, escaped(came))];
    return gone === -1 ? [] : [this.#source.removeFrom(list, gone)];
  }

  /** Takes an entry away, and what then says nothing more. */
  #remove(path: string[]): TextEdit[] {
    const found = this.#source.find(path);
    if (found === undefined) return [];
    if (found.map.items.length > 1) return [this.#source.remove(found.map, found.pair)];
    const owner = path.slice(0, -1);
    const saysItself = owner.length === 2 && owner[0] === 'buckets' && !(this.#isChange() && this.#given.before.buckets.has(owner[1] ?? ''));
    if (saysItself || (owner.length === 1 && !this.#isChange())) return this.#source.set(owner, {});
    if (owner.length > 0) return this.#remove(owner);
    // Nothing is left: a change that says so can be taken away.
    return [{ start: 0, end: this.#given.text.length, text: 'buckets: {}\n' }];
  }
}

/** All of something went, the page said; not these. */
function goneJson(before: Iterable<string>, actual: ReadonlyMap<string, unknown>): Json {
  return Object.fromEntries([...before].filter((name) => !actual.has(name)).map((name) => [name, null]));
}

/** Whether a document names nothing. */
export function saysNothing(text: string): boolean {
  const { root } = new YamlSource(text);
  if (!isMap(root)) return true;
  return root.items.every(({ value }) => isMap(value) && (value as YAMLMap).items.length === 0);
}
