/** Reports of a small run, as plain data: a page, what its steps came to, and sinks that keep what is written to them. */
import { emptyDelta } from '../../../src/document/delta.ts';
import type { RunSummary, Sink } from '../../../src/report/reporter.ts';
import type { LessonReport, Mismatch, Problem, StepReport } from '../../../src/types.ts';

export const FILE = 'lessons/03-rooms.md';

/** The step stands at line 3, what it prints at 8, its state at 13. */
export const PAGE = `# Rooms

\`\`\`ts title="Build"
console.log(1);
\`\`\`

\`\`\`text output
2
\`\`\`

\`\`\`yaml state
buckets:
  Team: { history: 5 }
\`\`\`
`;

export const pageOf = (file: string) => (file === FILE ? PAGE : '');

export const output: Mismatch = { kind: 'output', path: null, place: { line: 8, column: 1 }, expected: '2', actual: '1', by: 'step' };
export const history: Mismatch = {
  kind: 'setting',
  path: '/buckets/Team/history',
  place: { line: 13, column: 20 },
  expected: 5,
  actual: null,
  by: 'step',
};

export function step(some: Partial<StepReport> = {}): StepReport {
  const passed: StepReport = {
    line: 3,
    title: 'Build',
    status: 'passed',
    reason: null,
    duration: 12,
    output: '',
    mismatches: [],
    error: null,
    delta: emptyDelta(),
    twins: 0,
  };
  return { ...passed, ...some };
}

export const failed = step({ status: 'failed', output: '1\n', mismatches: [output, history] });
export const errored = step({
  line: 20,
  title: 'Wait',
  status: 'errored',
  output: 'before\n',
  error: { name: 'TimeLimit', message: 'the step was stopped', line: 21, column: 1 },
});
export const skipped = step({ line: 30, title: 'Then', status: 'skipped', reason: 'uses `room`, of a step that threw' });

export function lesson(steps: StepReport[], some: Partial<LessonReport> = {}): LessonReport {
  const status = steps.find((one) => one.status === 'errored' || one.status === 'failed')?.status ?? 'passed';
  return { file: FILE, title: 'Rooms', status, reason: null, afterFailed: false, duration: 412, steps, ...some };
}

export function summary(some: Partial<RunSummary> = {}): RunSummary {
  const server = { version: '2.15.2', source: 'local' };
  return { version: '0.1.0', exitCode: 0, server, duration: 1500, lessons: [], problems: [], notes: [], ...some };
}

export const invalid: Problem = {
  code: 'fence',
  file: 'lessons/09-bad.md',
  line: 4,
  column: 7,
  message: 'there is no word "outptu"',
  advice: 'did you mean "output"?',
};
export const noServer: Problem = { code: 'server', file: null, line: null, column: null, message: 'there is no nats-server', advice: 'install one' };

/** A file or a pipe, and what was written to it. */
export function pipe(): Sink & { text: () => string } {
  let written = '';
  return { write: (text) => (written += text), columns: null, colors: false, text: () => written };
}
