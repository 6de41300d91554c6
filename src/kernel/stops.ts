/** What became of a kernel's process, or of a step's code → why the step could not be judged, in one sentence that says what to do. */
import { formatDuration } from '../document/duration.ts';
import type { LinkedStep, Place, Stop } from '../types.ts';
import type { Death } from './death.ts';
import { importsOf, locateSyntaxError } from './names.ts';
import type { Limits } from './parent.ts';
import { placeAt, placeOfFrame } from './place.ts';
import type { ErrorReport, Failure } from './protocol.ts';

export interface StopContext {
  limits: Limits;
  /** Milliseconds that the step had. */
  timeout: number;
  /** A step's module → the step. */
  stepAt: (url: string) => LinkedStep | undefined;
}

/** Longer texts of errors are cut off in sentences, not in `Stop.error`. */
const SHOWN = 300;

export function stopOfDeath(death: Death, context: StopContext): Stop {
  const { limits, timeout } = context;
  switch (death.cause) {
    case 'timeout':
      return stop(
        'timeout',
        `ran longer than its time limit of ${formatDuration(timeout)} and was stopped; await what it starts, or give the step a longer timeout=`,
      );
    case 'memory':
      return stop('memory', `used more than ${megabytes(limits.memory)} of memory, Buffers included, and was stopped; hold less at a time`);
    case 'output':
      return stop('output', `printed more than ${limits.output / 2 ** 20} MiB and was stopped; print less, or end what prints`);
    case 'line':
      return stop('kernel', 'closed file descriptor 3, over which steps are run, and was stopped; close only what the step has opened');
    case 'closed-output':
      return stop('kernel', `closed its standard output (${textOf(death.error)}) and was stopped; leave it open`);
    case 'ended':
      return stop('kernel', 'was ended, because the run was');
    case 'start':
      return stop('kernel', `could not be run, because its process does not start: ${death.message}`);
    case 'exit':
      return stop('exit', `called process.exit(${death.code}), which ends the process of the whole lesson; leave that out, a step ends by itself`);
    case 'signal':
      return stop('exit', `ended its process by ${death.signal}${SENDERS.get(death.signal) ?? ''}; the process runs the whole lesson, so leave it running`);
    case 'rejection':
    case 'exception':
      return stopOfFault(death.cause, death.error, context.stepAt);
  }
}

/** Of an error that nothing caught. */
export function stopOfFault(reason: 'rejection' | 'exception', error: ErrorReport, stepAt: StopContext['stepAt']): Stop {
  const message =
    reason === 'rejection'
      ? `left a rejected promise unhandled: ${textOf(error)}; await the promise, or catch its error`
      : `threw where nothing catches it, in a timer or an event's handler: ${textOf(error)}; catch it there`;
  return { reason, message, error: { name: error.name, message: error.message }, place: placeOf(error, stepAt) };
}

const SENDERS: ReadonlyMap<string, string> = new Map([
  ['SIGABRT', ', as process.abort() does'],
  ['SIGTERM', ', as process.kill() does'],
]);

/** Of a step whose code never began to run. */
export function stopOfFailure(step: LinkedStep, { phase, error, specifier }: Failure): Stop {
  const named = { name: error.name, message: error.message };
  const place = placeOf(error, () => step);
  if (phase === 'syntax') return { reason: 'syntax', message: syntaxSentence(step, error.message), error: named, place: place ?? syntaxPlace(step) };
  const missing = /requested module '(.*)' does not provide an export named '(.*)'|^Named export '(.*)' not found/.exec(error.message);
  const name = missing?.[2] ?? missing?.[3];
  const from = missing?.[1] ?? specifier;
  const asked = importsOf(step.fence.text, step.language).filter((one) => (from === null && name !== undefined ? one.names.has(name) : one.specifier === from));
  const isType = name !== undefined && asked.some(({ names }) => names.get(name) === false);
  const advice =
    name === undefined ? adviceOf(error, specifier) : isType ? `if it is a type, import it by \`import type { ${name} }\`` : 'see what the module exports';
  const statement = asked[0];
  return {
    reason: 'link',
    message: `could not import what it needs: ${textOf(error)}; ${advice}`,
    error: named,
    place: place ?? (statement === undefined ? null : placeAt(step.fence, statement.offset)),
  };
}

/** Of a step that is known not to run before it is tried. */
export function stopOfBroken(step: LinkedStep, broken: NonNullable<LinkedStep['broken']>): Stop {
  return { reason: 'syntax', message: syntaxSentence(step, broken.message), error: { name: broken.name, message: broken.message }, place: broken.place };
}

/** Where in the page the error came from; null where its stack names no step. */
export function placeOf({ frame }: ErrorReport, stepAt: StopContext['stepAt']): Place | null {
  const step = frame === null ? undefined : stepAt(frame.url);
  return frame === null || step === undefined ? null : placeOfFrame(step, frame.line, frame.column);
}

function stop(reason: Stop['reason'], message: string): Stop {
  return { reason, message, error: null, place: null };
}

function syntaxSentence({ language }: LinkedStep, message: string): string {
  return `is not ${language === 'ts' ? 'TypeScript' : 'JavaScript'} that Node runs: ${shorten(message)}`;
}

function syntaxPlace({ fence, language }: LinkedStep): Place | null {
  const offset = locateSyntaxError(fence.text, language);
  return offset === null ? null : placeAt(fence, offset);
}

function adviceOf({ code }: ErrorReport, specifier: string | null): string {
  if (code !== 'ERR_MODULE_NOT_FOUND') return 'see what it imports';
  return specifier?.startsWith('.')
    ? 'a relative path begins in the folder of the file that imports it'
    : "install it where the lesson's folder finds it, or mend its name";
}

function textOf({ name, message }: ErrorReport): string {
  return shorten(name === '' ? message : message === '' ? name : `${name}: ${message}`);
}

/** The first line, which is all that a sentence holds. */
function shorten(text: string): string {
  const line = (text.split('\n', 1)[0] ?? '').trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN).toWellFormed()}…` : line.replace(/\.$/, '');
}

/** As the page of the format writes it: 512 MB are 512 times 2^20 bytes. */
function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MB`;
}
