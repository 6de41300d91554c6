/** What `--reporter` asked for → the reporters, each with where it writes. */
import { jsonReporter } from '../report/json.ts';
import type { Reporter, Sink } from '../report/reporter.ts';
import { terminalReporter } from '../report/terminal.ts';
import { openGithub } from './github.ts';
import type { ReporterName, ReporterSpec } from './options.ts';
import { type Streams, sinkOf } from './sinks.ts';

export interface ReporterContext {
  reporters: ReporterSpec[];
  quiet: boolean;
  streams: Streams;
  /** The folder in which the command was typed. */
  folder: string;
  pageOf: (file: string) => string;
}

/** Rejects with a ProblemError where a file cannot be written. */
export async function createReporters(context: ReporterContext): Promise<Reporter[]> {
  const { reporters, streams } = context;
  const opened = reporters.map((spec) => ({ name: spec.name, sink: sinkOf(spec, streams) }));
  return Promise.all(opened.sort(githubLast).map(({ name, sink }) => createReporter(name, sink, context)));
}

/** Most runs are for a terminal or a script: what only a CI needs is loaded for a CI. */
async function createReporter(name: ReporterName, sink: Sink, { quiet, streams, folder, pageOf }: ReporterContext): Promise<Reporter> {
  switch (name) {
    case 'json':
      return jsonReporter(sink);
    case 'junit':
      return (await import('../report/junit.ts')).junitReporter({ sink, pageOf });
    case 'github':
      return (await import('../report/github.ts')).githubReporter({ sink, pageOf, ...openGithub(folder, process.env, streams.stderr) });
    case 'terminal':
      return terminalReporter({ sink, quiet, pageOf });
  }
}

/** For sorting: what reads the log has been told to pass over what the others print, and speaks when they have ended. */
export function githubLast(one: { name: ReporterName }, other: { name: ReporterName }): number {
  return Number(one.name === 'github') - Number(other.name === 'github');
}

/** Whether anything that is said while the run goes on would be seen on standard output. */
export function isShown(reporters: ReporterSpec[]): boolean {
  return reporters.some(({ name, file }) => name === 'terminal' && file === null);
}
