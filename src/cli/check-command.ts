/** `lockerroom check`: arguments → what is wrong with the pages, and the exit code. */
import { EXIT, exitCodeOf } from '../errors.ts';
import { Progress } from '../report/progress.ts';
import { checkPages } from '../workbook/check.ts';
import { readConfiguration } from '../workbook/configuration.ts';
import { selectPages } from '../workbook/select.ts';
import type { CheckArguments } from './check-arguments.ts';
import { createWriters } from './check-writers.ts';
import { nothingToRun } from './nothing-to-run.ts';
import { writeProblems } from './problems.ts';
import type { RunContext } from './run-command.ts';

/** What takes longer than this, in milliseconds, says what it is doing. */
const PATIENCE = 1000;

/** Answers with the exit code. Rejects with a ProblemError where nothing could be begun, and for defects of ours. */
export async function checkCommand({ pages: named, reporters }: CheckArguments, context: RunContext): Promise<number> {
  const { folder, streams, signal, onFolder } = context;
  const started = performance.now();
  const writers = await createWriters(reporters, context);
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
  const code = Math.max(EXIT.passed, ...problems.map(exitCodeOf));
  for (const write of writers) write(result, problems, { code, duration: performance.now() - started });
  return code;
}
