/** `lockerroom run --watch`: a run, and another one each time something is saved, from the first step that it changes. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT } from '../errors.ts';
import { readConfiguration } from '../workbook/configuration.ts';
import { nameOf } from '../workbook/select.ts';
import { listFrom, type Narrowed, Standing } from '../workbook/standing.ts';
import { watchedFolders } from '../workbook/watched.ts';
import { changedFiles, filesOf, type Look, look, sameLook } from './look.ts';
import type { RunArguments } from './run-arguments.ts';
import { performRun, type RunContext } from './run-command.ts';
import { Saves } from './saves.ts';
import { type Wake, Wakes } from './wakes.ts';
import { type Saved, WatchScreen } from './watch-screen.ts';

/** What is to be done next: run what has changed, what was run last, or everything; or end. `saved` are absolute paths. */
interface Next {
  want: 'changed' | 'again' | 'all' | 'end';
  saved: string[];
}

const KEYS: Record<string, Next['want']> = { q: 'end', a: 'all', '\r': 'again', '\n': 'again' };

/** Answers with the exit code when it is ended: that of what is known then, or of the interruption. Rejects with a ProblemError where files cannot be watched. */
export async function watchCommand(args: RunArguments, context: RunContext): Promise<number> {
  const wakes = new Wakes();
  context.signal.addEventListener('abort', () => wakes.add({ kind: 'end' }), { once: true });
  const silence = context.onKey((key) => wakes.add({ kind: 'key', key }));
  const saves = new Saves({ onSave: (paths) => wakes.add({ kind: 'saved', paths }), onError: (error) => wakes.add({ kind: 'error', error }) });
  try {
    const { configuration } = await readConfiguration(context.folder);
    await saves.watch(watchedFolders(args.pages, context.folder, configuration));
    return await new Watch(args, context, { wakes, saves, hasKeys: silence !== null }).run();
  } finally {
    silence?.();
    await saves.close();
  }
}

class Watch {
  readonly #args: RunArguments;
  readonly #context: RunContext;
  readonly #wakes: Wakes;
  readonly #saves: Saves;
  readonly #screen: WatchScreen;
  readonly #standing = new Standing();
  /** What was run last. */
  #last: Narrowed[] = [];
  /** The pages as they were when it began, and what has been seen of them since. */
  #look: Look | null = null;
  #seen: Look | null = null;
  #code: number = EXIT.passed;

  constructor(args: RunArguments, context: RunContext, { wakes, saves, hasKeys }: { wakes: Wakes; saves: Saves; hasKeys: boolean }) {
    this.#args = args;
    this.#context = context;
    this.#wakes = wakes;
    this.#saves = saves;
    this.#screen = new WatchScreen(context.streams.stdout, { quiet: args.quiet, hasKeys });
  }

  async run(): Promise<number> {
    let next: Next | null = { want: 'all', saved: [] };
    while (next.want !== 'end') {
      const before: Look | null = this.#look;
      const now: Look = this.#seen ?? (await this.#see());
      this.#look = now;
      this.#seen = null;
      const todo = this.#todo(next.want, now);
      const saved = this.#describe(next.saved);
      const isQuiet = todo.length === 0 && now.prepared.problems.length === 0 && before?.prepared.problems.length === 0;
      if (isQuiet) this.#screen.unchanged(saved);
      else this.#screen.begin(saved, next.want === 'changed' ? todo : []);
      next = isQuiet ? null : await this.#perform(todo, now);
      // A name that was mistyped: there is nothing to watch.
      if (before === null && now.prepared.pages.length === 0) return this.#code;
      if (next === null) this.#screen.foot(now.prepared.lessons.length, this.#failingElsewhere(isQuiet ? [] : todo));
      next ??= await this.#wait();
    }
    return this.#context.signal.aborted ? EXIT.interrupted : this.#code;
  }

