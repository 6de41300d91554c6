/** What `show` was given → what is to be drawn: a server of one's own, or a page, run up to a step. */
import type { NatsConnection } from '@nats-io/nats-core';
import { EXIT, exitCodeOf, ProblemError, problem } from '../errors.ts';
import { Progress } from '../report/progress.ts';
import { sentence } from '../report/sentences.ts';
import { createObserver, type MovableObserver } from '../state/observer.ts';
import type { LessonReport, Problem } from '../types.ts';
import { openAfterStep } from '../workbook/after-step.ts';
import { readConfiguration } from '../workbook/configuration.ts';
import { loadLessons } from '../workbook/load.ts';
import { connectToOwn } from '../workbook/own-connect.ts';
import { accessOf, completeFrom, type OwnServer } from '../workbook/own-server.ts';
import { planLessons } from '../workbook/plan.ts';
import { selectPages } from '../workbook/select.ts';
import { writeProblems } from './problems.ts';
import type { RunContext } from './run-command.ts';
import type { ShowArguments } from './show-arguments.ts';
import type { Source } from './show-command.ts';

/** The exit code where problems of the page have been said. */
export function openSource(args: ShowArguments, context: RunContext): Promise<Source | number> {
  return 'server' in args.of ? openServer(args.of.server, args, context) : openPage(args.of.page, args, context);
}

async function openServer(given: OwnServer, { watch }: ShowArguments, { signal }: RunContext): Promise<Source> {
  const access = await accessOf(await completeFrom(process.env, given));
  const { url } = access.connection;
  const connection = await connectToOwn(access, { reconnect: watch, signal });
  const observer = createObserver(connection);
  const close = () => connection.close().catch(() => {});
  try {
    await observer.read();
  } catch (error) {
    await close();
    signal.throwIfAborted();
    const { message } = error as Error;
    throw new ProblemError(problem('server', `what the nats-server at ${url} holds cannot be read: ${message}`, null));
  }
  const who = connection.info?.version === undefined ? '' : ` · nats-server ${connection.info.version}`;
  return { title: `${url}${who}`, observer, away: awayOf(connection, observer), code: EXIT.passed, close };
}

/** Follows the connection from now on. What comes back may hold something else under the same names. */
function awayOf(connection: NatsConnection, observer: MovableObserver): () => string | null {
  let away: string | null = null;
  const follow = async () => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') away = 'the nats-server is gone.';
      else if (type === 'reconnect') {
        observer.moveTo(connection);
        away = null;
      }
    }
  };
  follow().catch(() => {});
  return () => away;
}

async function openPage(argument: string, { watch }: ShowArguments, { folder, streams, signal, onFolder }: RunContext): Promise<Source | number> {
  const { configuration, problems: wrongConfiguration } = await readConfiguration(folder);
  const { pages, problems: notFound } = await selectPages([argument], folder, configuration);
  const { lessons, problems: invalid } = await loadLessons(pages, folder, configuration);
  const { plans, problems: unplanned } = planLessons(lessons, { grep: null, from: null, bail: false });
  const problems = [...wrongConfiguration, ...notFound, ...invalid, ...unplanned];
  const [plan] = plans;
  if (problems.length === 0 && (plan === undefined || plans.length > 1))
    problems.push(problem('usage', 'one page is drawn at a time', 'Name a page: FILE, or FILE:LINE.', argument));
  writeProblems(problems, streams);
  if (problems.length > 0 || plan === undefined) return Math.max(...problems.map(exitCodeOf));

  const step = plan.plan.steps.findLast(plan.plan.listed)?.step;
  const progress = new Progress(streams.stderr);
  const { site, report, server, close } = await openAfterStep(plan, step?.index ?? 0, {
    onProgress: (text) => progress.say(text),
    onEvent: (event) => progress.event(event),
    onFolder,
    signal,
  }).finally(() => progress.end());
  writeProblems(failuresOf(report), streams);
  const { file } = plan.plan.lesson;
  const where = watch ? ` · ${site.url}` : '';
  return {
    title: `${file}:${step?.line} ${step?.title} · nats-server ${server.version}${where}`,
    observer: site.observer,
    away: () => null,
    code: report.status === 'failed' || report.status === 'errored' ? EXIT.failed : EXIT.passed,
    close,
  };
}

/** What is not as the page says, and why a step did not run: the drawing shows what is there all the same. */
function failuresOf({ file, steps }: LessonReport): Problem[] {
  return steps.flatMap(({ line, error, mismatches, reason, status }) => {
    const at = (place: { line: number; column: number }, message: string): Problem => ({ code: 'step', file, ...place, message, advice: null });
    if (status === 'errored' && error !== null) return [at(error, error.message)];
    if (status === 'skipped' && reason !== null && !reason.includes(NO_COMMANDS)) return [at({ line, column: 1 }, `the step ${reason}`)];
    return mismatches.map((mismatch) => at(mismatch.place, sentence(mismatch)));
  });
}

/** A `console` fence that is a step by itself leaves the state as it is, so nothing is missing without it. */
const NO_COMMANDS = 'only its code is run for a drawing';
