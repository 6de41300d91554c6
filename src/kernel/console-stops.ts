/** Why a command was stopped → why the step could not be judged, in one sentence that says what to do. */
import { formatDuration } from '../document/duration.ts';
import type { Place, Stop } from '../types.ts';
import type { CommandEnd } from './console-command.ts';
import type { CommandCause } from './console-group.ts';

export interface CommandStopContext {
  /** The command's line. */
  place: Place;
  /** Milliseconds that the fence had. */
  timeout: number;
  /** Bytes that a command may print. */
  limit: number;
  /** The answers that were not typed yet; null where there is no terminal. */
  answers: string[] | null;
  end: CommandEnd | null;
}

/** Lines that a command may print on a terminal. */
export const MOST_LINES = 20_000;

/** Longer prompts are cut off. */
const SHOWN = 100;

export function stopOfCommand(cause: CommandCause, context: CommandStopContext): Stop {
  return { ...reasonOf(cause, context), error: null, place: context.place };
}

function reasonOf(cause: CommandCause, context: CommandStopContext): Pick<Stop, 'reason' | 'message'> {
  switch (cause.cause) {
    case 'timeout':
      return { reason: 'timeout', message: timeoutSentence(context) };
    case 'output':
      return { reason: 'output', message: `printed more than ${size(context.limit)} and was stopped; print less, or end what prints` };
    case 'lines':
      return { reason: 'output', message: `printed more than ${MOST_LINES} lines on its terminal and was stopped; print less, or end what prints` };
    case 'ended':
      return { reason: 'kernel', message: 'was ended, because the run was' };
    case 'start':
      return { reason: 'kernel', message: `could not be run: ${cause.message}` };
    case 'answers': {
      const code = context.end?.exitCode ?? 0;
      return {
        reason: 'exit',
        message: `ended${code === 0 ? '' : ` with exit code ${code}`} and did not ask for ${named(cause.left)}; leave out of answers= what no prompt asks for`,
      };
    }
  }
}

function timeoutSentence({ timeout, answers, end }: CommandStopContext): string {
  const ran = `ran longer than its time limit of ${formatDuration(timeout)} and was stopped`;
  const prompt = end?.prompt ?? null;
  if (answers !== null && answers.length > 0) return `${ran}, before it asked for ${named(answers)}; see what it waits for, or give the step a longer timeout=`;
  if (prompt !== null) return `${ran}, waiting at \`${shorten(prompt)}\`; give the answer to that prompt in answers=`;
  return `${ran}; end what it waits for, or give the step a longer timeout=`;
}

function named(answers: string[]): string {
  return `the ${answers.length === 1 ? 'answer' : 'answers'} ${answers.map((answer) => `\`${shorten(answer)}\``).join(', ')}`;
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}…` : text;
}

function size(bytes: number): string {
  return bytes >= 2 ** 20 ? `${Math.floor(bytes / 2 ** 20)} MiB` : `${bytes} bytes`;
}
