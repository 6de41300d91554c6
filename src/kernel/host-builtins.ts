/** The built-in objects as they were when the process began → the same again, after a step has patched, deleted or frozen them. */
import { EventEmitter } from 'node:events';
import { restoreStreams } from './host-output.ts';

/** One property of a built-in object. Without a prototype, so that nothing on Object.prototype is taken for a part of it. */
interface Saved {
  object: object;
  key: PropertyKey;
  descriptor: PropertyDescriptor;
}

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, has, ownKeys, setPrototypeOf, isExtensible } = Reflect;
const { hasOwn } = Object;
const setHas = Function.prototype.call.bind(Set.prototype.has) as (set: Set<PropertyKey>, key: PropertyKey) => boolean;
const { process: theProcess, Buffer: theBuffer, console: theConsole, Error: theError } = globalThis;
const { Console } = theConsole;
const { prototype: objectPrototype } = Object;
/** What Node itself changes in the course of things, and what `restoreStreams` looks after. */
const STATE = new Set<PropertyKey>(['_events', '_eventsCount', '_maxListeners', '_exiting', 'domain', 'stdout', 'stderr', '_stdout', '_stderr']);

const saved: Saved[] = [];
/** Where an addition may hide what is inherited. */
const guarded = [objectPrototype, theProcess, theBuffer.prototype, Uint8Array.prototype].map((object) => ({ object, keys: new Set(ownKeys(object)) }));

function save(object: object): void {
  for (const key of ownKeys(object)) {
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined || (descriptor.writable === false && !descriptor.configurable)) continue;
    if ((object === theProcess || object === theConsole) && STATE.has(key)) continue;
    setPrototypeOf(descriptor, null);
    saved.push({ object, key, descriptor });
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Every global that is there from the beginning (not Node's, which are made at their first use), what hangs on it, and what has no name of its own. */
export function saveBuiltins(): void {
  const objects = new Set<object>([globalThis, theProcess, theBuffer, EventEmitter]);
  for (const key of ownKeys(globalThis)) {
    const value: unknown = getOwnPropertyDescriptor(globalThis, key)?.value;
    if (isObject(value)) objects.add(value);
  }
  objects.add(Object.getPrototypeOf(Uint8Array));
  objects.add(Object.getPrototypeOf([][Symbol.iterator]()));
  for (const object of [...objects]) {
    const prototype: unknown = getOwnPropertyDescriptor(object, 'prototype')?.value;
    if (isObject(prototype)) objects.add(prototype);
  }
  for (const object of objects) save(object);
}

/**
 * Puts back what is not as it was, as far as it can be. Needs nothing that a step can break. What was added stays, unless it hides something.
 */
export function restoreBuiltins(): void {
  removeAdditions();
  deleteProperty(theError, 'prepareStackTrace');
  let isConsoleWhole = isExtensible(theConsole);
  for (let index = 0; index < saved.length; index += 1) {
    const one = saved[index];
    if (one === undefined || isAsBefore(one)) continue;
    if (!defineProperty(one.object, one.key, one.descriptor) && one.object === theConsole) isConsoleWhole = false;
  }
  // Both are accessors, whose setter keeps what a step assigned.
  if (globalThis.process !== theProcess) globalThis.process = theProcess;
  if (globalThis.Buffer !== theBuffer) globalThis.Buffer = theBuffer;
  restoreStreams();
  if (!isConsoleWhole) globalThis.console = new Console(theProcess.stdout, theProcess.stderr);
}

/** All that was added to Object.prototype, for every object has it. */
function removeAdditions(): void {
  for (let index = 0; index < guarded.length; index += 1) {
    const one = guarded[index];
    if (one === undefined) continue;
    const keys = ownKeys(one.object);
    for (let at = 0; at < keys.length; at += 1) {
      const key = keys[at];
      if (key === undefined || setHas(one.keys, key)) continue;
      if (one.object === objectPrototype || has(getPrototypeOf(one.object) ?? objectPrototype, key)) deleteProperty(one.object, key);
    }
  }
}

function isAsBefore({ object, key, descriptor }: Saved): boolean {
  if (hasOwn(descriptor, 'value')) {
    try {
      // A read is ten times as fast as a descriptor; a getter that a step put there may throw.
      return (object as Record<PropertyKey, unknown>)[key] === descriptor.value;
    } catch {
      return false;
    }
  }
  const now = getOwnPropertyDescriptor(object, key);
  return now !== undefined && now.get === descriptor.get && now.set === descriptor.set;
}
