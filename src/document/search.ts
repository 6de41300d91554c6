/** Patterns of lines against rows of text: whether there is a way to match them all, and what is captured on that way. */
import type { Automaton } from './automaton.ts';
import { Marks } from './marks.ts';
import type { Matcher, Part, Pattern } from './pattern.ts';

/**
 * How many steps a search may take, some seconds. Without captures that are asked for again a search takes at most as many as the patterns' length times the
 * text's; with them there is no such bound (matching with variables is NP-complete).
 */
const STEPS = 20_000_000;

/** What has been captured and is still asked for. Searches in the same world go the same ways, so each place is visited once in each. */
interface World {
  children: Map<string, World>;
  /** Gap → the first row from which it was tried; from a later one nothing else can be reached. */
  gaps: Map<number, number>;
}

/** Everything captured on the way here, the latest first. */
interface Bound {
  name: string;
  text: string;
  before: Bound | null;
}

/** Where a pattern has been tried on a row, world by world. */
interface Trace {
  marks: Marks;
  /** Part → the first place from which `<any>` was tried. */
  anys: Map<number, number>;
}

/** A point of the search: part `part` of pattern `line` is to match row `row` from `at`. */
interface Point {
  line: number;
  row: number;
  part: number;
  at: number;
  world: World;
  bound: Bound | null;
  traces: Map<World, Trace>;
}

export class Search {
  readonly #patterns: Pattern[];
  readonly #rows: string[];
  readonly #captured: ReadonlyMap<string, string>;
  /** What is still to try, the next last: a search into the depth, without recursion. */
  readonly #choices: (() => void)[] = [];
  #steps = STEPS;
  #furthest = 0;
  #found: Bound | null = null;
  #matched = false;

  /** `captured`: what earlier searches captured. */
  constructor(patterns: Pattern[], rows: string[], captured: ReadonlyMap<string, string>) {
    this.#patterns = patterns;
    this.#rows = rows;
    this.#captured = captured;
  }

  /** `found`: what was captured, null where the rows do not match. `furthest`: the last pattern that was tried; one more where rows are left over. */
  run(): { found: Map<string, string> | null; furthest: number } {
    this.#tryLine(0, 0, newWorld(), null);
    while (!this.#matched && this.#steps > 0) {
      const choice = this.#choices.pop();
      if (choice === undefined) break;
      this.#steps -= 1;
      choice();
    }
    if (!this.#matched) return { found: null, furthest: this.#furthest };
    const found = new Map<string, string>();
    for (let bound = this.#found; bound !== null; bound = bound.before) found.set(bound.name, bound.text);
    return { found, furthest: this.#patterns.length };
  }

  #tryLine(line: number, row: number, world: World, bound: Bound | null): void {
    const pattern = this.#patterns[line];
    this.#furthest = Math.max(this.#furthest, line);
    if (pattern === 'gap') this.#tryGap(line, row, world, bound);
    else if (pattern !== undefined && row < this.#rows.length) this.#follow({ line, row, part: 0, at: 0, world, bound, traces: new Map() });
    else if (pattern === undefined && row === this.#rows.length) this.#succeed(bound);
  }

  #succeed(bound: Bound | null): void {
    this.#matched = true;
    this.#found = bound;
  }

  #tryGap(line: number, row: number, world: World, bound: Bound | null): void {
    if (line === this.#patterns.length - 1) {
      this.#succeed(bound);
      return;
    }
    const until = world.gaps.get(line) ?? this.#rows.length + 1;
    if (row >= until) return;
    world.gaps.set(line, row);
    const from = (start: number) => {
      if (start + 1 < until) this.#choices.push(() => from(start + 1));
      this.#tryLine(line + 1, start, world, bound);
    };
    this.#choices.push(() => from(row));
  }

  /** Goes on over text that is as expected, up to the next matcher or the end of the row. */
  #follow(point: Point): void {
    const parts = this.#parts(point.line);
    const text = this.#rows[point.row] ?? '';
    let { part, at } = point;
    for (let next = parts[part]; next !== undefined; next = parts[part]) {
      if (next.kind === 'matcher') {
        this.#enter(next, { ...point, part, at }, text);
        return;
      }
      const wanted = next.kind === 'literal' ? next.text : this.#capture(next.name, point.bound);
      this.#steps -= wanted.length / 64;
      if (!text.startsWith(wanted, at)) return;
      part += 1;
      at += wanted.length;
    }
    if (at < text.length || !traceOf(point).marks.first(0)) return;
    this.#choices.push(() => this.#tryLine(point.line + 1, point.row + 1, point.world, point.bound));
  }

  #parts(line: number): Part[] {
    const pattern = this.#patterns[line];
    return pattern === undefined || pattern === 'gap' ? [] : pattern;
  }

