/** Errors that nothing catches → the step whose they are, and a reply: the step that runs is ended, one that has ended before learns of it late. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { restoreBuiltins } from './host-builtins.ts';
import { send } from './host-channel.ts';
import { describeError } from './host-error.ts';
import type { HostReply } from './protocol.ts';

/** What a stopped page's process ends with; the runner goes by the reply before it. */
const FAULT_EXIT = 70;

const { apply } = Reflect;
const { reallyExit } = process as unknown as { reallyExit(code: number): never };
const { rawListeners } = process;
const theProcess = process;

/** Which step started what now runs. */
const starters = new AsyncLocalStorage<number>();
let lessonUrl = '';
let last = 0;
let isRunning = false;
/** Steps whose late errors are known; one of each is enough. */
const failed = new Set<number>();

export function catchFaults(url: string): void {
  lessonUrl = url;
  // Not a listener: a step cannot take it away.
  process.setUncaughtExceptionCaptureCallback(onException);
}

/** Whatever `start` starts is that step's, however late it comes. */
export function beginStep<Result>(index: number, start: () => Result): Result {
  if (!process.listeners('unhandledRejection').includes(onRejection)) process.on('unhandledRejection', onRejection);
  failed.delete(index);
  last = index;
  isRunning = true;
  return starters.run(index, start);
}

export function endStep(): void {
  isRunning = false;
}

/** Ends the process. */
export function endByFault(kind: (HostReply & { type: 'fault' })['kind'], error: unknown): never {
  send({ type: 'fault', kind, error: describeError(error, lessonUrl) });
  return reallyExit(FAULT_EXIT);
}

/** A step that listens itself handles it itself, as it would in a program of its own. */
function onRejection(reason: unknown): void {
  if (apply(rawListeners, theProcess, ['unhandledRejection']).length === 1) report('rejection', reason);
}

function onException(error: unknown): void {
  const own = apply(rawListeners, theProcess, ['uncaughtException']) as ((error: unknown, origin: string) => void)[];
  if (own.length === 0) report('exception', error);
  for (let index = 0; index < own.length; index += 1) apply(own[index] as () => void, theProcess, [error, 'uncaughtException']);
}

/** It is the latest step's that had a part in it: that started it, or whose code is on the stack. */
function report(kind: 'rejection' | 'exception', thrown: unknown): void {
  restoreBuiltins();
  const error = describeError(thrown, lessonUrl);
  const index = Math.max(starters.getStore() ?? -1, error.latest ?? -1);
  if (isRunning && (index === -1 || index === last)) endByFault(kind, thrown);
  const owner = index === -1 ? last : index;
  if (!failed.has(owner)) send({ type: 'late', kind, index: owner, error });
  failed.add(owner);
}
