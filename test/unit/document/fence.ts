/** A text to the fence that holds it: its first line is line 11 of the page, each line indented by `indent` characters that are not part of the text. */
import type { Fence } from '../../../src/types.ts';

export function fenceOf(text: string, indent = 0): Fence {
  const texts = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  let offset = 200;
  const lines = texts.map((line, index) => {
    const origin = { line: 11 + index, column: 1 + indent, offset: offset + indent };
    offset += indent + line.length + 1;
    return origin;
  });
  const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return {
    span: { start: 150, end: offset + 3 },
    info: { start: 160, end: 170 },
    line: 10,
    column: 1 + indent,
    lastLine: 11 + lines.length,
    text: ended,
    lines,
  };
}
