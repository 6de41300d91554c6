/** A process's stream → its lines, one by one. */
import type { Readable } from 'node:stream';
import { plainLine } from './child.ts';

/** Of a longer line the rest is dropped, so that a flood without line ends takes no memory. */
const LONGEST = 4_096;

/** Reads the stream to its end and hands on each line (and an unended last one). */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST);
    for (const line of lines) onLine(plainLine(line.slice(0, LONGEST)));
  });
  stream.once('end', () => {
    if (rest !== '') onLine(plainLine(rest));
  });
  // A stream that breaks has ended; how the process ended is told elsewhere.
  stream.on('error', () => {});
}