  async #see(): Promise<Look> {
    const { folder } = this.#context;
    const seen = await look(this.#args, folder);
    const { deep, flat } = watchedFolders(this.#args.pages, folder, seen.prepared.configuration);
    const elsewhere = seen.current.flatMap(({ dependencies }) => [...dependencies.keys()].map((path) => dirname(path)));
    await this.#saves.watch({ deep, flat: [...flat, ...elsewhere] });
    return seen;
  }

  #todo(want: Next['want'], { current, prepared }: Look): Narrowed[] {
    if (want === 'all') this.#standing.forget();
    const paths = prepared.pages.map(({ path }) => path);
    const changed = this.#standing.narrow(current, paths);
    if (want !== 'again') return changed;
    return current.flatMap((one) => {
      const known = [...changed, ...this.#last].filter(({ plan }) => plan.loaded.path === one.plan.loaded.path);
      return known.length === 0 ? [] : (listFrom(one, Math.min(...known.map(({ from }) => from))) ?? []);
    });
  }

  /** Null: the run has come to its end. Else what it was ended for. */
  async #perform(todo: Narrowed[], { prepared }: Look): Promise<Next | null> {
    const { signal } = this.#context;
    const replaced = new AbortController();
    this.#last = todo;
    let isOver = false;
    const running = performRun(
      { ...prepared, plans: todo.map(({ plan }) => plan) },
      this.#args,
      { ...this.#context, signal: AbortSignal.any([signal, replaced.signal]) },
      {
        started: performance.now(),
        onEvent: (event) => {
          if (event.type !== 'lesson-finished') return;
          const done = todo.find(({ plan }) => plan.plan.lesson.file === event.file);
          // A lesson that was not begun because another one failed has not been judged.
          if (done !== undefined && !(this.#args.bail && event.report.status === 'skipped')) this.#standing.judge(done, event.report);
        },
        isReplaced: () => replaced.signal.aborted && !signal.aborted,
      },
    ).finally(() => {
      isOver = true;
    });
    for (;;) {
      await Promise.race([running, this.#wakes.some()]);
      if (isOver) break;
      const next = await this.#hear(this.#wakes.take());
      if (next === null) continue;
      replaced.abort(new Error('another run takes its place'));
      await running;
      return next;
    }
    const { exitCode } = await running;
    this.#code = Math.max(exitCode, this.#standing.failing().length > 0 ? EXIT.failed : EXIT.passed);
    return null;
  }

  async #wait(): Promise<Next> {
    for (;;) {
      await this.#wakes.some();
      const next = await this.#hear(this.#wakes.take());
      if (next !== null) return next;
    }
  }

  /** Null: it is nothing that matters, such as what a step writes beside its page. */
  async #hear(wake: Wake | null): Promise<Next | null> {
    if (wake?.kind === 'error') throw wake.error;
    if (wake?.kind === 'end' || this.#context.streams.stdout.gone) return { want: 'end', saved: [] };
    if (wake?.kind === 'key') {
      const want = KEYS[wake.key];
      return want === undefined ? null : { want, saved: [] };
    }
    if (wake === null) return null;
    this.#seen = await this.#see();
    return this.#look !== null && sameLook(this.#look, this.#seen) ? null : { want: 'changed', saved: this.#relevant(wake.paths) };
  }

  /** Of what was saved what the pages know of; where that is nothing, what is not as it was: word of a page may come after that of a file beside it. */
  #relevant(paths: string[]): string[] {
    const looks = [this.#look, this.#seen].filter((one) => one !== null);
    const known = new Set(looks.flatMap((one) => [...filesOf(one).keys()]));
    const named = paths.filter((path) => known.has(path));
    if (named.length > 0) return [...new Set(named)];
    const [before, after] = looks;
    const changed = before !== undefined && after !== undefined ? changedFiles(before, after) : [];
    return changed.length > 0 ? changed : [...new Set(paths)];
  }

  #describe(paths: string[]): Saved {
    const names = (some: string[]) => some.map((path) => nameOf(path, this.#context.folder));
    return { there: names(paths.filter((path) => existsSync(path))), gone: names(paths.filter((path) => !existsSync(path))) };
  }

  #failingElsewhere(todo: Narrowed[]): string[] {
    const run = new Map(todo.map(({ plan, line }) => [plan.plan.lesson.file, line]));
    return this.#standing
      .failing()
      .filter(({ file, line }) => line < (run.get(file) ?? Number.POSITIVE_INFINITY))
      .map(({ file, line }) => `${file}:${line}`);
  }
}
