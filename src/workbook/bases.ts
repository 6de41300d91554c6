/** Lessons that come after the same one → sites that hold the state in which they start: made once, and brought over to each. */
import { diffStates, isEmptyDelta } from '../document/delta.ts';
import { newRecording } from '../recording.ts';
import { runLesson } from '../run.ts';
import { type Listing, listStreams } from '../state/listing.ts';
import type { State } from '../types.ts';
import { serverNeeds } from './config.ts';
import type { LessonPlan } from './plan.ts';
import type { Base, LocalSite } from './site.ts';

interface Made extends Base {
  site: LocalSite;
  /** What the server held when the earlier lesson had ended. */
  state: State;
}

export interface BasesOptions {
  /** Opens a site whose account holds nothing, with the lesson's `config`. */
  open: (one: LessonPlan) => Promise<LocalSite>;
  signal: AbortSignal;
  /** The starts for which it is worth while, see `startOf`; left out: all. */
  worthwhile?: ReadonlySet<string>;
}

export class Bases {
  readonly #options: BasesOptions;
  /** Null where the earlier lesson is to be replayed each time. */
  readonly #made = new Map<string, Promise<Made | null>>();
  readonly #closed = new AbortController();
  readonly #signal: AbortSignal;

  constructor(options: BasesOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#closed.signal]);
  }

  /**
   * A site on which the lesson can be run: `open` is asked for one with the base or, where the lesson has none, or time has gone over it, without. Rejects as
   * `open` does, and where the run has ended meanwhile.
   */
  async begin(one: LessonPlan, open: (base: Base | null) => Promise<LocalSite>): Promise<LocalSite> {
    const base = await this.#of(one);
    const site = base && (await open(base).catch(() => null));
    if (site !== null && base !== null && !this.#signal.aborted && isEmptyDelta(diffStates(base.state, site.observer.state))) return site;
    await site?.close();
    this.#signal.throwIfAborted();
    return open(null);
  }

  /** Ends what is still being made; whoever waits for it is refused. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('The run has ended.'));
    const made = await Promise.all(this.#made.values());
    await Promise.all(made.map((one) => one?.site.close()));
  }

  #of(one: LessonPlan): Promise<Made | null> {
    const start = startOf(one);
    if (start === null || this.#options.worthwhile?.has(start) === false) return Promise.resolve(null);
    // Where it cannot be made, whoever replays says why.
    const made = this.#made.get(start) ?? this.#make(one).catch(() => null);
    this.#made.set(start, made);
    return made;
  }

  async #make(one: LessonPlan): Promise<Made | null> {
    const site = await this.#options.open(one);
    try {
      const recording = newRecording();
      // Nothing of the lesson itself: what is left is the state in which it starts.
      const running = runLesson({ ...one.plan, listed: () => false }, site, { signal: this.#signal, recording });
      let next = await running.next();
      while (!next.done) next = await running.next();
      const { connection } = site;
      if (next.value.reason === null && canBeBrought(await listStreams(connection))) return { site, connection, ...recording };
    } catch (error) {
      await site.close();
      throw error;
    }
    await site.close();
    return null;
  }
}

/** The starts of more than one site of a run: a lesson's own, and those of its exercises' starters. */
export function sharedStarts(plans: LessonPlan[]): Set<string> {
  const starts = plans.flatMap((one) => {
    const { steps, listed } = one.plan;
    const start = startOf(one);
    return start === null ? [] : [start, ...steps.filter((step) => step.starter !== null && listed(step)).map(() => start)];
  });
  return new Set(starts.filter((start, at) => starts.indexOf(start) !== at));
}

/** Equal for lessons that start in the same state of the same server; null for one that starts in an empty account. */
export function startOf({ loaded }: LessonPlan): string | null {
  const { after } = loaded;
  if (after === null || after === 'invalid') return null;
  const { config, servers } = serverNeeds(loaded);
  return JSON.stringify([after.path, config?.path ?? null, servers]);
}

/** Whether a copy that is made later is the same: nothing grows old, comes from elsewhere, or remembers who has read it. */
function canBeBrought(listing: Listing): boolean {
  return [...listing.values()].every(({ config, consumers }) => {
    const { storage, max_age, allow_msg_ttl, mirror, sources } = config;
    return storage === 'file' && !max_age && !allow_msg_ttl && !mirror && !sources?.length && consumers === 0;
  });
}
