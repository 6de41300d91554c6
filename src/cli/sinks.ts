/** Where a reporter was told to write → what takes its text: standard output or a file. */
import { writeFileSync } from 'node:fs';
import { ProblemError, problem } from '../errors.ts';
import type { Sink } from '../report/reporter.ts';
import type { ReporterSpec } from './options.ts';

export interface Streams {
  stdout: Sink;
  stderr: Sink;
}

/** Throws a ProblemError where the file cannot be written. */
export function sinkOf({ file }: ReporterSpec, { stdout }: Streams): Sink {
  return file === null ? stdout : fileSink(file);
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
