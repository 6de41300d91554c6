/** What a step came to, or why it did not run → its report. */
import { emptyDelta } from './document/delta.ts';
import { placeOfStep } from './judge/judge.ts';
import type { Execution, Step, StepReport, Stop } from './types.ts';

/** A step's report, once it is known that what the step left running has failed. */
export function reportLate(step: Step, report: StepReport, stop: Stop): StepReport {
  return report.status === 'errored' ? report : { ...report, status: 'errored', mismatches: [], error: describeStop(step, stop) };
}

/** The report of an exercise whose solution passes, once it is known what its starter code came to in the solution's place. */
export function reportStarter(step: Step, report: StepReport, starter: StepReport): StepReport {
  const place = placeOfStep(step);
  if (starter.status === 'passed')
    return { ...report, status: 'failed', mismatches: [{ kind: 'exercise', path: null, place, expected: null, actual: null, by: 'step' }] };
  const lost = starter.error?.name === STOP_NAMES.server ? `ran, but ${starter.error.message}` : null;
  const reason = starter.status === 'skipped' ? starter.reason : lost;
  if (reason === null) return report;
  return { ...report, status: 'errored', error: { name: 'Exercise', message: `the starter code of this exercise could not be tried: it ${reason}`, ...place } };
}

/** A report of a step that has not run. */
export function emptyReport({ line, title }: Step): StepReport {
  return { line, title, status: 'skipped', reason: null, duration: 0, output: '', mismatches: [], error: null, delta: emptyDelta(), twins: 0 };
}

/** The server went away while the step ran, or before it could be read. */
export function serverStop(message: string): Stop {
  return { reason: 'server', message: `could not be judged: ${message}`, error: null, place: null };
}

/** A module that `import()` does not find is missing as one that `import` does not find: what the step would do with it cannot be judged. */
export function missingModule({ thrown }: Execution): Stop | null {
  if (thrown === null || !MISSING_MODULE.includes(thrown.code ?? '')) return null;
  const { name, message, place } = thrown;
  const sentence = `could not import what it needs: ${message.split('\n')[0]}; install it where the lesson's folder finds it, or mend its name`;
  return { reason: 'link', message: sentence, error: { name, message }, place };
}

const MISSING_MODULE = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

/** What an error without a name of its own is called in a report. */
const STOP_NAMES: Record<Stop['reason'], string> = {
  timeout: 'TimeLimit',
  exit: 'Exit',
  memory: 'MemoryLimit',
  output: 'OutputLimit',
  syntax: 'SyntaxError',
  link: 'LinkError',
  rejection: 'UnhandledRejection',
  exception: 'UncaughtException',
  kernel: 'KernelLost',
  server: 'ServerLost',
};

/** The twin is there, and could not be made to hold what the first server holds. */
export function twinStop(message: string): Stop {
  return { reason: 'server', message: `could not be judged, because the console twin was not brought into step: ${message}`, error: null, place: null };
}

/** What a report says of what the step threw, or of why it could not be judged. */
export function describeError(step: Step, { thrown }: Execution, stop: Stop | null): StepReport['error'] {
  if (stop !== null) return describeStop(step, stop);
  return thrown && { name: thrown.name, message: thrown.message, ...(thrown.place ?? placeOfStep(step)) };
}

function describeStop(step: Step, { subject, reason, message, error, place }: Stop): NonNullable<StepReport['error']> {
  return { name: error?.name || STOP_NAMES[reason], message: `the ${subject ?? 'step'} ${message}`, ...(place ?? placeOfStep(step)) };
}
