/** `lockerroom run`: arguments → a run, its reporters and its exit code. */
import { EXIT } from '../errors.ts';
import { Progress } from '../report/progress.ts';
import type { RunFolder } from '../server/run-folder.ts';
import { readConfiguration } from '../workbook/configuration.ts';
import { loadLessons } from '../workbook/load.ts';
import { planLessons } from '../workbook/plan.ts';
import { runWorkbook } from '../workbook/run.ts';
import { selectPages } from '../workbook/select.ts';
import { exitCode } from './exit-code.ts';
import { nothingToRun } from './nothing-to-run.ts';
import { writeProblems } from './problems.ts';
import { createReporters, isShown } from './reporters.ts';
import type { RunArguments } from './run-arguments.ts';
import { SeenLessons } from './seen-lessons.ts';
import type { Streams } from './sinks.ts';

export interface RunContext {
  /** The folder in which the command was typed. */
  folder: string;
  version: string;
  streams: Streams;
  signal: AbortSignal;
  onFolder: (folder: RunFolder) => void;
}

/** Answers with the exit code. Rejects with a ProblemError where nothing could be begun, and for defects of ours. */
export async function runCommand(args: RunArguments, context: RunContext): Promise<number> {
  const started = performance.now();
  const { folder, streams, signal } = context;
  const { configuration, problems: wrongConfiguration } = await readConfiguration(folder);
  const { pages, problems: notFound } = await selectPages(args.pages, folder, configuration);
  const { lessons, problems: invalid } = await loadLessons(pages, folder, configuration);
  const { plans, problems: unplanned } = planLessons(lessons, args);
  const problems = [...wrongConfiguration, ...notFound, ...nothingToRun(pages.length, lessons.length, [...notFound, ...invalid]), ...invalid, ...unplanned];

  const texts = new Map(lessons.map(({ lesson, text }) => [lesson.file, text]));
  const reporters = await createReporters({ ...args, streams, folder, pageOf: (file) => texts.get(file) ?? '' });
  const notices = new Progress(isShown(args.reporters) || args.quiet ? null : streams.stderr);
  writeProblems(problems, streams);
  const seen = new SeenLessons();
  const run = runWorkbook({
    plans,
    jobs: args.jobs,
    bail: args.bail,
    keep: args.keep,
    twin: args.twin,
    signal,
    onFolder: context.onFolder,
    onProgress: (text) => {
      for (const reporter of reporters) reporter.progress(text);
      notices.say(text);
    },
    onEvent: (event) => {
      seen.event(event);
      for (const reporter of reporters) reporter.event(event);
    },
  });
  const result = await run.catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return { lessons: seen.reports(), server: null, problems: [], notes: ['Interrupted; what was started has been removed.'] };
  });
  notices.end();
  writeProblems(result.problems, streams);
  const all = [...problems, ...result.problems];
  const code = signal.aborted ? EXIT.interrupted : exitCode(result.lessons, all, args);
  const summary = { version: context.version, exitCode: code, duration: performance.now() - started, ...result, problems: all };
  for (const reporter of reporters) reporter.end(summary);
  // How to reach a server that was kept is said, also where standard output is for a document.
  if (!isShown(args.reporters) && !(args.quiet && code === 0)) streams.stderr.write(result.notes.map((note) => `${note}\n`).join(''));
  return code;
}
