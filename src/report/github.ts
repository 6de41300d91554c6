/** A run's summary → annotations of GitHub Actions at the lines of the pages, and a summary of the job in Markdown. */
import { randomUUID } from 'node:crypto';
import { EXIT } from '../errors.ts';
import type { LessonReport, Problem } from '../types.ts';
import { createColors } from './colors.ts';
import { findingsOf } from './findings.ts';
import { jobSummary } from './github-summary.ts';
import { printable } from './printable.ts';
import type { Reporter, RunSummary, Sink } from './reporter.ts';

export interface GithubOptions {
  /** The log of the step: GitHub reads commands from it. */
  sink: Sink;
  /** Where the job's summary is added; null where there is none. */
  summary: SummarySink | null;
  /** The text of a page, for its lines around a mismatch. */
  pageOf: (file: string) => string;
  /** A page's name in reports → its path from the root of the repository, as annotations need it. */
  pathOf: (file: string) => string;
}

export interface SummarySink {
  /** Bytes that are free in it. */
  room: number;
  write(text: string): void;
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  /** Null: it has no place. */
  file: string | null;
  line: number | null;
  column: number | null;
  title: string;
  message: string;
}

/** GitHub shows so many of one level from a step, and drops the rest without a word. */
export const MOST_ANNOTATIONS = 10;

/** So many lines of detail stand in an annotation; the summary has them all. */
const MOST_DETAIL = 20;

/**
 * Nothing that is printed while the run goes on is read as a command: what a step prints is data, and it may well print `::error::`. The word that lets GitHub
 * read commands again is known to nobody before the end.
 */
export function githubReporter({ sink, summary, pageOf, pathOf }: GithubOptions): Reporter {
  const token = randomUUID();
  sink.write(`::stop-commands::${token}\n`);
  return {
    event() {},
    progress() {},
    end(result) {
      const annotations = annotationsOf(result, pageOf);
      const commands = annotations.map((one) => command({ ...one, file: one.file === null ? null : pathOf(one.file) }));
      sink.write([`::${token}::`, ...commands].map((line) => `${line}\n`).join(''));
      summary?.write(jobSummary(result, { pageOf, room: summary.room, hidden: hiddenOf(annotations) }));
    },
  };
}

/** What is wrong first, then what did not run. */
export function annotationsOf({ lessons, problems, notes, exitCode }: RunSummary, pageOf: GithubOptions['pageOf']): Annotation[] {
  const general = (level: Annotation['level'], title: string, message: string): Annotation => ({ level, file: null, line: null, column: null, title, message });
  return [
    ...problems.map(problemAnnotation),
    ...lessons.flatMap((lesson) => findingAnnotations(lesson, pageOf(lesson.file))),
    ...lessons.flatMap(skippedAnnotation),
    ...(exitCode === EXIT.interrupted ? [] : notes.map((note) => general('notice', 'lockerroom', note))),
  ];
}

function findingAnnotations({ file, title, steps }: LessonReport, page: string): Annotation[] {
  return steps.flatMap((step) =>
    findingsOf(step, page, createColors(false)).map(({ line, column, sentence, detail }) => {
      const shown = detail.length <= MOST_DETAIL ? detail : [...detail.slice(0, MOST_DETAIL), '…'];
      const where = step.title === title ? title : `${title} › ${step.title}`;
      return { level: 'error' as const, file, line, column, title: where, message: [sentence, ...shown].join('\n') };
    }),
  );
}

/** Of a lesson as a whole: what a step that failed takes with it is said by the step. */
function skippedAnnotation({ file, title, status, reason, afterFailed }: LessonReport): Annotation[] {
  if (status !== 'skipped' || reason === null) return [];
  return [{ level: afterFailed ? 'error' : 'warning', file, line: 1, column: 1, title, message: `skipped: it ${reason}` }];
}

function problemAnnotation({ code, file, line, column, message, advice }: Problem): Annotation {
  return { level: 'error', file, line, column, title: `lockerroom: ${code}`, message: advice === null ? message : `${message}\n${advice}` };
}

/** How many of them GitHub does not show. */
function hiddenOf(annotations: Annotation[]): number {
  const groups = [...Map.groupBy(annotations, ({ level }) => level).values()];
  return groups.reduce((sum, { length }) => sum + Math.max(0, length - MOST_ANNOTATIONS), 0);
}

/** One line, whatever stands in it. */
export function command({ level, file, line, column, title, message }: Annotation): string {
  const place = file === null ? {} : { file, ...(line === null ? {} : { line, col: column ?? 1 }) };
  const properties = Object.entries({ ...place, title }).map(([name, value]) => `${name}=${property(printable(String(value)))}`);
  return `::${level} ${properties.join(',')}::${data(printable(message))}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
