/** The exercises of a lesson → what their untouched starter code comes to, each on a server of its own, beside the run of the lesson. */
import { type Plan, runLesson, starterPlan, type TryStarter } from '../run.ts';
import type { SessionStep } from '../session.ts';
import { emptyReport } from '../step-report.ts';
import type { Site, StepReport } from '../types.ts';
import type { Slots } from './slots.ts';

export interface StartersOptions {
  /** Opens a site whose account holds nothing; null where there is none to be had. */
  open: () => Promise<(Site & { close(): Promise<void> }) | null>;
  slots: Slots;
  signal: AbortSignal;
}

export interface Starters {
  tryStarter: TryStarter;
  /** Ends those that still run. Never rejects. */
  end(): Promise<void>;
}

/** Begins with the starters of all exercises that are listed, so that none is waited for when its solution has passed. */
export function startStarters(plan: Plan, options: StartersOptions): Starters {
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const exercises = plan.steps.filter((one) => one.starter !== null && plan.listed(one));
  const running = new Map(exercises.map((one) => [one, options.slots.use(() => runStarter(plan, one, { ...options, signal }))]));
  // Whoever asks gets the rejection; those that nobody asks for must not end the process.
  for (const one of running.values()) one.catch(() => {});
  return {
    tryStarter: (exercise) => running.get(exercise) ?? Promise.resolve(notTried(exercise)),
    async end() {
      ended.abort(new Error('the lesson has ended'));
      await Promise.allSettled(running.values());
    },
  };
}

async function runStarter(plan: Plan, exercise: SessionStep, { open, signal }: StartersOptions): Promise<StepReport> {
  signal.throwIfAborted();
  const site = await open();
  if (site === null) return notTried(exercise);
  try {
    const running = runLesson(starterPlan(plan, exercise), site, { signal });
    for (;;) {
      const next = await running.next();
      if (next.done) return next.value.steps[0] ?? notTried(exercise);
    }
  } finally {
    await site.close();
  }
}

function notTried({ step }: SessionStep): StepReport {
  return { ...emptyReport(step), reason: 'is not run, because there is no server for it' };
}
