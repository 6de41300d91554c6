/** Lessons → their sites, the next one's made ready while one runs, and removed while the one after runs. */

interface Closable {
  close(): Promise<void>;
}

export class Sites<Lesson, Site extends Closable> {
  readonly #open: (lesson: Lesson) => Promise<Site>;
  readonly #ready = new Map<Lesson, Promise<Site>>();
  readonly #closing: Promise<void>[] = [];

  /** `open` is asked once for each lesson. */
  constructor(open: (lesson: Lesson) => Promise<Site>) {
    this.#open = open;
  }

  isPrepared(lesson: Lesson): boolean {
    return this.#ready.has(lesson);
  }

  /** Begins to open the lesson's site. Where that fails, whoever takes it hears of it, and nobody else. */
  prepare(lesson: Lesson): void {
    if (this.#ready.has(lesson)) return;
    const site = this.#open(lesson);
    site.catch(() => {});
    this.#ready.set(lesson, site);
  }

  /** It is the caller's then. */
  take(lesson: Lesson): Promise<Site> {
    const ready = this.#ready.get(lesson) ?? this.#open(lesson);
    this.#ready.delete(lesson);
    return ready;
  }

  /** Closes a site that was taken, while other things go on. */
  leave(site: Closable): void {
    const closing = site.close();
    closing.catch(() => {});
    this.#closing.push(closing);
  }

  /** Closes what nobody has taken, and waits for all that is being closed. Rejects where something could not be. */
  async end(): Promise<void> {
    for (const site of this.#ready.values()) this.#closing.push(site.then((one) => one.close(), NOTHING_TO_CLOSE));
    this.#ready.clear();
    const results = await Promise.allSettled(this.#closing);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}

const NOTHING_TO_CLOSE = () => {};
