/** What a run on several versions came to → a table, lesson by version, and one JSON document. */
import stringWidth from 'string-width';
import type { LessonReport, Problem, RunEvent } from '../types.ts';
import { type Colors, createColors } from './colors.ts';
import { jsonDocument, writeJson } from './json.ts';
import { printable } from './printable.ts';
import { Progress } from './progress.ts';
import type { RunSummary, Sink } from './reporter.ts';
import { type TerminalOptions, terminalReporter } from './terminal.ts';

/** The run on one version. */
export interface MatrixColumn {
  /** As it was typed: `2.10`. */
  asked: string;
  /** What it was, or was to be: `2.10.27`. */
  version: string;
  /** Its problems are those of this version alone. */
  summary: RunSummary;
  /** Of lessons that were skipped for their range: file → range. */
  ranges: Map<string, string>;
}

export interface MatrixSummary {
  /** The version of this package. */
  version: string;
  exitCode: number;
  /** Milliseconds. */
  duration: number;
  /** In the order in which they were asked for. */
  columns: MatrixColumn[];
  /** Of pages and of the command line: what no version is to blame for. */
  problems: Problem[];
  notes: string[];
}

export interface MatrixReporter {
  begin(version: string, lessons: number): void;
  event(event: RunEvent): void;
  progress(text: string): void;
  finished(column: MatrixColumn): void;
  end(summary: MatrixSummary): void;
}

/** `{ lockerroom, ok, durationMs, matrix: [{ asked, version, …the document of a run }], problems }`, written at the end. */
export function matrixJsonReporter(sink: Sink): MatrixReporter {
  return { begin() {}, event() {}, progress() {}, finished() {}, end: (summary) => writeJson(sink, matrixDocument(summary)) };
}

export function matrixDocument({ version, exitCode, duration, columns, problems }: MatrixSummary) {
  const matrix = columns.map((column) => ({ asked: column.asked, version: column.version, ...jsonDocument(column.summary) }));
  return { lockerroom: version, ok: exitCode === 0, durationMs: Math.round(duration), matrix, problems };
}

/** As the versions go on, what fails on each; at the end the table. */
export function matrixTerminalReporter({ sink, quiet, pageOf }: TerminalOptions): MatrixReporter {
  const colors = createColors(sink.colors);
  const progress = new Progress(quiet ? null : sink);
  const print = (lines: string[]) => progress.above(() => sink.write(lines.map((line) => `${line}\n`).join('')));
  // Only what is wrong is said of each lesson: the rest is in the table.
  const below = { write: (text: string) => progress.above(() => sink.write(text)), columns: null, colors: sink.colors };
  const details = terminalReporter({ sink: below, quiet: true, pageOf });
  let now = { version: '', lessons: 0, done: 0, named: false };
  return {
    begin(version, lessons) {
      now = { version, lessons, done: 0, named: false };
    },
    event(event) {
      if (event.type === 'lesson-finished') {
        now.done += 1;
        if (isBad(event.report) && !now.named) print(['', colors.bold(`nats-server ${now.version}`)]);
        now.named ||= isBad(event.report);
        details.event(event);
      } else if (event.type !== 'lesson-started') return;
      progress.say(`nats-server ${now.version}: ${now.done} of ${now.lessons} lessons · ${event.file}`);
    },
    progress: (text) => progress.say(text),
    finished({ version, summary }) {
      progress.end();
      if (quiet) return;
      const count = (status: string) => summary.lessons.filter((lesson) => lesson.status === status).length;
      const counts = (['passed', 'failed', 'errored', 'skipped'] as const).filter((name) => count(name) > 0).map((name) => `${count(name)} ${name}`);
      const paint = summary.exitCode === 0 ? colors.green : colors.red;
      print([`${paint(`nats-server ${version}: lessons ${counts.join(', ') || 'none'}`)}${colors.dim(`  ${(summary.duration / 1_000).toFixed(1)} s`)}`]);
    },
    end(summary) {
      progress.end();
      if (quiet && summary.exitCode === 0) return;
      if (summary.columns.some((column) => column.summary.lessons.length > 0)) print(['', ...matrixTable(summary.columns, colors)]);
      const notes = notesOf(summary);
      if (notes.length > 0) print(['', ...notes.map(printable)]);
    },
  };
}

