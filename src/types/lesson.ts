/** A lesson: steps, what is expected of each, and the settings of its front matter (design §2). */
import type { Fence, Place, Span } from './page.ts';
import type { StateExpectation } from './state.ts';

/** An `output` or `error` fence. Its lines may hold matchers. */
export interface TextExpectation {
  fence: Fence;
}

export interface ConsoleCommand {
  /** The `$` line's place. */
  place: Place;
  /** The command, continuation lines joined by "\n". */
  command: string;
  /** What it prints, as lines that may hold matchers, each with its place. */
  output: { text: string; place: Place }[];
  /** 0 where the page gives none. */
  exitCode: number;
  /** The place of the `[1]` line; null where there is none. */
  exitPlace: Place | null;
}

export interface ConsoleExpectation {
  fence: Fence;
  commands: ConsoleCommand[];
  look: boolean;
  /** Null: no pseudo-terminal. */
  answers: string[] | null;
}

export interface Expectation {
  output: TextExpectation | null;
  error: TextExpectation | null;
  state: StateExpectation | null;
  consoles: ConsoleExpectation[];
}

export type Fault = 'restart-server' | 'kill-server';

/** The code of a step, an exercise or a solution. */
export interface Code {
  fence: Fence;
  language: 'ts' | 'js';
}

/** A `<details>` whose summary begins with "Hint", after an exercise. */
export interface Hint {
  /** Its summary as plain text: "Hint", "Hint 2: revisions". */
  summary: string;
  /** The Markdown inside, without the summary. */
  span: Span;
}

export interface Step {
  /** 0-based, in the lesson. */
  index: number;
  /** The line of its opening fence; of the exercise, where it has a solution. */
  line: number;
  /** The last line that belongs to it: the one before the next step, or the last of the page. */
  lastLine: number;
  /** Its `title`, else its heading. */
  title: string;
  /** The heading above it, else the lesson's title. */
  heading: string;
  /** Null: a `console` fence before the first step, which is a step by itself. */
  code: Code | null;
  /** The starter code of an exercise; `code` is then its solution. */
  starter: Code | null;
  /** Of an exercise, in the order of the page. */
  hints: Hint[];
  /** Needs Node, so is not offered in a browser. */
  node: boolean;
  /** Milliseconds. */
  timeout: number;
  fault: Fault | null;
  expectation: Expectation;
}

export interface LessonSettings {
  /** A semver range the nats-server must satisfy. */
  server: string | null;
  /** The lesson in whose final state this one starts: a file name without `.md`. */
  after: string | null;
  steps: 'all' | 'marked';
  private: boolean;
  config: string | null;
  cluster: number | null;
  /** Milliseconds, for each step that gives none. */
  timeout: number;
}

export interface Lesson {
  /** As it is named in reports: relative to where the run was started, with `/`. */
  file: string;
  title: string;
  settings: LessonSettings;
  /** Where each front matter key of ours stands. */
  settingPlaces: Map<keyof LessonSettings, Place>;
  /** The front matter, fences included; null where there is none. */
  frontMatter: Span | null;
  steps: Step[];
}
