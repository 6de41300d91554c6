/** What the parts of Locker Room hand to each other: plain data and three interfaces. Read this file first. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

// ── Places in a page ────────────────────────────────────────────────────────────────────────────

/** Offsets into the page's text in UTF-16 units, `[start, end)`. */
export interface Span {
  start: number;
  end: number;
}

/** Where a reader looks: both count from 1, columns in UTF-16 units, in the file as it is. */
export interface Place {
  line: number;
  column: number;
}

/** Where the first character of one line of a fence's text stands in the page. */
export interface LineOrigin extends Place {
  offset: number;
}

/** A fenced block. `lines[i]` says where line `i` of `text` stands: list, quote and tab prefixes are not part of the text. */
export interface Fence {
  /** From the first character of the opening line's backticks (or tildes) to the end of the closing line. */
  span: Span;
  /** The info string as written, without the blanks around it. */
  info: Span;
  /** The line of the opening fence. */
  line: number;
  /** Where the opening backticks (or tildes) begin. */
  column: number;
  /** The line of the closing fence; of an unclosed one the last line of its text. */
  lastLine: number;
  /** Lines joined by "\n", each ended by one; empty where the fence is. */
  text: string;
  lines: LineOrigin[];
}

// ── The state document (design §3) ──────────────────────────────────────────────────────────────

export type SettingName =
  | 'description'
  | 'history'
  | 'ttl'
  | 'markerTtl'
  | 'storage'
  | 'replicas'
  | 'compression'
  | 'maxBytes'
  | 'maxValueSize'
  | 'mirror'
  | 'sources'
  | 'metadata'
  | 'republish'
  | 'placement';

/**
 * The settings of a bucket that are not at their default, in the state document's canonical form: durations as `1h30m`, sizes in bytes as numbers, flags as true.
 */
export type Settings = Partial<Record<SettingName, Json>>;

/** What is inside a locker: valid UTF-8 as text, anything else as base64. */
export type Value = { text: string } | { base64: string };

export type Operation = 'PUT' | 'DEL' | 'PURGE';

/** One kept message of a key. A marker (DEL, PURGE) has no value. */
export interface Revision {
  revision: number;
  operation: Operation;
  value: Value | null;
}

/** All that a bucket keeps of a key, oldest first, never empty; the last one is the latest entry. */
export type Entry = Revision[];

export interface Bucket {
  settings: Settings;
  keys: Map<string, Entry>;
}

/** What a server holds. Keys and names may be any text (`__proto__` too), hence maps. */
export interface State {
  buckets: Map<string, Bucket>;
  /** Streams that are no buckets. */
  streams: Set<string>;
}

export interface KeyDelta {
  key: string;
  before: Entry | null;
  after: Entry | null;
}

/** `before` or `after` is null where the bucket was not, or is no longer, there; a bucket that came or went lists all its keys. */
export interface BucketDelta {
  bucket: string;
  before: Settings | null;
  after: Settings | null;
  keys: KeyDelta[];
}

/** The difference of two states, plain JSON. Only what differs is in it. */
export interface Delta {
  buckets: BucketDelta[];
  streams: { added: string[]; removed: string[] };
}

/** A value as a page gives it. The strings in `text` and `json` may hold matchers (design §2). */
export type ExpectedValue = { text: string } | { json: Json } | { base64: string } | { size: number };

export interface ExpectedRevision {
  operation: Operation;
  /** Null for a marker. */
  value: ExpectedValue | null;
  /** Null where the page does not say. */
  revision: number | null;
}

/** What a page says of a key. `value` is null for a marker, and where only `history` is given. */
export interface ExpectedEntry extends ExpectedRevision {
  history: ExpectedRevision[] | null;
}

export interface ExpectedBucket {
  settings: Settings;
  keys: Map<string, ExpectedEntry>;
  /** NATS wildcard → how many keys under it, not named singly, have a PUT as their latest entry. */
  counts: Map<string, number>;
}

/** What a page says that a server holds: everything, by the closed world. */
export interface ExpectedState {
  buckets: Map<string, ExpectedBucket>;
  streams: Set<string>;
}

/** A merge patch on an expected state; null takes a thing away. What is left out stays. */
export interface StatePatch {
  /** Null: all buckets go. */
  buckets: Map<string, BucketPatch | null> | null;
  /** Undefined: as before. */
  streams: string[] | undefined;
}