/** Once each, with the versions that they are true of where that is not all. */
export function notesOf({ columns, notes }: MatrixSummary): string[] {
  const versions = new Map<string, string[]>();
  for (const { version, summary } of columns) for (const note of summary.notes) versions.set(note, [...(versions.get(note) ?? []), version]);
  const said = [...versions].map(([note, of]) => (of.length === columns.length ? note : `On ${of.join(', ')}: ${note}`));
  return [...said, ...notes];
}

/** A row a lesson, a column a version: `✓`, `-` and the range that it needs, `✗` and the line; other reasons stand below under a letter. */
export function matrixTable(columns: MatrixColumn[], colors: Colors): string[] {
  const files = [...new Set(columns.flatMap(({ summary }) => summary.lessons.map(({ file }) => file)))];
  const reasons: string[] = [];
  const cell = ({ summary, ranges }: MatrixColumn, file: string): { text: string; paint: Colors['green'] } => {
    const report = summary.lessons.find((lesson) => lesson.file === file);
    const range = ranges.get(file);
    if (report === undefined)
      return summary.problems.some((one) => one.file === file) ? { text: '✗ invalid', paint: colors.red } : { text: '', paint: colors.dim };
    if (report.status === 'passed') return { text: '✓', paint: colors.green };
    if (report.status !== 'skipped') return { text: `✗ ${firstLine(report)}`, paint: colors.red };
    if (range !== undefined) return { text: `- ${range}`, paint: colors.yellow };
    return {
      text: `${report.afterFailed ? '✗' : '-'} ${letterOf(report.reason ?? 'was skipped', reasons)}`,
      paint: report.afterFailed ? colors.red : colors.yellow,
    };
  };
  const cells = files.map((file) => columns.map((column) => cell(column, file)));
  const widths = columns.map(({ version }, at) => Math.max(stringWidth(version), ...cells.map((row) => stringWidth(row[at]?.text ?? ''))));
  const first = Math.max(0, ...files.map((file) => stringWidth(printable(file))));
  const pad = (text: string, width: number) => `${text}${' '.repeat(Math.max(0, width - stringWidth(text)))}`;
  const row = (name: string, texts: { text: string; paint: (text: string) => string }[]) =>
    `${pad(name, first)}  ${texts.map(({ text, paint }, at) => paint(pad(text, widths[at] ?? 0))).join('  ')}`.trimEnd();
  return [
    row(
      '',
      columns.map(({ version }) => ({ text: version, paint: colors.bold })),
    ),
    ...files.map((file, at) => row(printable(file), cells[at] ?? [])),
    '',
    colors.dim('✓ passed   - skipped, with the versions it needs   ✗ failed, with the line'),
    ...reasons.map((reason, at) => `${letter(at)}  ${printable(reason.split('\n')[0] ?? '')}`),
  ];
}

function isBad({ status, afterFailed }: LessonReport): boolean {
  return status === 'failed' || status === 'errored' || afterFailed;
}

/** Where the first thing is wrong. */
function firstLine({ steps }: LessonReport): number {
  const step = steps.find(({ status }) => status === 'failed' || status === 'errored');
  // A step that failed may have thrown what its page says.
  return (step?.status === 'errored' ? step.error?.line : step?.mismatches[0]?.place.line) ?? step?.line ?? 1;
}

function letterOf(reason: string, reasons: string[]): string {
  if (!reasons.includes(reason)) reasons.push(reason);
  return letter(reasons.indexOf(reason));
}

function letter(at: number): string {
  return at < 26 ? String.fromCharCode(97 + at) : `${at + 1}`;
}
