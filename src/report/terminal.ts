/** Events → what a reader sees in a terminal: a line a lesson, and for what failed the place, the sentence, the diff and the page. */
import type { LessonReport, RunEvent, StepReport } from '../types.ts';
import { type Colors, createColors } from './colors.ts';
import { findingsOf } from './findings.ts';
import { printable } from './printable.ts';
import { Progress } from './progress.ts';
import { type Reporter, type RunSummary, type Sink, totalsOf } from './reporter.ts';

export interface TerminalOptions {
  sink: Sink;
  /** Says only what is not as it should be. */
  quiet: boolean;
  /** The text of a page, for its lines around a mismatch. */
  pageOf: (file: string) => string;
}

const MARKS = { passed: '✓', failed: '✗', errored: '✗', skipped: '-' };

export function terminalReporter({ sink, quiet, pageOf }: TerminalOptions): Reporter {
  const colors = createColors(sink.colors);
  const progress = new Progress(quiet ? null : sink);
  const paint = { passed: colors.green, failed: colors.red, errored: colors.red, skipped: colors.yellow };
  const print = (lines: string[]) => progress.above(() => sink.write(`${lines.join('\n')}\n`));

  const finished = (report: LessonReport) => {
    const { status, file, steps, duration, reason } = report;
    const bad = status === 'failed' || status === 'errored' || report.afterFailed;
    if (quiet && !bad) return;
    const counts = status === 'skipped' ? (reason ?? 'skipped') : `${plural(steps.length, 'step')}, ${Math.round(duration)} ms`;
    print([
      `${paint[status](MARKS[status])} ${printable(file)}  ${colors.dim(printable(counts))}`,
      ...steps.flatMap((step) => describeStep(file, step, pageOf, colors)),
    ]);
  };

  return {
    event(event: RunEvent) {
      progress.event(event);
      if (event.type === 'lesson-finished') finished(event.report);
    },
    progress: (text) => progress.say(text),
    end(summary) {
      progress.end();
      if (quiet && summary.exitCode === 0) return;
      if (summary.lessons.length > 0) print(describeTotals(summary, colors));
      if (summary.notes.length > 0) print(summary.notes);
    },
  };
}

function describeStep(file: string, step: StepReport, pageOf: TerminalOptions['pageOf'], colors: Colors): string[] {
  if (step.status === 'passed') return [];
  if (step.status === 'skipped' && step.reason !== null)
    return [colors.yellow(`  - ${printable(file)}:${step.line}  ${printable(step.title)}: skipped, it ${printable(step.reason)}`)];
  return findingsOf(step, pageOf(file), colors).flatMap(({ line, column, sentence, detail }) => [
    '',
    `${colors.bold(`${printable(file)}:${line}:${column}:`)} ${colors.red(sentence)}`,
    ...indent(detail),
    '',
  ]);
}

function describeTotals({ lessons, exitCode, duration, server }: RunSummary, colors: Colors): string[] {
  const totals = totalsOf(lessons);
  const parts = (['passed', 'failed', 'errored', 'skipped'] as const)
    .filter((name) => name === 'passed' || totals[name] > 0)
    .map((name) => `${totals[name]} ${name}`);
  const paint = exitCode === 0 ? colors.green : colors.red;
  const where = server === null ? '' : ` on nats-server ${server.version} (${server.source})`;
  return [
    '',
    `${paint(`${plural(totals.steps, 'step')} in ${plural(totals.lessons, 'lesson')}: ${parts.join(', ')}`)}${colors.dim(`  ${(duration / 1000).toFixed(1)} s${where}`)}`,
  ];
}

function indent(lines: string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `    ${line}`));
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
