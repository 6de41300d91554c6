/** One command's process group → killed whole: when it must be stopped, for the first reason given, and when its leader has ended. */
import { readdirSync, readFileSync } from 'node:fs';
import { groupGone, killGroup } from './child.ts';

/** Why a command did not come to its end, or could not be begun. */
export type CommandCause =
  | { cause: 'timeout' | 'output' | 'lines' | 'ended' }
  | { cause: 'start'; message: string }
  /** It ended, and was not asked for these. */
  | { cause: 'answers'; left: string[] };

export interface GroupEvents {
  onStart?: ((pid: number) => void) | undefined;
  onEnd?: ((pid: number) => void) | undefined;
}

export class CommandGroup {
  readonly #events: GroupEvents;
  #pid: number | null = null;
  #cause: CommandCause | null = null;
  #isOver = false;

  constructor(events: GroupEvents) {
    this.#events = events;
  }

  get cause(): CommandCause | null {
    return this.#cause;
  }

  /** `pid` leads the group. A command that was stopped before it began is killed at once. */
  begin(pid: number): void {
    this.#pid = pid;
    this.#events.onStart?.(pid);
    if (this.#cause !== null) killLeader(pid);
  }

  stop(cause: CommandCause): void {
    if (this.#isOver || this.#cause !== null) return;
    this.#cause = cause;
    if (this.#pid !== null) killLeader(this.#pid);
  }

  /** The leader has ended by itself or was killed: what it started goes too, and nothing that comes later is a reason to stop it. */
  leaderEnded(): void {
    this.#isOver = true;
    if (this.#pid === null) return;
    killGroup(this.#pid);
    for (const group of groupsOfSession(this.#pid)) killGroup(group);
  }

  /** Waits until nothing of the group is left, half a second at most. */
  async gone(): Promise<void> {
    this.#isOver = true;
    if (this.#pid === null) return;
    await groupGone(this.#pid);
    this.#events.onEnd?.(this.#pid);
  }
}

/** With its group. A pseudo-terminal's process is known before it leads one: then it is alone. */
function killLeader(pid: number): void {
  killGroup(pid);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/**
 * The process groups of the session that the leader began: a shell with job control (`set -m`) gives each of its jobs one of its own. Only Linux tells
 * cheaply; elsewhere there are none.
 */
function groupsOfSession(leader: number): Set<number> {
  const groups = new Set<number>();
  if (process.platform !== 'linux') return groups;
  for (const name of readdirSync('/proc')) {
    // Numbers are given in order, so only later ones can be of the session; when they begin again from below, which is rare, one may be missed.
    if (!(Number(name) > leader)) continue;
    const [group, session] = groupAndSession(name);
    if (session === leader && group !== undefined && group > 1) groups.add(group);
  }
  return groups;
}

function groupAndSession(pid: string): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name, in parentheses, may hold anything; behind it stand the state, the parent, the group and the session.
    const [, , ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return rest.slice(0, 2).map(Number);
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
