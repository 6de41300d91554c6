/** Lessons that come after others → a server that holds the state in which they start, made once, for all their mutants. */
import { newRecording } from '../recording.ts';
import { runLesson } from '../run.ts';
import type { ExpectedState, State } from '../types.ts';
import { serverNeeds } from '../workbook/config.ts';
import type { LessonPlan } from '../workbook/plan.ts';
import type { LocalSite } from '../workbook/site.ts';

export interface Base {
  site: LocalSite;
  /** What the page of the earlier lesson says at its end. */
  expected: ExpectedState;
  /** What its server held then. */
  state: State;
}

export class Bases {
  readonly #open: (one: LessonPlan) => Promise<LocalSite>;
  readonly #signal: AbortSignal;
  /** Null where the earlier lesson is to be replayed each time. */
  readonly #made = new Map<string, Promise<Base | null>>();

  constructor(open: (one: LessonPlan) => Promise<LocalSite>, signal: AbortSignal) {
    this.#open = open;
    this.#signal = signal;
  }

  /** Null for a lesson that starts in an empty account. */
  of(one: LessonPlan): Promise<Base | null> {
    const { after } = one.loaded;
    if (after === null || after === 'invalid') return Promise.resolve(null);
    const { config, servers } = serverNeeds(one.loaded);
    const name = JSON.stringify([after.path, config?.path ?? null, servers]);
    const made = this.#made.get(name) ?? this.#make(one);
    this.#made.set(name, made);
    return made;
  }

  async close(): Promise<void> {
    const made = await Promise.allSettled(this.#made.values());
    await Promise.all(made.map((one) => (one.status === 'fulfilled' ? one.value?.site.close() : null)));
  }

  async #make(one: LessonPlan): Promise<Base | null> {
    const site = await this.#open(one);
    try {
      const recording = newRecording();
      // Nothing of the lesson itself: what is left is the state in which it starts.
      const running = runLesson({ ...one.plan, listed: () => false }, site, { signal: this.#signal, recording });
      for (;;) {
        const next = await running.next();
        if (!next.done) continue;
        if (next.value.reason === null) return { site, expected: recording.expected, state: recording.state };
        await site.close();
        return null;
      }
    } catch (error) {
      await site.close();
      throw error;
    }
  }
}
