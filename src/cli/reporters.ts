/** What `--reporter` asked for → the reporters, each with where it writes. */
import { writeFileSync } from 'node:fs';
import { ProblemError, problem } from '../errors.ts';
import { jsonReporter } from '../report/json.ts';
import type { Reporter, Sink } from '../report/reporter.ts';
import { terminalReporter } from '../report/terminal.ts';
import type { ReporterSpec, RunArguments } from './arguments.ts';

export interface Streams {
  stdout: Sink;
  stderr: Sink;
}

/** Throws a ProblemError where a file cannot be written. */
export function createReporters({ reporters, quiet }: RunArguments, streams: Streams, pageOf: (file: string) => string): Reporter[] {
  return reporters.map(({ name, file }) => {
    const sink = file === null ? streams.stdout : fileSink(file);
    return name === 'json' ? jsonReporter(sink) : terminalReporter({ sink, quiet, pageOf });
  });
}

/** Whether anything that is said while the run goes on would be seen on standard output. */
export function isShown(reporters: ReporterSpec[]): boolean {
  return reporters.some(({ name, file }) => name === 'terminal' && file === null);
}

function fileSink(file: string): Sink {
  const write = (text: string, flag: 'w' | 'a') => {
    try {
      writeFileSync(file, text, { flag });
    } catch (error) {
      throw new ProblemError(
        problem('usage', `the report cannot be written to ${file} (${(error as NodeJS.ErrnoException).code})`, 'name a file in a folder that is there'),
      );
    }
  };
  // Emptied at once, so that a file that cannot be written is known before the run and not after it.
  write('', 'w');
  return { write: (text) => write(text, 'a'), columns: null, colors: false };
}
