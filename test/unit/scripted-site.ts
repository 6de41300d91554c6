/** A script of what each step comes to → a site whose kernel and server follow it; a page of steps → its plan. What the tests of the loop over steps are written in. */
import { expect } from 'vitest';
import { applyDelta, diffStates, emptyState } from '../../src/document/delta.ts';
import { linkLesson } from '../../src/kernel/link.ts';
import { parseLesson } from '../../src/lesson/parse.ts';
import { type LessonOptions, type Plan, runLesson } from '../../src/run.ts';
import type { Entry, Execution, Kernel, LessonReport, RunEvent, Site, State, Stop } from '../../src/types.ts';
export type Doing = Partial<Execution> & { holds?: Record<string, Entry>; collected?: Pick<Execution, 'output' | 'stopped' | 'kernelLost' | 'late'> };

export const put = (text: string, revision: number): Entry => [{ operation: 'PUT', value: { text }, revision }];
export const bucketA = (keys: Record<string, Entry>): State => ({
  buckets: new Map([['A', { settings: {}, keys: new Map(Object.entries(keys)) }]]),
  streams: new Set(),
});

/** A site whose n-th step does what the script says; `holds` is what bucket A has then, from one reading to the next. */
export function scriptedSite(script: Doing[], readings: (State | Error)[] = []) {
  const kernels: string[] = [];
  const real: State = emptyState();
  let holds: State = emptyState();
  const nothing: NonNullable<Doing['collected']> = { output: '', stopped: null, kernelLost: false, late: [] };
  let collected = nothing;
  const site: Site = {
    observer: {
      state: real,
      async read() {
        const reading = readings.shift() ?? holds;
        if (reading instanceof Error) throw reading;
        const delta = diffStates(real, reading);
        applyDelta(real, delta);
        return delta;
      },
    },
    twin: 'there is none',
    mortal: null,
    startKernel(): Kernel {
      kernels.push('started');
      return {
        async run(step) {
          const doing = script[step.index] ?? {};
          if (doing.holds) holds = bucketA(doing.holds);
          collected = doing.collected ?? nothing;
          return { output: '', thrown: null, stopped: null, kernelLost: false, late: [], duration: 1, ...doing };
        },
        collect: async () => collected,
        end: async () => void kernels.push('ended'),
      };
    },
    lost: async () => null,
  };
  return { site, kernels };
}

/** A step a code, with what stands below it. */
export function planOf(...steps: string[]): Plan {
  const { lesson, problems } = parseLesson(steps.join('\n\n'), 'page.md');
  const linked = linkLesson(lesson);
  expect([...problems, ...linked.problems]).toEqual([]);
  const pairs = lesson.steps.map((step, index) => ({
    step,
    linked: linked.steps[index] ?? expect.fail('a step that is not linked'),
    starter: linked.starters[index] ?? null,
  }));
  return { lesson, steps: pairs, after: null, listed: () => true, bail: false };
}

export async function run(plan: Plan, site: Site, options: LessonOptions = {}): Promise<{ events: RunEvent[]; report: LessonReport }> {
  const events: RunEvent[] = [];
  const running = runLesson(plan, site, options);
  for (;;) {
    const next = await running.next();
    if (next.done) return { events, report: next.value };
    events.push(next.value);
  }
}

export const ts = (code: string, expectation = '') => `\`\`\`ts\n${code}\n\`\`\`\n${expectation}`;
export const outcome = ({ steps }: LessonReport) => steps.map(({ status, reason }) => (reason === null ? status : `${status}: it ${reason}`));
export const stop = (reason: Stop['reason']): Stop => ({ reason, message: `stopped for ${reason}`, error: null, place: null });
export const thrown = { name: 'Error', message: 'boom', code: null, place: { line: 2, column: 1 } };
