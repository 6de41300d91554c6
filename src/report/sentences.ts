/** A mismatch → the sentence that says what is not as the page says. Exhaustive: a kind without its sentence does not compile. */
import { readPointer } from '../document/pointer.ts';
import type { Json, Mismatch, MismatchKind } from '../types.ts';

type Sentence = (subject: string, mismatch: Mismatch) => string;

const SENTENCES: Record<MismatchKind, Sentence> = {
  output: (_, { expected }) =>
    expected === null ? 'the step prints something, and the page declares no output' : 'the step prints something else than the page says',
  error: (_, { expected, actual }) => {
    if (expected === null) return `the step throws, and the page declares no error: ${firstLine(actual)}`;
    return actual === null
      ? `the step does not throw; the page says that it throws ${firstLine(expected)}`
      : 'the step throws something else than the page says';
  },
  bucket: (subject, mismatch) => presence(subject, mismatch),
  key: (subject, mismatch) => presence(subject, mismatch),
  stream: (subject, mismatch) => presence(subject, mismatch),
  setting: (subject, { expected, actual }) => `${subject} is ${show(actual, 'at its default')}; the page says ${show(expected, 'that it is at its default')}`,
  value: (subject) => `the value of ${subject} is not the one that the page gives`,
  operation: (subject, { expected, actual }) => `the latest entry of ${subject} is ${operation(actual)}; the page says ${operation(expected)}`,
  revision: (subject, { expected, actual }) => `${subject} is at revision ${show(actual)}, and revision ${show(expected)} is expected`,
  history: (subject, { expected, actual }) =>
    Array.isArray(expected) && Array.isArray(actual) && expected.length !== actual.length
      ? `the bucket keeps ${actual.length} revisions of ${subject}; the page says ${expected.length}`
      : `the history of ${subject} is not the one that the page gives`,
  count: (subject, { expected, actual }) => `${show(actual)} keys are under ${subject}; the page says ${show(expected)}`,
  console: () => 'the command prints something else than the page says',
  exit: (_, { expected, actual }) => `the command exits with ${show(actual)}; the page says ${show(expected)}`,
  exercise: () =>
    'the untouched starter code passes the check of its exercise, which therefore teaches nothing; leave out of it what the reader is to do, or expect what only that brings about',
};

/** One sentence without a full stop. A difference in the state of the console twin says that it is one. */
export function sentence(mismatch: Mismatch): string {
  const text = SENTENCES[mismatch.kind](subjectOf(mismatch.path), mismatch);
  return mismatch.by === 'twin' && mismatch.path !== null ? `after the console commands: ${text}` : text;
}

function presence(subject: string, { expected }: Mismatch): string {
  return expected === null ? `${subject} is there, and the page does not declare it` : `${subject} is not there, and it is expected`;
}

/** `/buckets/B/keys/k/value` → "key k of bucket B". */
function subjectOf(path: string | null): string {
  const [root = '', name = '', part, key] = path === null ? [] : readPointer(path);
  if (root === 'streams') return `stream ${name}`;
  if (part === 'keys' && key !== undefined) return `key ${key} of bucket ${name}`;
  return part === undefined ? `bucket ${name}` : `${part} of bucket ${name}`;
}

function show(value: Json, absent = 'nothing'): string {
  if (value === null) return absent;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function operation(entry: Json): string {
  const has = (name: string) => typeof entry === 'object' && entry !== null && name in entry;
  if (has('deleted')) return 'a delete marker (DEL)';
  return has('purged') ? 'a purge marker (PURGE)' : 'a value (PUT)';
}

function firstLine(text: Json): string {
  return typeof text === 'string' ? (text.split('\n')[0] ?? '') : show(text);
}