  #capture(name: string, bound: Bound | null): string {
    let at = bound;
    while (at !== null && at.name !== name) at = at.before;
    return at?.text ?? this.#captured.get(name) ?? '';
  }

  #enter(matcher: Matcher, point: Point, text: string): void {
    // A capture that is asked for again must know where it began, hence a world for each beginning.
    if (matcher.live && !traceOf(point).marks.first(1 + point.part * (text.length + 1) + point.at)) return;
    const trace = matcher.live ? newTrace() : traceOf(point);
    if (matcher.automaton === null) this.#enterAny(matcher, point, text, trace);
    else this.#leaveLongestFirst(matcher, point, text, this.#ends(matcher.automaton, point, text, trace));
  }

  /** The shortest text first. What was tried from an earlier place needs no trying from a later one. */
  #enterAny(matcher: Matcher, point: Point, text: string, trace: Trace): void {
    const tried = trace.anys.get(point.part) ?? text.length;
    if (trace.anys.has(point.part) && point.at >= tried) return;
    trace.anys.set(point.part, point.at);
    const following = this.#parts(point.line)[point.part + 1];
    const leave = (from: number) => {
      const end = following === undefined ? text.length : following.kind === 'literal' ? text.indexOf(following.text, from) : from;
      if (end < from || end > tried) return;
      if (end < tried) this.#choices.push(() => leave(end + 1));
      this.#leave(matcher, point, text, end);
    };
    if (point.at < text.length) this.#choices.push(() => leave(point.at + 1));
  }

  #leaveLongestFirst(matcher: Matcher, point: Point, text: string, ends: number[]): void {
    const end = ends.pop();
    if (end === undefined) return;
    if (ends.length > 0) this.#choices.push(() => this.#leaveLongestFirst(matcher, point, text, ends));
    this.#leave(matcher, point, text, end);
  }

  /** Where a matcher that begins at `point` can end, ascending; without what an earlier beginning in the same trace led to. */
  #ends(automaton: Automaton, point: Point, text: string, trace: Trace): number[] {
    const ends: number[] = [];
    const width = text.length + 1;
    // Each part has numbers of its own: no automaton has 1,000 states.
    const base = 1 + (this.#parts(point.line).length + point.part * 1000) * width;
    let states = [0];
    for (let at = point.at; states.length > 0 && at < text.length; at += 1) {
      const character = text.charAt(at);
      const entered: number[] = [];
      for (const state of states) {
        for (const next of automaton.next[state] ?? []) {
          if (automaton.enteredBy[next]?.includes(character) && trace.marks.first(base + next * width + at)) entered.push(next);
        }
      }
      this.#steps -= entered.length;
      if (entered.some((state) => automaton.final[state])) ends.push(at + 1);
      states = entered;
    }
    return ends;
  }

  #leave(matcher: Matcher, point: Point, text: string, end: number): void {
    const { name } = matcher;
    let { world, bound } = point;
    if (name !== null) {
      bound = { name, text: text.slice(point.at, end), before: bound };
      if (matcher.live) world = this.#child(world, bound);
    }
    const after = { ...point, part: point.part + 1, at: end, world, bound };
    this.#choices.push(() => this.#follow(after));
  }

  #child(world: World, { name, text }: Bound): World {
    this.#steps -= text.length / 16;
    const captured = `${name} ${text}`;
    const child = world.children.get(captured) ?? newWorld();
    world.children.set(captured, child);
    return child;
  }
}

function newWorld(): World {
  return { children: new Map(), gaps: new Map() };
}

function newTrace(): Trace {
  return { marks: new Marks(), anys: new Map() };
}

function traceOf({ traces, world }: Point): Trace {
  const trace = traces.get(world) ?? newTrace();
  traces.set(world, trace);
  return trace;
}