export interface BucketPatch {
  /** Null: back to the default. */
  settings: Map<SettingName, Json | null>;
  /** Keys, and wildcards with their count. Null: all keys go. */
  keys: Map<string, ExpectedEntry | { count: number } | null> | null;
}

/** A `state` or `change` fence, read. A `state` is a patch on the empty state. */
export interface StateExpectation {
  kind: 'state' | 'change';
  fence: Fence;
  patch: StatePatch;
  /** JSON Pointer into the document, in the form a mismatch's path has → where that entry stands in the page. */
  places: Map<string, Place>;
  /** Milliseconds; null: it must hold as soon as the step has ended. */
  within: number | null;
}

// ── The lesson (design §2) ──────────────────────────────────────────────────────────────────────

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

export interface Step {
  /** 0-based, in the lesson. */
  index: number;
  /** The line of its opening fence; of the exercise, where it has a solution. */
  line: number;
  /** The last line that belongs to it: the one before the next step, or the last of the page. */
  lastLine: number;
  /** Its `title`, else the heading above it, else the lesson's title. */
  title: string;
  /** Null: a `console` fence before the first step, which is a step by itself. */
  code: Code | null;
  /** The starter code of an exercise; `code` is then its solution. */
  starter: Code | null;
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

// ── Running ─────────────────────────────────────────────────────────────────────────────────────

/** A step as a kernel takes it: code of its own, and which names of which earlier steps it needs. */
export interface LinkedStep {
  index: number;
  language: 'ts' | 'js';
  fence: Fence;
  /** Names declared at the top level that exist at run time, hence can be handed on. */
  exports: string[];
  /** Names of earlier steps that this one uses at run time: name → index of the step that declares it. */
  imports: Map<string, number>;
  /** Why it cannot run at all: a syntax error, or TypeScript that is more than types. */
  broken: { name: string; message: string; place: Place } | null;
  /** Milliseconds. */
  timeout: number;
}

/** What a step threw. */
export interface Thrown {
  /** Empty where a non-Error was thrown. */
  name: string;
  /** The text of a thrown non-Error. */
  message: string;
  /** The `code` of the error as text; null where it has none. */
  code: string | null;
  /** The place in the page of the code that threw; null where the stack does not say. */
  place: Place | null;
}

/** Why a step could not be judged. */
export interface Stop {
  reason: 'timeout' | 'exit' | 'memory' | 'output' | 'syntax' | 'link' | 'rejection' | 'exception' | 'kernel' | 'server';
  /** Of what the sentence speaks; the step where it is left out. */
  subject?: 'step' | 'command';
  /** What happened and what to do: a sentence that goes on from its subject. */
  message: string;
  /** What the error was, where there was one: of `rejection`, `exception`, `syntax`, `link`. */
  error: { name: string; message: string } | null;
  place: Place | null;
}

/** What running a step came to. `thrown` and `stopped` exclude each other. */
export interface Execution {
  /** Everything printed, in order, escapes and all; cut off at the output limit. */
  output: string;
  thrown: Thrown | null;
  stopped: Stop | null;
  /** The kernel is gone, and all names of earlier steps with it. */
  kernelLost: boolean;
  /** Errors of what earlier steps left running, which came while this one ran. */
  late: LateFault[];
  /** Milliseconds. */
  duration: number;
}

/** An error of something that an earlier step left running: it is that step's, though others have run since. */
export interface LateFault {
  /** Of the step. */
  index: number;
  stop: Stop;
}

/** Runs the steps of one lesson, one after the other, with the names of the earlier ones in scope. */
export interface Kernel {
  /** Runs a step. Never rejects: whatever the step does is in the execution. `onOutput` gets text as it is printed. */
  run(step: LinkedStep, onOutput?: (text: string) => void): Promise<Execution>;
  /**
   * What happened since `run` was answered: output, and errors of things left running. With `drain` it first waits, a second at most, for what the steps
   * left running to end by itself.
   */
  collect(options: { drain: boolean }): Promise<Pick<Execution, 'output' | 'stopped' | 'kernelLost' | 'late'>>;
  /** Ends the process. Safe to call twice. */
  end(): Promise<void>;
}

/** What running one command of a `console` fence came to. */
export interface CommandExecution {
  /** Both streams in order, escapes and all; with answers, what stands on the screen at the end, lines joined by "\n". Cut off at the output limit. */
  output: string;
  /** What the shell would say: 128 and the signal's number where a signal ended it. */
  exitCode: number;
  /** Null: it ran to its end. */
  stopped: Stop | null;
  /** Milliseconds. */
  duration: number;
}

/** Runs `console` fences on the command line, against one server. */
export interface ConsoleKernel {
  /** Runs the fence's commands one after the other, within `timeout` milliseconds in all; ends at one that had to be stopped. Never rejects. */
  run(fence: ConsoleExpectation, timeout: number): Promise<CommandExecution[]>;
  /** Ends what still runs. Safe to call twice. */
  end(): Promise<void>;
}

/** Reads the state of a server, as cheaply as it can. */
export interface Observer {
  /** The state at the last `read`. Not a copy: do not change it. */
  readonly state: State;
  /** Reads what changed since the last `read`, brings `state` up to date and says what changed. Rejects where the server does not answer. */
  read(): Promise<Delta>;
}

/** The second server, on which `console` fences run. */
export interface TwinSite {
  /** What it holds. Another one after each `bring`. */
  readonly observer: Observer;
  console: ConsoleKernel;
  /** Makes it hold what the first server holds. Rejects with one sentence where that cannot be done. */
  bring(): Promise<void>;
  /** Takes both servers as they are for the same: what each came to by itself is as the page says. */
  accept(): Promise<void>;
  /** Null while the server is there; else one sentence that says what became of it. */
  lost(): string | null;
}

/** What a run of steps needs of a server. */
export interface Site {
  observer: Observer;
  /** The console twin, or why there is none: the end of a sentence that begins with "the console fences". */
  twin: TwinSite | string;
  /** Starts a kernel whose steps find the server. */
  startKernel(): Kernel;
  /** Null while the server is there; else one sentence that says what became of it. */
  lost(): string | null;
}

// ── Judging and reporting (design §4) ───────────────────────────────────────────────────────────

export type MismatchKind =
  | 'output'
  | 'error'
  | 'bucket'
  | 'key'
  | 'stream'
  | 'setting'
  | 'value'
  | 'operation'
  | 'revision'
  | 'history'
  | 'count'
  | 'console'
  | 'exit'
  | 'exercise';

export interface Mismatch {
  kind: MismatchKind;
  /** A JSON Pointer into the state document; null for what is printed or thrown. */
  path: string | null;
  place: Place;
  /** As the state document would write it; null: absent or, of a setting, the default. */
  expected: Json;
  actual: Json;
  by: 'step' | 'twin';
}

export type Status = 'passed' | 'failed' | 'errored' | 'skipped';

export interface StepReport {
  line: number;
  title: string;
  status: Status;
  /** Why it was skipped or could not be judged. */
  reason: string | null;
  /** Milliseconds. */
  duration: number;
  output: string;
  mismatches: Mismatch[];
  error: ({ name: string; message: string } & Place) | null;
  /** What the step itself changed; empty for a step that did not run. */
  delta: Delta;
  /** Console fences that ran. */
  twins: number;
}

export interface LessonReport {
  file: string;
  title: string;
  status: Status;
  /** Why it was skipped as a whole. */
  reason: string | null;
  /** It was skipped because the lesson that it comes after did not pass. */
  afterFailed: boolean;
  /** Milliseconds. */
  duration: number;
  steps: StepReport[];
}

/** Something that gives exit code 2 (usage, an invalid lesson) or 3 (the environment). */
export interface Problem {
  code: string;
  file: string | null;
  line: number | null;
  column: number | null;
  message: string;
  /** What to do next; null where the message says it. */
  advice: string | null;
}

/**
 * What a run tells while it goes on; plain JSON. A step is finished a second time where something that it left running fails later. Events
 * of lessons that run side by side are interleaved, and carry their lesson's file.
 */
export type RunEvent =
  | { type: 'lesson-started'; file: string; title: string; steps: { line: number; title: string }[] }
  | { type: 'step-started'; file: string; line: number; title: string }
  | { type: 'step-output'; file: string; line: number; text: string }
  | { type: 'step-finished'; file: string; step: StepReport }
  | { type: 'lesson-finished'; file: string; report: LessonReport };
