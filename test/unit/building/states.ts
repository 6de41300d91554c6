/** Short notations of what is kept → the state that is drawn. */
import type { Entry, Operation, Settings, State, Value } from '../../../src/types.ts';

/** `put('x', 3)`, `gone('DEL', 4)`: the entries of a key, oldest first. */
export function put(value: string | Value, revision: number): Entry[number] {
  return { operation: 'PUT', value: typeof value === 'string' ? { text: value } : value, revision };
}

export function gone(operation: Exclude<Operation, 'PUT'>, revision: number): Entry[number] {
  return { operation, value: null, revision };
}

export function stateOf(buckets: Record<string, { settings?: Settings; keys?: Record<string, Entry> }>, streams: string[] = []): State {
  const entries = Object.entries(buckets).map(([name, { settings = {}, keys = {} }]) => [name, { settings, keys: new Map(Object.entries(keys)) }] as const);
  return { buckets: new Map(entries), streams: new Set(streams) };
}
