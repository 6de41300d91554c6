/** A run's summary → Markdown for the page of a GitHub job: the lessons in a table, then what is wrong, each with its diff. */
import type { LessonReport, Problem, StepReport } from '../types.ts';
import { createColors } from './colors.ts';
import { findingsOf } from './findings.ts';
import { printable } from './printable.ts';
import { type RunSummary, totalsOf } from './reporter.ts';

export interface SummaryOptions {
  pageOf: (file: string) => string;
  /** Bytes that it may take: GitHub refuses the whole summary of a step that is longer than 1 MiB. */
  room: number;
  /** Annotations that GitHub does not show. */
  hidden: number;
}

/** What is said where something was left out must have room too. */
const RESERVE = 200;

/** As many of its parts, in order, as there is room for. */
export function jobSummary(summary: RunSummary, { pageOf, room, hidden }: SummaryOptions): string {
  const { lessons, problems, notes } = summary;
  const parts = [
    `## ${headline(summary)}\n`,
    ...(lessons.length === 0 ? [] : ['| lesson | passed | failed | errored | skipped | ms |\n|---|---:|---:|---:|---:|---:|\n', ...lessons.map(row), '\n']),
    ...(notes.length === 0 ? [] : [`${notes.map(inline).join('  \n')}\n\n`]),
    ...(hidden === 0 ? [] : [`GitHub shows ten annotations of a kind; ${hidden} more are not among them. All of them are here:\n\n`]),
    ...problems.map(describeProblem),
    ...lessons.flatMap((lesson) => describeLesson(lesson, pageOf(lesson.file))),
  ];
  return asMuchAsFits(parts, room);
}

function asMuchAsFits(parts: string[], room: number): string {
  let free = room - RESERVE;
  const fitting: string[] = [];
  for (const part of parts) {
    free -= Buffer.byteLength(part);
    if (free < 0) break;
    fitting.push(part);
  }
  if (fitting.length === parts.length) return fitting.join('');
  if (room < RESERVE) return '';
  return `${fitting.join('')}\n\n… ${parts.length - fitting.length} more parts have no room here; the log has them all.\n`;
}

function headline({ exitCode, lessons, problems, server, duration }: RunSummary): string {
  const totals = totalsOf(lessons);
  const shown = (['passed', 'failed', 'errored', 'skipped'] as const).filter((name) => totals[name] > 0 || (name === 'passed' && lessons.length > 0));
  const counts = shown.map((name) => `${totals[name]} ${name}`);
  const wrong =
    problems.length === 0 && lessons.length > 0 ? [] : [`${problems.length === 0 ? 'no' : problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`];
  const where = server === null ? '' : `, nats-server ${server.version}`;
  return `${exitCode === 0 ? '✅' : '❌'} Locker Room: ${[...counts, ...wrong].join(', ')} (${(duration / 1000).toFixed(1)} s${where})\n`;
}

function row({ file, title, status, steps, duration, reason }: LessonReport): string {
  const count = (wanted: StepReport['status']) => steps.filter((step) => step.status === wanted).length || '';
  const name = `${status === 'passed' ? '✅' : status === 'skipped' ? '⏭️' : '❌'} ${inline(title)} <br>${code(file)}${reason === null ? '' : ` <br>skipped: it ${inline(reason)}`}`;
  return `| ${[name, count('passed'), count('failed'), count('errored'), count('skipped'), Math.round(duration)].join(' | ')} |\n`;
}

function describeProblem({ file, line, column, message, advice }: Problem): string {
  const place = [file ?? 'lockerroom', line, column].filter((part) => part !== null).join(':');
  return `### ${code(place)}\n\n${inline(message)}${advice === null ? '' : `  \n${inline(advice)}`}\n\n`;
}

function describeLesson({ file, title, steps }: LessonReport, page: string): string[] {
  return steps.flatMap((step) => [
    ...findingsOf(step, page, createColors(false)).map(
      ({ line, column, sentence, detail }) =>
        `### ${code(`${file}:${line}:${column}`)}\n\n**${inline(title)} › ${inline(step.title)}**: ${inline(sentence)}\n\n${fenced(detail.join('\n'))}\n\n`,
    ),
    ...(step.status === 'skipped' && step.reason !== null
      ? [`- ${code(`${file}:${step.line}`)} ${inline(step.title)}: skipped, it ${inline(step.reason)}\n\n`]
      : []),
  ]);
}

/** A fence that nothing in the text can close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${printable(text)}\n${fence}`;
}

function code(text: string): string {
  return `<code>${inline(text)}</code>`;
}

/** One line of text that Markdown and HTML leave as it is, in a table too. */
function inline(text: string): string {
  return html(oneLine(text).replace(/[\\`*_[\]~#]/g, (sign) => `\\${sign}`));
}

function oneLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '|': '&#124;' };

function html(text: string): string {
  return text.replace(/[&<>|]/g, (sign) => ENTITIES[sign] ?? sign);
}
