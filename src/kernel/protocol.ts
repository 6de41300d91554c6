/** What the runner and the kernel's process say to each other: one line of JSON each, behind a token that no step knows. */
import type { OwnConnection } from './own-connection.ts';

/** What can be made ready while the server starts. */
export interface Needs {
  /** Packages to load; one that is not there is no error yet. */
  preload: readonly string[];
  /** Steps have types to be stripped. */
  types: boolean;
}

/** The first message, before any step. */
export interface Setup extends Needs {
  /** Stands before every message of the host and in every mark on its output. */
  token: string;
  /** Absolute. */
  lessonFile: string;
  /** A folder for compiled code of packages; null: there is none. */
  codeCache: string | null;
  /** What lets the page into a server of one's own; null: the server is private. */
  own: OwnConnection | null;
}

export type HostRequest =
  /** Not answered. */
  | ({ type: 'prepare' } & Needs)
  | { type: 'run'; id: number; index: number; url: string; language: 'ts' | 'js'; source: ModuleSource; env: Record<string, string> }
  /** Answered once what was left running has ended, or after `wait` milliseconds. */
  | { type: 'collect'; id: number; wait: number };

/** The code of a module: some lines of it are empty, and on a long page they are most of it, so that they are counted and not sent. */
export interface ModuleSource {
  head: string;
  /** Line ends between the two. */
  blank: number;
  tail: string;
}

export function sourceText({ head, blank, tail }: ModuleSource): string {
  return `${head}${'\n'.repeat(blank)}${tail}`;
}

/** An error, read so that nothing in it can do harm. */
export interface ErrorReport {
  /** Empty where a non-Error was thrown. */
  name: string;
  message: string;
  code: string | null;
  /** The first line of its stack that is a step's; `url` is that of the step's module. */
  frame: { url: string; line: number; column: number } | null;
  /** The index of the latest step that its stack names. */
  latest: number | null;
}

export type HostReply =
  | { type: 'ready' }
  /** The answer to a request, where its mark on the output does not say it all. */
  | { type: 'done'; id: number; failure: Failure | null }
  /** Something that ends the process. */
  | { type: 'fault'; kind: 'rejection' | 'exception' | 'output'; error: ErrorReport }
  /** Something that a step left running has failed since the step ended; the process goes on. */
  | LateReport
  | { type: 'own'; event: OwnEvent };

/** What a page did on a server of one's own. */
export type OwnEvent =
  /** A connection of its stands, or no longer. */
  | { kind: 'connected' | 'disconnected'; client: ClientId }
  /** JetStream answered that it has made a stream; `created` is a time as the server writes it. */
  | { kind: 'made'; stream: string; created: string }
  | { kind: 'removed'; stream: string };

/** A connection, as the server that it is to knows it. */
export interface ClientId {
  /** The server's name. */
  server: string;
  id: number;
}

export interface LateReport {
  type: 'late';
  kind: 'rejection' | 'exception';
  /** Of the step. */
  index: number;
  error: ErrorReport;
}

export interface Failure {
  /** `run`: the step, or a module that it imports, threw. Before that its code was `syntax`, or an import did not `link`. */
  phase: 'syntax' | 'link' | 'run';
  error: ErrorReport;
  /** The import of the step by which the failure came, where it was not in the step itself. */
  specifier: string | null;
}

/** What the host ends with where it can no longer say anything; no page's own exit code, one hopes. */
export const CHANNEL_CLOSED = 213;

/** What the host writes on its output when all that was printed for a request is there; behind it stands whether that is the whole answer. */
export function markOf(token: string, id: number): string {
  return `\0${token} ${id}\n`;
}

/** Nothing has failed and nothing is late: no reply comes. Else the reply, and what is late, has its own way and its own pace. */
export type MarkEnd = '.' | '+';

/** What each step's module is called: the lesson's URL and one of these. */
export function stepUrl(lessonUrl: string, index: number, run: number): string {
  return `${lessonUrl}?step=${index}${run === 0 ? '' : `&run=${run}`}`;
}
