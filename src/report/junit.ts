/** A run's summary → JUnit's XML, as Jenkins, GitLab and the test reporters on GitHub read it: a suite a lesson, a case a step. */
import { EXIT } from '../errors.ts';
import type { LessonReport, Problem, StepReport } from '../types.ts';
import { createColors } from './colors.ts';
import { type Finding, findingsOf } from './findings.ts';
import type { Reporter, RunSummary, Sink } from './reporter.ts';
import { element, xmlDocument } from './xml.ts';

export interface JunitOptions {
  sink: Sink;
  /** The text of a page, for its lines around a mismatch. */
  pageOf: (file: string) => string;
}

/** A suite of the document; `passed` cases have no outcome. */
export interface JunitSuite {
  name: string;
  cases: JunitCase[];
  /** Milliseconds. */
  duration: number;
}

export interface JunitCase {
  file: string;
  line: number;
  name: string;
  /** Milliseconds. */
  duration: number;
  outcome: Outcome | null;
  output: string;
}

type Outcome = { element: 'failure' | 'error'; type: string; message: string; text: string } | { element: 'skipped'; message: string };

/** Writes the document when the run has ended, whatever its exit code. */
export function junitReporter({ sink, pageOf }: JunitOptions): Reporter {
  return {
    event() {},
    progress() {},
    end(summary) {
      sink.write(junitDocument(junitSuites(summary, pageOf), summary.duration));
    },
  };
}

/** `duration` in milliseconds. */
export function junitDocument(suites: JunitSuite[], duration: number): string {
  return xmlDocument(
    element('testsuites', { name: 'lockerroom', ...countsOf(suites.flatMap(({ cases }) => cases)), time: seconds(duration) }, suites.map(suiteElement)),
  );
}

/** Problems follow the lessons: an invalid page is a suite with an error, so that nobody who reads only this takes it for passed. */
export function junitSuites({ lessons, problems, exitCode }: RunSummary, pageOf: JunitOptions['pageOf']): JunitSuite[] {
  const interrupted = exitCode === EXIT.interrupted ? [problemSuite('lockerroom', [INTERRUPTED])] : [];
  return [...lessons.map((lesson) => lessonSuite(lesson, pageOf(lesson.file))), ...problemSuites(problems), ...interrupted];
}

/** One suite a page, in the order of the problems. */
export function problemSuites(problems: Problem[]): JunitSuite[] {
  return [...Map.groupBy(problems, ({ file }) => file ?? 'lockerroom')].map(([name, of]) => problemSuite(name, of));
}

const INTERRUPTED: Problem = {
  code: 'interrupted',
  file: null,
  line: null,
  column: null,
  message: 'the run was interrupted; what is not listed did not run',
  advice: null,
};

function lessonSuite({ file, duration, steps, reason, afterFailed }: LessonReport, page: string): JunitSuite {
  const cases = steps.map((step) => stepCase(file, step, page));
  // Its steps are only skipped, and the run has failed: without this, a reader of the document would not know.
  if (afterFailed && reason !== null)
    cases.unshift(errorCase(file, 1, 'the lesson that this one comes after', 'after', `it ${reason}`, `${file}: it ${reason}`));
  return { name: file, cases, duration };
}

function stepCase(file: string, step: StepReport, page: string): JunitCase {
  const { line, title, duration, output } = step;
  return { file, line, name: `${title} (line ${line})`, duration, output, outcome: outcomeOf(file, step, page) };
}

function outcomeOf(file: string, step: StepReport, page: string): Outcome | null {
  if (step.status === 'skipped') return { element: 'skipped', message: step.reason === null ? 'it was skipped' : `it ${step.reason}` };
  if (step.status === 'passed') return null;
  const findings = findingsOf(step, page, createColors(false));
  const [first, ...others] = findings;
  if (first === undefined) return { element: 'error', type: step.status, message: step.reason ?? step.status, text: `${file}:${step.line}` };
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return {
    // One element a case, whatever the number of mismatches: most readers look at the first alone.
    element: step.status === 'errored' ? 'error' : 'failure',
    type: first.kind,
    message: `${first.sentence}${more}`,
    text: findings.map((finding) => describe(file, finding)).join('\n\n'),
  };
}

/** GitLab shows the text and not the message, so it begins with the place and the sentence. */
function describe(file: string, { line, column, sentence, detail }: Finding): string {
  return [`${file}:${line}:${column}: ${sentence}`, ...detail].join('\n');
}

function problemSuite(name: string, problems: Problem[]): JunitSuite {
  const cases = problems.map(({ code, file, line, column, message, advice }) => {
    const place = [name, line, column].filter((part) => part !== null).join(':');
    const where = line === null ? code : `${code} (line ${line}, column ${column ?? 1})`;
    return errorCase(file ?? name, line ?? 1, where, code, message, `${place}: ${message}${advice === null ? '' : `\n${advice}`}`);
  });
  return { name, cases: numbered(cases), duration: 0 };
}

function errorCase(file: string, line: number, name: string, type: string, message: string, text: string): JunitCase {
  return { file, line, name, duration: 0, output: '', outcome: { element: 'error', type, message, text } };
}

/** GitLab takes only the first of several cases of one name. */
function numbered(cases: JunitCase[]): JunitCase[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const count = (seen.get(one.name) ?? 0) + 1;
    seen.set(one.name, count);
    return count === 1 ? one : { ...one, name: `${one.name} #${count}` };
  });
}

function suiteElement({ name, cases, duration }: JunitSuite): string {
  return element('testsuite', { name, ...countsOf(cases), skipped: count(cases, 'skipped'), time: seconds(duration), file: name }, cases.map(caseElement));
}

function caseElement({ file, line, name, duration, outcome, output }: JunitCase): string {
  const children = [outcomeElement(outcome), output === '' ? '' : element('system-out', {}, output)].filter((child) => child !== '');
  return element('testcase', { name, classname: file, time: seconds(duration), file, line }, children);
}

function outcomeElement(outcome: Outcome | null): string {
  if (outcome === null) return '';
  if (outcome.element === 'skipped') return element('skipped', { message: outcome.message }, []);
  return element(outcome.element, { type: outcome.type, message: outcome.message }, outcome.text);
}

function countsOf(cases: JunitCase[]) {
  return { tests: cases.length, failures: count(cases, 'failure'), errors: count(cases, 'error') };
}

function count(cases: JunitCase[], outcome: Outcome['element']): number {
  return cases.filter((one) => one.outcome?.element === outcome).length;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
