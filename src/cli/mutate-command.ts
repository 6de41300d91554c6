/** `lockerroom mutate`: arguments → what no check notices, and the exit code. */
import { type MutateResult, mutateLessons } from '../author/mutate.ts';
import { EXIT, exitCodeOf } from '../errors.ts';
import { createColors } from '../report/colors.ts';
import { writeJson } from '../report/json.ts';
import { printable } from '../report/printable.ts';
import { Progress } from '../report/progress.ts';
import type { LessonReport } from '../types.ts';
import type { MutateArguments, MutateDocument } from './mutate-arguments.ts';
import { prepare } from './prepare.ts';
import { writeProblems } from './problems.ts';
import type { RunContext } from './run-command.ts';
import { type Streams, sinkOf } from './sinks.ts';

/** Answers with the exit code. Rejects with a ProblemError where nothing could be begun, and for defects of ours. */
export async function mutateCommand(args: MutateArguments, context: RunContext): Promise<number> {
  const started = performance.now();
  const { folder, streams, signal, onFolder } = context;
  const sinks = args.reporters.map((spec) => ({ name: spec.name, sink: sinkOf(spec, streams) }));
  const { plans, problems } = await prepare({ pages: args.pages, grep: args.grep, from: null, bail: false }, folder);
  writeProblems(problems, streams);

  const progress = new Progress(streams.stderr);
  const result = await mutateLessons({ plans, jobs: args.jobs, twin: args.twin, signal, onFolder, onProgress: (text) => progress.say(text) })
    .catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    })
    .finally(() => progress.end());
  if (result === null) {
    streams.stderr.write('Interrupted; what was started has been removed.\n');
    return EXIT.interrupted;
  }
  writeProblems(result.problems, streams);
  writeUnmutated(result, streams);
  for (const { name, sink } of sinks) {
    if (name === 'json') writeJson(sink, documentOf(result));
    else sink.write(describe(result, plans.length, performance.now() - started, sink.colors));
  }
  const failed = result.survivors.length > 0 || result.failed.length > 0;
  return Math.max(failed ? EXIT.failed : EXIT.passed, ...[...problems, ...result.problems].map(exitCodeOf));
}

/** Pages of which nothing can be said, and why. */
function writeUnmutated({ failed, skipped, notes }: MutateResult, { stderr }: Streams): void {
  const wrong = failed.map(
    (report) =>
      `${report.file}:${lineOf(report)}:1: this page does not pass as it is, or not each time, so nothing can be said of it\n  see \`lockerroom run ${report.file}\`\n`,
  );
  const passedOver = skipped.map(({ file, reason }) => `${file}: is not mutated, because it ${reason ?? 'is skipped'}\n`);
  stderr.write(printable([...wrong, ...passedOver, ...notes.map((note) => `${note}\n`)].join('')));
}

function lineOf({ steps }: LessonReport): number {
  return steps.find(({ status }) => status === 'failed' || status === 'errored')?.line ?? 1;
}

function documentOf({ mutants, survivors }: MutateResult): MutateDocument {
  return {
    totals: { mutants, caught: mutants - survivors.length, survived: survivors.length },
    survivors: survivors.map(({ file, place, mutation }) => ({ file, line: place.line, column: place.column, mutation })),
  };
}

function describe({ mutants, survivors, failed, skipped }: MutateResult, lessons: number, duration: number, isColored: boolean): string {
  const colors = createColors(isColored);
  const mutated = lessons - failed.length - skipped.length;
  if (mutated === 0) return '';
  const lines = survivors.map(
    ({ file, place, mutation }) => `${colors.bold(`${printable(file)}:${place.line}:${place.column}:`)} ${printable(`no check notices it when ${mutation}`)}`,
  );
  const paint = survivors.length === 0 ? colors.green : colors.red;
  const caught = `${mutants - survivors.length} noticed, ${survivors.length} not`;
  const where = `${mutated} ${mutated === 1 ? 'lesson' : 'lessons'}`;
  return `${[...lines, paint(`${mutants} mutants of ${where}: ${caught}`) + colors.dim(`  ${(duration / 1000).toFixed(1)} s`)].join('\n')}\n`;
}
