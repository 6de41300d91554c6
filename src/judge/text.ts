/** (an `output` or `error` fence, what was printed or thrown) → the mismatch, at the first line that differs. */
import { type Captures, matchLines, normalizeOutput } from '../document/matchers.ts';
import type { Fence, Mismatch, Place, TextExpectation, Thrown } from '../types.ts';

/** What the step printed, against its `output` fence; a step without one must print nothing. */
export function judgeOutput(expectation: TextExpectation | null, output: string, stepPlace: Place, captures: Captures): Mismatch | null {
  const actual = normalizeOutput(output);
  if (expectation === null) {
    if (actual.length === 0) return null;
    return { kind: 'output', path: null, place: stepPlace, expected: null, actual: actual.join('\n'), by: 'step' };
  }
  const expected = normalizeOutput(expectation.fence.text);
  const result = matchLines(expected, actual, captures);
  if (result.matched) return null;
  const place = placeOfLine(expectation.fence, result.expectedIndex, expected.length);
  return { kind: 'output', path: null, place, expected: expected.join('\n'), actual: actual.join('\n'), by: 'step' };
}

/** What the step threw, against its `error` fence; a step without one must not throw. */
export function judgeError(expectation: TextExpectation | null, thrown: Thrown | null, stepPlace: Place, captures: Captures): Mismatch | null {
  if (expectation === null) {
    if (thrown === null) return null;
    return { kind: 'error', path: null, place: thrown.place ?? stepPlace, expected: null, actual: plainText(thrown), by: 'step' };
  }
  const expected = normalizeOutput(expectation.fence.text);
  if (thrown === null) {
    return { kind: 'error', path: null, place: placeOfLine(expectation.fence, 0, expected.length), expected: expected.join('\n'), actual: null, by: 'step' };
  }
  const givesCode = /^[^\s:]+ \[[^\]]*\]/.test(expected[0] ?? '');
  const text = givesCode && thrown.code !== null ? codedText(thrown, thrown.code) : plainText(thrown);
  const actual = normalizeOutput(text);
  const result = matchLines(expected, actual, captures);
  if (result.matched) return null;
  const place = placeOfLine(expectation.fence, result.expectedIndex, expected.length);
  return { kind: 'error', path: null, place, expected: expected.join('\n'), actual: actual.join('\n'), by: 'step' };
}

/** `Name: message`, as JavaScript itself writes an error; the text of a thrown non-Error. */
export function plainText({ name, message }: { name: string; message: string }): string {
  return name === '' ? message : message === '' ? name : `${name}: ${message}`;
}

function codedText({ name, message }: Thrown, code: string): string {
  return plainText({ name: `${name} [${code}]`, message });
}

/** Line `index` of the fence's text; the closing fence where everything in it held. */
function placeOfLine(fence: Fence, index: number, length: number): Place {
  const origin = index < length ? fence.lines[index] : undefined;
  return origin === undefined ? { line: fence.lastLine, column: fence.column } : { line: origin.line, column: origin.column };
}
