/** Running a step: what a kernel takes, what it comes to, and the interfaces of kernel, observer and site. */
import type { ConsoleExpectation } from './lesson.ts';
import type { Fence, Place } from './page.ts';
import type { Delta, ExpectedState, State } from './state.ts';

/** A step as a kernel takes it: code of its own, and which names of which earlier steps it needs. */
export interface LinkedStep {
  index: number;
  language: 'ts' | 'js';
  fence: Fence;
  /** It has types, which are stripped before it runs. */
  typed: boolean;
  /** What its static imports name. */
  modules: string[];
  /** Names declared at the top level that exist at run time, hence can be handed on. */
  exports: string[];
  /** Names of earlier steps that this one uses at run time: name → index of the step that declares it. */
  imports: Map<string, number>;
  /** Types of earlier steps that this one uses, gone at run time: name → index. */
  types: Map<string, number>;
  /** Where its `throw` is, if it has just one: thrown things that are no errors have no stack. */
  onlyThrow: Place | null;
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

/** A server that can die on purpose, as a step's `fault` says. */
export interface Mortal {
  /** Kills it as a crash would. Rejects with one sentence where it was gone already. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and store; the observer then reads afresh. Rejects with one sentence where it does not come up. */
  revive(): Promise<void>;
}

/** The second server, on which `console` fences run. */
export interface TwinSite extends Mortal {
  /** What it holds. Another one after each `bring`. */
  readonly observer: Observer;
  console: ConsoleKernel;
  /** Makes it hold what the first server holds. Rejects with one sentence where that cannot be done. */
  bring(): Promise<void>;
  /** Takes both servers as they are for the same: what each came to by itself is as the page says. */
  accept(): Promise<void>;
  /** Asked when it does not answer: null where the server is there all the same; else one sentence that says what became of it. */
  lost(): Promise<string | null>;
}

/** What a run of steps needs of a server. */
export interface Site {
  observer: Observer;
  /** The console twin, or why there is none: the end of a sentence that begins with "the console fences". */
  twin: TwinSite | string;
  /** Null: a server that is not ours to kill; a step with a fault is not run on it. */
  mortal: Mortal | null;
  /** What the page of `after` says at its end, where the server holds that already; left out: the account is empty. */
  start?: ExpectedState;
  /** Starts a kernel whose steps find the server. */
  startKernel(): Kernel;
  /** Asked when it does not answer: null where the server is there all the same; else one sentence that says what became of it. */
  lost(): Promise<string | null>;
}

/** What a step came to, as plain data: enough to judge it again by another page with the same steps. Of a step that was skipped there is none. */
export interface StepRecording {
  /** Of the step. */
  index: number;
  execution: Execution;
  /** What the step changed. */
  delta: Delta;
  /** Something moved by itself after the step had ended; only known of a run that waits for it. */
  moved: boolean;
  /** What each of its `console` fences came to, in the order of the page; null for one that did not run. */
  consoles: (CommandExecution[] | null)[];
}

/** What the steps of a lesson came to. */
export interface LessonRecording {
  /** What the page of an `after` lesson says at its end, and what the server then held. */
  expected: ExpectedState;
  state: State;
  /** In the order in which they ran. */
  steps: StepRecording[];
}
