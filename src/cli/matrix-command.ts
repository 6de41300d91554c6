/** `lockerroom run --matrix`: the pages on one version of nats-server after the other, while the next ones are being installed. */
import { EXIT, exitCodeOf } from '../errors.ts';
import { type MatrixColumn, type MatrixReporter, matrixJsonReporter, matrixTerminalReporter, notesOf } from '../report/matrix.ts';
import { Progress } from '../report/progress.ts';
import { obtainVersion, resolveVersions, type WantedVersion } from '../server/resolve-version.ts';
import type { Problem } from '../types.ts';
import { unmetRange } from '../workbook/reason-to-skip.ts';
import { runWorkbook, type WorkbookResult } from '../workbook/run.ts';
import { Slots } from '../workbook/slots.ts';
import { exitCode } from './exit-code.ts';
import { type Prepared, prepare } from './prepare.ts';
import { writeProblems } from './problems.ts';
import { isShown } from './reporters.ts';
import type { RunArguments } from './run-arguments.ts';
import type { RunContext } from './run-command.ts';
import { SeenLessons } from './seen-lessons.ts';
import { sinkOf } from './sinks.ts';

/** So many are installed at a time: more would take the network, or the processor, from the lessons that run meanwhile. */
const INSTALLATIONS = 3;

/** Answers with the exit code. Rejects with a ProblemError where a report cannot be written, and for defects of ours. */
export async function matrixCommand(args: RunArguments, asked: string[], context: RunContext): Promise<number> {
  const started = performance.now();
  const { streams, signal } = context;
  const prepared = await prepare(args, context.folder);
  const reporters = openReporters(args, prepared, context);
  writeProblems(prepared.problems, streams);
  const columns: MatrixColumn[] = [];
  const notes: string[] = [];
  const problems = [...prepared.problems];
  try {
    if (prepared.plans.length > 0) {
      const { wanted, problems: unknown } = await resolveVersions(asked, { env: process.env, signal });
      const ofVersions = unknown.map(({ problem }) => problem);
      writeProblems(ofVersions, streams);
      problems.push(...ofVersions);
      await new MatrixRun(args, prepared, context, reporters, columns).run(wanted);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    notes.push('Interrupted; what was started has been removed.');
  }
  const code = signal.aborted ? EXIT.interrupted : Math.max(EXIT.passed, ...columns.map(({ summary }) => summary.exitCode), ...problems.map(exitCodeOf));
  const summary = { version: context.version, exitCode: code, duration: performance.now() - started, columns, problems, notes };
  for (const reporter of reporters) reporter.end(summary);
  if (!isShown(args.reporters) && !(args.quiet && code === 0))
    streams.stderr.write(
      notesOf(summary)
        .map((note) => `${note}\n`)
        .join(''),
    );
  return code;
}

class MatrixRun {
  readonly #args: RunArguments;
  readonly #prepared: Prepared;
  readonly #context: RunContext;
  readonly #reporters: MatrixReporter[];
  readonly #columns: MatrixColumn[];

  constructor(args: RunArguments, prepared: Prepared, context: RunContext, reporters: MatrixReporter[], columns: MatrixColumn[]) {
    this.#args = args;
    this.#prepared = prepared;
    this.#context = context;
    this.#reporters = reporters;
    this.#columns = columns;
  }

  /** A column more for each version, also for the one that is interrupted; to the first failure with `--bail`. Rejects with the signal's reason, when nothing is being installed any more. */
  async run(wanted: WantedVersion[]): Promise<void> {
    const { signal } = this.#context;
    const slots = new Slots(INSTALLATIONS);
    const onProgress = (text: string) => this.#say(text);
    const obtained = wanted.map((one) => slots.use(() => obtainVersion(one, { env: process.env, onProgress, signal })));
    const settled = Promise.allSettled(obtained);
    try {
      for (const [at, one] of wanted.entries()) {
        const version = obtained[at];
        if (version !== undefined) await this.#runOn(one, version);
        if (this.#args.bail && this.#columns.at(-1)?.summary.exitCode !== EXIT.passed) break;
      }
    } finally {
      await settled;
    }
  }

  async #runOn({ asked, version: meant }: WantedVersion, obtained: ReturnType<typeof obtainVersion>): Promise<void> {
    const { signal, onFolder, version } = this.#context;
    const { plans } = this.#prepared;
    const { jobs, bail, keep, twin } = this.#args;
    const started = performance.now();
    const seen = new SeenLessons();
    for (const reporter of this.#reporters) reporter.begin(meant, plans.length);
    const run = runWorkbook({
      ...{ plans, jobs, bail, keep, twin, signal, onFolder },
      server: { kind: 'version', obtain: async () => (await obtained).server },
      onProgress: (text) => this.#say(text),
      onEvent: (event) => {
        seen.event(event);
        for (const reporter of this.#reporters) reporter.event(event);
      },
    });
    const add = (result: WorkbookResult, notes: string[] = []) => {
      const code = signal.aborted ? EXIT.interrupted : exitCode(result.lessons, result.problems, this.#args);
      const summary = { ...result, version, exitCode: code, duration: performance.now() - started, notes: [...notes, ...result.notes] };
      const column = { asked, version: result.server?.version ?? meant, summary, ranges: this.#rangesOn(result.server?.version ?? meant) };
      this.#columns.push(column);
      return column;
    };
    try {
      const result = await run;
      const note = await obtained.then(({ note }) => note).catch(() => null);
      writeProblems(
        result.problems.filter((one) => this.#isNew(one)),
        this.#context.streams,
      );
      const column = add(result, note === null ? [] : [note]);
      for (const reporter of this.#reporters) reporter.finished(column);
    } catch (error) {
      if (signal.aborted && seen.reports().length > 0) add({ lessons: seen.reports(), server: null, problems: [], notes: [] });
      throw error;
    }
  }

  /** A configuration that no version takes is said once. */
  #isNew({ file, message }: Problem): boolean {
    return !this.#columns.some(({ summary }) => summary.problems.some((one) => one.file === file && one.message === message));
  }

  #rangesOn(version: string): Map<string, string> {
    return new Map(
      this.#prepared.plans.flatMap((plan) => {
        const range = unmetRange(plan, version);
        return range === null ? [] : [[plan.plan.lesson.file, range] as const];
      }),
    );
  }

  #say(text: string): void {
    for (const reporter of this.#reporters) reporter.progress(text);
  }
}

/** Where nothing is said on standard output while it goes on, progress is on standard error. */
function openReporters(args: RunArguments, { lessons }: Prepared, { streams }: RunContext): MatrixReporter[] {
  const texts = new Map(lessons.map(({ lesson, text }) => [lesson.file, text]));
  const reporters = args.reporters.map((spec) => {
    const sink = sinkOf(spec, streams);
    return spec.name === 'json' ? matrixJsonReporter(sink) : matrixTerminalReporter({ sink, quiet: args.quiet, pageOf: (file) => texts.get(file) ?? '' });
  });
  if (isShown(args.reporters) || args.quiet) return reporters;
  const progress = new Progress(streams.stderr);
  const say = (text: string) => progress.say(text);
  let now = '';
  const bar: MatrixReporter = {
    begin: (version) => (now = version),
    event: (event) => event.type === 'lesson-finished' && say(`nats-server ${now}: ${event.file}`),
    progress: say,
    finished: () => progress.end(),
    end: () => progress.end(),
  };
  return [bar, ...reporters];
}
