/** A command line and answers → the command in a pseudo-terminal, each answer typed at its prompt, and what stands on the screen at the end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { IPty } from '@lydell/node-pty';
import { type CommandEnd, type CommandOptions, exitCodeOfSignal, findShell, supervised } from './console-command.ts';
import type { CommandGroup } from './console-group.ts';
import { MOST_LINES } from './console-stops.ts';
import { readersOf } from './terminal-reading.ts';
import { COLUMNS, ROWS, TerminalScreen } from './terminal-screen.ts';

/** How often it is looked whether a prompt stands on the screen, in ms. */
const EVERY = 10;
/** How often that must be so, with nothing in between: what a program printed before it began to read may still be on its way. */
const LOOKS = 3;
/** How long nothing must happen where it is not known that the terminal is read, in ms. */
const PAUSE = 250;

const LINE_FEED = 10;

/** Runs the command until it ends or `group` is stopped. Takes from `answers` those that it has typed. Rejects where it cannot be started. */
export async function runInTerminal(options: CommandOptions, group: CommandGroup, answers: string[]): Promise<CommandEnd> {
  const [file, args] = supervised(await findShell(options), options);
  const { spawn } = await import('@lydell/node-pty');
  const { cwd, env, limit } = options;
  // A type that asks for text only; null is for bytes.
  const terminal = spawn(file, args, { name: 'xterm-256color', cols: COLUMNS, rows: ROWS, cwd, env, encoding: null });
  group.begin(terminal.pid);
  const typist = new Typist(terminal, answers, scrollbackOf(limit));
  let bytes = 0;
  let lines = 0;
  terminal.onData((data: unknown) => {
    const chunk = data as Buffer;
    const taken = chunk.subarray(0, limit - bytes);
    bytes += taken.length;
    for (const byte of taken) if (byte === LINE_FEED) lines += 1;
    typist.write(taken);
    if (taken.length < chunk.length) group.stop({ cause: 'output' });
    else if (lines > MOST_LINES) group.stop({ cause: 'lines' });
  });
  const { exitCode, signal = 0 } = await new Promise<{ exitCode: number; signal?: number }>((resolve) => terminal.onExit(resolve));
  group.leaderEnded();
  const { screen } = typist;
  typist.end();
  await screen.settled();
  return { output: screen.text(), exitCode: signal > 0 ? exitCodeOfSignal(signal) : exitCode, prompt: screen.prompt() };
}

/** Rows that hold all that may be printed: each line has one, and more where it is wider than the screen. */
function scrollbackOf(limit: number): number {
  return MOST_LINES + Math.ceil(limit / COLUMNS);
}

/** Sees when the program waits for an answer, and types the next one. */
class Typist {
  readonly screen: TerminalScreen;
  readonly #terminal: IPty;
  readonly #answers: string[];
  /** When something was last printed, answered by the terminal, or typed. */
  #lastSign = performance.now();
  #signs = 0;
  /** Something was printed since the last answer. */
  #isFresh = false;
  /** Who was reading when the terminal last replied to a question of the program's, such as where the cursor is; null: it has not since the last answer. */
  #asleepAtReply: string | null = null;
  #isEnded = false;

  constructor(terminal: IPty, answers: string[], scrollback: number) {
    this.#terminal = terminal;
    this.#answers = answers;
    this.screen = new TerminalScreen(scrollback, (reply) => this.#reply(reply));
    void this.#typeAll();
  }

  write(bytes: Uint8Array): void {
    this.#isFresh = true;
    this.#sign();
    this.screen.write(bytes);
  }

  end(): void {
    this.#isEnded = true;
  }

  #reply(text: string): void {
    this.#asleepAtReply = readersOf(this.#terminal.pid).asleep;
    this.#send(text);
  }

  #send(text: string): void {
    this.#sign();
    if (!this.#isEnded) this.#terminal.write(text);
  }

  #sign(): void {
    this.#signs += 1;
    this.#lastSign = performance.now();
  }

  async #typeAll(): Promise<void> {
    let looks = 0;
    while (this.#answers.length > 0 && !this.#isEnded) {
      const signs = this.#signs;
      await delay(EVERY);
      await this.screen.settled();
      looks = signs === this.#signs && !this.#isEnded && this.#isAsked() ? looks + 1 : 0;
      if (looks < LOOKS) continue;
      looks = 0;
      this.#isFresh = false;
      this.#asleepAtReply = null;
      this.#send(`${this.#answers.shift()}\r`);
    }
  }

  /**
   * Nothing has happened for a moment. The prompt is whole where the terminal is being read and something was printed since the last answer. Without the one
   * (a program that waits for several things at once; a system that does not tell) or the other (`read -s`) nothing must happen for longer, the former with a
   * line on the screen that looks like a prompt. A program that has not read the terminal's reply yet would read the answer with it, and lose it.
   */
  #isAsked(): boolean {
    const { reading, asleep } = readersOf(this.#terminal.pid);
    if (reading === 'no') return false;
    if (reading === 'yes' && this.#isFresh && asleep !== this.#asleepAtReply) return true;
    return performance.now() - this.#lastSign >= PAUSE && (reading === 'yes' || (this.#isFresh && this.screen.prompt() !== null));
  }
}
