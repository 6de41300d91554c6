/** The built-in objects as they were when the process began → the same again, after a step has patched, deleted or frozen them. */
import { EventEmitter } from 'node:events';
import { restoreStreams } from './host-output.ts';

/** Properties of a built-in object; `descriptors[i]` is that of `keys[i]`, and `values[i]` its value. */
interface Saved {
  object: Record<PropertyKey, unknown>;
  keys: PropertyKey[];
  values: unknown[];
  descriptors: PropertyDescriptor[];
}

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, has, ownKeys, set, setPrototypeOf, isExtensible } = Reflect;
const setHas = Function.prototype.call.bind(Set.prototype.has) as (set: Set<PropertyKey>, key: PropertyKey) => boolean;
const { process: theProcess, Buffer: theBuffer, console: theConsole, Error: theError } = globalThis;
const { Console } = theConsole;
const { prototype: objectPrototype } = Object;

/** The globals that are put back with all that hangs on them, and those that only are what they were: what no host and no client needs may stay patched. */
const WHOLE =
  'Object Function Array Number Boolean String Symbol BigInt Date Promise RegExp Error JSON Math Reflect Proxy Map Set WeakMap WeakSet Iterator ArrayBuffer ' +
  'Uint8Array console URL TextEncoder TextDecoder';
/** Not one of those that Node loads at their first use: a look at one loads it. */
const NAMES =
  'globalThis WeakRef FinalizationRegistry SharedArrayBuffer DataView Atomics AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError ' +
  'Uint8ClampedArray Uint16Array Uint32Array Int8Array Int16Array Int32Array Float32Array Float64Array BigInt64Array BigUint64Array Intl parseInt parseFloat ' +
  'isNaN isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent eval setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate ' +
  'queueMicrotask structuredClone atob btoa URLSearchParams AbortController AbortSignal Event EventTarget process Buffer';
/** Stands for the value of a property that has a getter. */
const ACCESSOR = {};
/** What Node itself changes in the course of things, and what `restoreStreams` looks after. */
const STATE = new Set<PropertyKey>(['_events', '_eventsCount', '_maxListeners', '_exiting', 'domain', 'stdout', 'stderr', '_stdout', '_stderr']);

const saved: Saved[] = [];
/** Where an addition may hide what is inherited. */
const guarded = [objectPrototype, theProcess, theBuffer.prototype, Uint8Array.prototype].map((object) => ({ object, keys: new Set(ownKeys(object)) }));

function save(object: object, names: PropertyKey[]): void {
  const one: Saved = { object: object as Record<PropertyKey, unknown>, keys: [], values: [], descriptors: [] };
  for (const key of names) {
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined || (descriptor.writable === false && !descriptor.configurable)) continue;
    if ((object === theProcess || object === theConsole) && STATE.has(key)) continue;
    // Without a prototype nothing on Object.prototype is taken for a part of it.
    setPrototypeOf(descriptor, null);
    one.keys.push(key);
    one.values.push('value' in descriptor ? descriptor.value : ACCESSOR);
    one.descriptors.push(descriptor);
  }
  saved.push(one);
}

/** To be called before the first step. */
export function saveBuiltins(): void {
  const whole = WHOLE.split(' ');
  save(globalThis, [...whole, ...NAMES.split(' ')]);
  const objects = new Set<object>([theProcess, theBuffer, EventEmitter, Object.getPrototypeOf(Uint8Array), getPrototypeOf([][Symbol.iterator]()) ?? {}]);
  for (const name of whole) objects.add(getOwnPropertyDescriptor(globalThis, name)?.value);
  for (const object of [...objects]) {
    const prototype: object | undefined = object && getOwnPropertyDescriptor(object, 'prototype')?.value;
    if (prototype) objects.add(prototype);
  }
  for (const object of objects) if (object) save(object, ownKeys(object));
}

/** Puts back what is not as it was, as far as it can be. Needs nothing that a step can break. What was added stays, unless it hides something. */
export function restoreBuiltins(): void {
  removeAdditions();
  deleteProperty(theError, 'prepareStackTrace');
  let isConsoleWhole = isExtensible(theConsole);
  for (let index = 0; index < saved.length; index += 1) {
    const one = saved[index];
    if (one !== undefined && !restore(one) && one.object === (theConsole as object)) isConsoleWhole = false;
  }
  // Both are accessors, whose setter keeps what a step assigned.
  if (globalThis.process !== theProcess) set(globalThis, 'process', theProcess);
  if (globalThis.Buffer !== theBuffer) set(globalThis, 'Buffer', theBuffer);
  restoreStreams();
  // On a frozen global object it cannot be, and what is there then prints as well as it may.
  if (!isConsoleWhole) set(globalThis, 'console', new Console(theProcess.stdout, theProcess.stderr));
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

/** False where something cannot be put back. */
function restore({ object, keys, values, descriptors }: Saved): boolean {
  let isWhole = true;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as PropertyKey;
    const descriptor = descriptors[index];
    if (descriptor === undefined || isAsBefore(object, key, values[index], descriptor)) continue;
    if (!defineProperty(object, key, descriptor)) isWhole = false;
  }
  return isWhole;
}

function isAsBefore(object: Record<PropertyKey, unknown>, key: PropertyKey, value: unknown, before: PropertyDescriptor): boolean {
  if (value !== ACCESSOR) {
    try {
      // A read is ten times as fast as a descriptor; a getter that a step put there may throw.
      return object[key] === value;
    } catch {
      return false;
    }
  }
  const now = getOwnPropertyDescriptor(object, key);
  return now !== undefined && now.get === before.get && now.set === before.set;
}
