/** The command: process arguments, streams, signals and exit, and nothing else. The only file that touches them. */
import { EXIT, exitCodeOf, ProblemError } from '../errors.ts';
import { writeJson } from '../report/json.ts';
import type { Sink } from '../report/reporter.ts';
import type { RunFolder } from '../server/run-folder.ts';
import type { Problem } from '../types.ts';
import { failureDocument, parseArguments } from './arguments.ts';
import { VERSION } from './manifest.ts';
import { writeProblems } from './problems.ts';

/** Ctrl-C, `kill` and a closed terminal; the second one does not wait for the clean-up. */
const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: 143, SIGHUP: 129 } as const;

/** A terminal sends Ctrl-C to every process of its group, and a process above may pass it on: within this time, in milliseconds, it is one. */
const SAME_SIGNAL = 300;

export async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  const streams = { stdout: streamSink(process.stdout), stderr: streamSink(process.stderr) };
  const fail = (problem: Problem) => {
    writeProblems([problem], streams);
    const code = exitCodeOf(problem);
    const document = failureDocument(argv, problem, VERSION);
    if (document !== null) writeJson(streams.stdout, document);
    return code;
  };

  const interruption = catchSignals();
  try {
    const parsed = parseArguments(argv, VERSION);
    if (parsed.do === 'print') streams.stdout.write(parsed.text);
    else if (parsed.do === 'fail') process.exitCode = fail(parsed.problem);
    else {
      const { signal, onFolder, onLeaving } = interruption;
      const code = await parsed.perform({ folder: process.cwd(), version: VERSION, streams, signal, onFolder, onLeaving, onKey });
      process.exitCode = interruption.exitCode() ?? code;
    }
  } catch (error) {
    process.exitCode = error instanceof ProblemError ? fail(error.problem) : describeDefect(error, streams.stderr);
  }
  await flush();
  // What a step or a library left open must not keep a finished run.
  process.exit();
}

/**
 * Each key that is pressed, where somebody sits at a terminal; null where nobody does. The terminal then no longer makes a signal of Ctrl-C, so that is done
 * here. The function that is answered with ends it.
 */
function onKey(listener: (key: string) => void): (() => void) | null {
  const { stdin } = process;
  if (!stdin.isTTY) return null;
  const hear = (keys: string) => {
    for (const key of keys) {
      if (key === '\x03') process.kill(process.pid, 'SIGINT');
      else listener(key);
    }
  };
  stdin.setRawMode(true).setEncoding('utf8').on('data', hear).resume();
  return () => {
    stdin.off('data', hear).pause();
    stdin.setRawMode(false);
  };
}

/** A signal aborts the run, which then cleans up; a second one, or a defect of ours, removes what was started at once. */
function catchSignals() {
  const abort = new AbortController();
  let folder: RunFolder | null = null;
  let standing: () => string | null = () => null;
  let caught: { code: number; at: number } | null = null;
  for (const [name, code] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (caught !== null && performance.now() - caught.at > SAME_SIGNAL) {
        const left = standing();
        if (left !== null) process.stderr.write(`lockerroom: stopped at once; ${left}\n`);
        process.exit(code);
      }
      caught ??= { code, at: performance.now() };
      abort.abort(new Error(`interrupted by ${name}`));
    });
  }
  process.on('exit', () => folder?.closeNow());
  for (const kind of ['uncaughtException', 'unhandledRejection']) process.on(kind, (error) => process.exit(describeDefect(error, streamSink(process.stderr))));
  // A reader that has gone, such as `head`, is no defect; a disk that is full is a report that was not written.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`lockerroom: the report cannot be written to standard output (${code})\n`);
    process.exit(EXIT.invalid);
  });
  process.stderr.on('error', () => {});
  const onLeaving = (said: () => string | null) => {
    standing = said;
  };
  return { signal: abort.signal, onFolder: (opened: RunFolder) => (folder = opened), onLeaving, exitCode: () => caught?.code ?? null };
}

function describeDefect(error: unknown, stderr: Sink): number {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`lockerroom: this is a defect of lockerroom itself; please report it with what you ran.\n${text}\n`);
  return EXIT.defect;
}

function streamSink(stream: NodeJS.WriteStream): Sink {
  const colors = process.env.NO_COLOR ? false : process.env.FORCE_COLOR ? process.env.FORCE_COLOR !== '0' : stream.isTTY === true;
  let gone = false;
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    gone ||= code === 'EPIPE';
  });
  const isDrawable = stream.isTTY && process.env.TERM !== 'dumb';
  return {
    write: (text) => void stream.write(text),
    // Asked for each time: a terminal can be made larger.
    get columns() {
      return isDrawable ? stream.columns : null;
    },
    get rows() {
      return isDrawable ? stream.rows : null;
    },
    get gone() {
      return gone;
    },
    colors,
  };
}

/** What was written to a pipe is written before the process ends. */
function flush(): Promise<unknown> {
  return Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))));
}
