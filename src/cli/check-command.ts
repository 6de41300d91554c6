/** `lockerroom check`: arguments → what is wrong with the pages, and the exit code. */
import { EXIT, exitCodeOf } from '../errors.ts';
import { writeJson } from '../report/json.ts';
import { Progress } from '../report/progress.ts';
import type { Problem } from '../types.ts';
import { type CheckResult, checkPages } from '../workbook/check.ts';
import { readConfiguration } from '../workbook/configuration.ts';
import { selectPages } from '../workbook/select.ts';
import type { CheckArguments } from './check-arguments.ts';
import { nothingToRun } from './nothing-to-run.ts';
import { checkDocument, writeProblems } from './problems.ts';
import type { RunContext } from './run-command.ts';
import { sinkOf } from './sinks.ts';

/** What takes longer than this, in milliseconds, says what it is doing. */
const PATIENCE = 1000;

/** Answers with the exit code. Rejects with a ProblemError where nothing could be begun, and for defects of ours. */
export async function checkCommand({ pages: named, reporters }: CheckArguments, context: RunContext): Promise<number> {
  const { folder, streams, signal, onFolder } = context;
  const sinks = reporters.map((spec) => ({ name: spec.name, sink: sinkOf(spec, streams) }));
  const { configuration, problems: wrongConfiguration } = await readConfiguration(folder);
  const { pages, problems: notFound } = await selectPages(named, folder, configuration);
  // On a terminal only: what goes into a log are the problems.
  const progress = new Progress(streams.stderr.columns === null ? null : streams.stderr);
  let patience: NodeJS.Timeout | undefined;
  const onTypes = () => {
    patience = setTimeout(() => progress.say('checking the types of all steps'), PATIENCE);
  };
  const result = await checkPages(pages, { folder, configuration, signal, onFolder, onTypes })
    .catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    })
    .finally(() => {
      clearTimeout(patience);
      progress.end();
    });
  if (result === null) return EXIT.interrupted;

  const others = [...notFound, ...result.problems];
  const problems = [...wrongConfiguration, ...notFound, ...nothingToRun(pages.length, result.pages.length, others), ...result.problems];
  writeProblems(problems, streams);
  for (const { name, sink } of sinks) {
    if (name === 'json') writeJson(sink, checkDocument(problems));
    else sink.write(`${describe(result, problems)}\n`);
  }
  return Math.max(EXIT.passed, ...problems.map(exitCodeOf));
}

function describe({ pages }: CheckResult, problems: Problem[]): string {
  const good = pages.filter(({ file }) => !problems.some((one) => one.file === file));
  const stepsOf = (some: CheckResult['pages']) => some.reduce((sum, { steps }) => sum + steps, 0);
  if (problems.length === 0) return `${plural(pages.length, 'page')} with ${plural(stepsOf(pages), 'step')}: all in order`;
  return `${good.length} of ${plural(pages.length, 'page')} (${stepsOf(good)} of ${plural(stepsOf(pages), 'step')}) in order; ${plural(problems.length, 'problem')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
