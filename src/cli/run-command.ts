/** `lockerroom run`: arguments → a run, its reporters and its exit code. */
import { EXIT } from '../errors.ts';
import { Progress } from '../report/progress.ts';
import type { RunSummary } from '../report/reporter.ts';
import type { RunFolder } from '../server/run-folder.ts';
import type { RunEvent } from '../types.ts';
import type { Ahead } from '../workbook/ahead.ts';
import type { Configuration } from '../workbook/configuration.ts';
import { accessOf, completeFrom } from '../workbook/own-server.ts';
import { runWorkbook, type WorkbookResult } from '../workbook/run.ts';
import { exitCode } from './exit-code.ts';
import { type Prepared, prepare } from './prepare.ts';
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
  /** Takes what says, in one sentence, what a run that is stopped at once leaves behind; null: nothing. */
  onLeaving: (standing: () => string | null) => void;
  /** Each key that is pressed at the terminal; answers with what ends it, or with null where there is no terminal. */
  onKey: (listener: (key: string) => void) => (() => void) | null;
  /** What was started before the pages were known. */
  ahead?: Ahead;
}

/** Answers with the exit code. Rejects with a ProblemError where nothing could be begun, and for defects of ours. */
export async function runCommand(args: RunArguments, context: RunContext): Promise<number> {
  const started = performance.now();
  const prepared = await prepare(args, context.folder);
  const { exitCode } = await performRun(prepared, args, context, { started });
  return exitCode;
}

export interface PerformOptions {
  /** When the run began, by `performance.now()`. */
  started: number;
  /** Gets every event, too. */
  onEvent?: (event: RunEvent) => void;
  /** Asked when the signal has ended the run: whether its reporters are to say nothing more, because another run takes its place. */
  isReplaced?: () => boolean;
}

/** Runs what was prepared, and tells the reporters. Rejects with a ProblemError where a report cannot be written, and for defects of ours. */
export async function performRun(prepared: Prepared, args: RunArguments, context: RunContext, options: PerformOptions): Promise<RunSummary> {
  const { folder, streams, signal } = context;
  const { plans, lessons, problems, configuration } = prepared;
  const own = args.own && (await accessOf(await completeFrom(process.env, args.own)));
  const texts = new Map(lessons.map(({ lesson, text }) => [lesson.file, text]));
  const reporters = await createReporters({ ...args, streams, folder, pageOf: (file) => texts.get(file) ?? '' });
  const notices = new Progress(isShown(args.reporters) || args.quiet ? null : streams.stderr);
  writeProblems(problems, streams);
  const seen = new SeenLessons();
  const left: string[] = [];
  const run = startRun(args, {
    configuration,
    plans,
    own,
    onLeft: (sentence) => left.push(sentence),
    jobs: args.jobs,
    bail: args.bail,
    keep: args.keep,
    twin: args.twin,
    ahead: context.ahead,
    server: args.server,
    signal,
    onFolder: context.onFolder,
    onStanding: context.onLeaving,
    onProgress: (text) => {
      for (const reporter of reporters) reporter.progress(text);
      notices.say(text);
    },
    onEvent: (event) => {
      seen.event(event);
      options.onEvent?.(event);
      for (const reporter of reporters) reporter.event(event);
    },
  });
  const result = await run.catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return {
      lessons: seen.reports(),
      server: null,
      problems: [],
      notes: left.length > 0 ? left.map((sentence) => `Interrupted; ${sentence}`) : ['Interrupted; what was started has been removed.'],
    };
  });
  notices.end();
  const all = [...problems, ...result.problems];
  const code = signal.aborted ? EXIT.interrupted : exitCode(result.lessons, all, args);
  const summary = { version: context.version, exitCode: code, duration: performance.now() - options.started, ...result, problems: all };
  if (options.isReplaced?.()) return summary;
  writeProblems(result.problems, streams);
  for (const reporter of reporters) reporter.end(summary);
  // How to reach a server that was kept is said, also where standard output is for a document.
  if (!isShown(args.reporters) && !(args.quiet && code === 0)) streams.stderr.write(result.notes.map((note) => `${note}\n`).join(''));
  return summary;
}

type Options = Parameters<typeof runWorkbook>[0] & { configuration: Configuration };

async function startRun({ update }: RunArguments, options: Options): Promise<WorkbookResult> {
  if (update === null) return runWorkbook(options);
  const { updateLessons } = await import('../author/update/update.ts');
  return updateLessons({ ...options, propose: update === 'propose' });
}
