/** What a check came to → what each reporter writes of it. */
import { writeJson } from '../report/json.ts';
import type { JunitSuite } from '../report/junit.ts';
import type { Sink } from '../report/reporter.ts';
import type { Problem } from '../types.ts';
import type { CheckResult } from '../workbook/check.ts';
import { openGithub } from './github.ts';
import type { ReporterName, ReporterSpec } from './options.ts';
import { checkDocument } from './problems.ts';
import { githubLast } from './reporters.ts';
import type { RunContext } from './run-command.ts';
import { sinkOf } from './sinks.ts';

/** Is called once, at the end; the duration is in milliseconds. */
type Writer = (result: CheckResult, problems: Problem[], end: { code: number; duration: number }) => void;

/** In the order in which they are to be called. Rejects with a ProblemError where a file cannot be written. */
export async function createWriters(reporters: ReporterSpec[], context: RunContext): Promise<Writer[]> {
  const opened = reporters.map((spec) => ({ name: spec.name, sink: sinkOf(spec, context.streams) }));
  return Promise.all(opened.sort(githubLast).map(({ name, sink }) => createWriter(name, sink, context)));
}

async function createWriter(name: ReporterName, sink: Sink, { folder, streams, version }: RunContext): Promise<Writer> {
  switch (name) {
    case 'json':
      return (_, problems) => writeJson(sink, checkDocument(problems));
    case 'terminal':
      return (result, problems) => sink.write(`${describe(result, problems)}\n`);
    case 'junit': {
      const { junitDocument, problemSuites } = await import('../report/junit.ts');
      return (result, problems, { duration }) => sink.write(junitDocument([...suitesInOrder(result, problems), ...problemSuites(problems)], duration));
    }
    case 'github': {
      const { githubReporter } = await import('../report/github.ts');
      const reporter = githubReporter({ sink, pageOf: () => '', ...openGithub(folder, process.env, streams.stderr) });
      return (_, problems, { code, duration }) => reporter.end({ version, exitCode: code, server: null, duration, lessons: [], problems, notes: [] });
    }
  }
}

/** A case a page. */
function suitesInOrder(result: CheckResult, problems: Problem[]): JunitSuite[] {
  return pagesInOrder(result, problems).map(({ file }) => {
    const one = { file, line: 1, name: 'is in order', duration: 0, outcome: null, output: '' };
    return { name: file, cases: [one], duration: 0 };
  });
}

function pagesInOrder({ pages }: CheckResult, problems: Problem[]): CheckResult['pages'] {
  return pages.filter(({ file }) => !problems.some((one) => one.file === file));
}

function describe(result: CheckResult, problems: Problem[]): string {
  const { pages } = result;
  const good = pagesInOrder(result, problems);
  const stepsOf = (some: CheckResult['pages']) => some.reduce((sum, { steps }) => sum + steps, 0);
  if (problems.length === 0) return `${plural(pages.length, 'page')} with ${plural(stepsOf(pages), 'step')}: all in order`;
  return `${good.length} of ${plural(pages.length, 'page')} (${stepsOf(good)} of ${plural(stepsOf(pages), 'step')}) in order; ${plural(problems.length, 'problem')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
