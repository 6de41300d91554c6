/** What `--reporter` asked for → the reporters, each with where it writes. */
import { jsonReporter } from '../report/json.ts';
import type { Reporter } from '../report/reporter.ts';
import { terminalReporter } from '../report/terminal.ts';
import type { ReporterSpec } from './options.ts';
import type { RunArguments } from './run-arguments.ts';
import { type Streams, sinkOf } from './sinks.ts';

/** Throws a ProblemError where a file cannot be written. */
export function createReporters({ reporters, quiet }: RunArguments, streams: Streams, pageOf: (file: string) => string): Reporter[] {
  return reporters.map((spec) => {
    const { name } = spec;
    const sink = sinkOf(spec, streams);
    return name === 'json' ? jsonReporter(sink) : terminalReporter({ sink, quiet, pageOf });
  });
}

/** Whether anything that is said while the run goes on would be seen on standard output. */
export function isShown(reporters: ReporterSpec[]): boolean {
  return reporters.some(({ name, file }) => name === 'terminal' && file === null);
}
