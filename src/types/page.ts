/** A page of Markdown: places, spans and fences. */

/** Offsets into the page's text in UTF-16 units, `[start, end)`. */
export interface Span {
  start: number;
  end: number;
}

/** Where a reader looks: both count from 1, columns in UTF-16 units, in the file as it is. */
export interface Place {
  line: number;
  column: number;
}

/** Where the first character of one line of a fence's text stands in the page. */
export interface LineOrigin extends Place {
  offset: number;
}

/** A fenced block. `lines[i]` says where line `i` of `text` stands: list, quote and tab prefixes are not part of the text. */
export interface Fence {
  /** From the first character of the opening line's backticks (or tildes) to the end of the closing line. */
  span: Span;
  /** The info string as written, without the blanks around it. */
  info: Span;
  /** The line of the opening fence. */
  line: number;
  /** Where the opening backticks (or tildes) begin. */
  column: number;
  /** The line of the closing fence; of an unclosed one the last line of its text. */
  lastLine: number;
  /** Lines joined by "\n", each ended by one; empty where the fence is. */
  text: string;
  lines: LineOrigin[];
}
