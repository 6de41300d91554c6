/** Whatever was thrown → its name, message, code and place, read so that no getter, Proxy or missing method does harm. */
import type { ErrorReport } from './protocol.ts';

/** UTF-16 units; more of a message tells nobody anything. */
const LONGEST = 64 * 1024;

const UNREADABLE = '(its text cannot be read)';

export function describeError(value: unknown, lessonUrl: string): ErrorReport {
  if (!isError(value)) return { name: '', message: textOf(value), code: null, frame: null, latest: null };
  const message = cut(read(value, 'message') ?? '');
  const frames = framesOf(stackOf(value), message, lessonUrl);
  const latest = frames.length === 0 ? null : Math.max(...frames.map(({ index }) => index));
  const [{ url, line, column } = { url: '', line: 0, column: 0 }] = frames;
  return { name: cut(read(value, 'name') ?? 'Error'), message, code: codeOf(value), frame: url === '' ? null : { url, line, column }, latest };
}

function isError(value: unknown): value is object {
  try {
    // Only now: at its first import `node:util` opens the process's own stderr, which is none of the host's.
    return process.getBuiltinModule('node:util').types.isNativeError(value) || value instanceof Error;
  } catch {
    return false;
  }
}

/** A property as text; null where there is none. */
function read(value: object, name: 'name' | 'message'): string | null {
  try {
    const property: unknown = Reflect.get(value, name);
    return property === undefined || property === null ? null : String(property);
  } catch {
    return UNREADABLE;
  }
}

/** A stack begins with the error's text, so V8 cannot make one where reading that throws, but of the frames alone. */
function stackOf(value: object): string {
  try {
    return String(Reflect.get(value, 'stack'));
  } catch {
    Error.prepareStackTrace = (_error, frames) => frames.map((frame) => `    at ${frame}`).join('\n');
  }
  try {
    return String(Reflect.get(value, 'stack'));
  } catch {
    return '';
  } finally {
    Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}

function codeOf(value: object): string | null {
  try {
    const code: unknown = Reflect.get(value, 'code');
    return typeof code === 'string' || typeof code === 'number' ? cut(String(code)) : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string {
  try {
    return cut(String(value));
  } catch {
    return tagOf(value);
  }
}

/** An object that has no text of its own, such as one without a prototype. */
function tagOf(value: unknown): string {
  try {
    return cut(Object.prototype.toString.call(value));
  } catch {
    return UNREADABLE;
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text;
}

interface StepFrame {
  url: string;
  index: number;
  line: number;
  column: number;
}

/** The frames in steps of this lesson. A syntax error has its place in the first lines instead: `url:line`, the code, a caret. */
function framesOf(stack: string, message: string, lessonUrl: string): StepFrame[] {
  const url = `(${lessonUrl.replace(/[^\w/]/g, '\\$&')}\\?step=(\\d+)(?:&run=\\d+)?)`;
  const syntax = new RegExp(`^${url}:(\\d+)\\n[^]*?\\n([ \\t]*)\\^+ *\\n`).exec(stack);
  if (syntax !== null) return [{ url: syntax[1] ?? '', index: Number(syntax[2]), line: Number(syntax[3]), column: (syntax[4] ?? '').length + 1 }];
  // A message may look like a stack; frames come after it.
  const header = message === '' ? -1 : stack.indexOf(message);
  const frames = header === -1 ? stack : stack.slice(header + message.length);
  return [...frames.matchAll(new RegExp(`^ +at .*?${url}:(\\d+):(\\d+)\\)?$`, 'gm'))].map((frame) => {
    return { url: frame[1] ?? '', index: Number(frame[2]), line: Number(frame[3]), column: Number(frame[4]) };
  });
}
