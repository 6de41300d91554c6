/** A run's summary → the one JSON document of design §4. */
import type { LessonReport, Mismatch, StepReport } from '../types.ts';
import { type Reporter, type RunSummary, type Sink, totalsOf } from './reporter.ts';
import { sentence } from './sentences.ts';

/** Writes the document when the run has ended, whatever its exit code. */
export function jsonReporter(sink: Sink): Reporter {
  return {
    event() {},
    progress() {},
    end(summary) {
      writeJson(sink, jsonDocument(summary));
    },
  };
}

/** JSON leaves DEL and the C1 controls as they are; a terminal would obey some of them, and what a step prints is data. */
export function writeJson(sink: Sink, document: unknown): void {
  const json = JSON.stringify(document, null, 2);
  sink.write(`${json.replace(/[\u007f-\u009f]/g, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`);
}

/** The document as plain data. */
export function jsonDocument({ version, exitCode, server, duration, lessons, problems }: RunSummary) {
  return {
    lockerroom: version,
    ok: exitCode === 0,
    server,
    durationMs: Math.round(duration),
    totals: totalsOf(lessons),
    lessons: lessons.map(jsonLesson),
    problems,
  };
}

function jsonLesson({ file, title, status, duration, reason, steps }: LessonReport) {
  return { file, title, status, durationMs: Math.round(duration), reason, steps: steps.map(jsonStep) };
}

function jsonStep({ line, title, status, reason, duration, output, mismatches, error }: StepReport) {
  return { line, title, status, reason, durationMs: Math.round(duration), output, mismatches: mismatches.map(jsonMismatch), error };
}

function jsonMismatch(mismatch: Mismatch) {
  const { kind, path, place, expected, actual, by } = mismatch;
  return { kind, path, line: place.line, expected, actual, by, message: sentence(mismatch) };
}
