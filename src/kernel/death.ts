/** How a kernel's process ended, and what it said last → why it is no more, in the terms of a step. */
import { CHANNEL_CLOSED, type ErrorReport } from './protocol.ts';

/** Why a process is no more. */
export type Death =
  | { cause: 'timeout' | 'memory' | 'output' | 'line' | 'ended' }
  | { cause: 'rejection' | 'exception' | 'closed-output'; error: ErrorReport }
  | { cause: 'exit'; code: number }
  | { cause: 'signal'; signal: string }
  | { cause: 'start'; message: string };

/** What V8 and Node say themselves when the process is aborted: V8 where its heap is full, Node where the step called `process.abort()`. */
const HEAP_DUMP = /\n?<--- Last few GCs --->/;
const ABORT_DUMP = /\n?----- Native stack trace -----/;

export function deathOf(code: number | null, signal: string | null): Death {
  if (signal !== null) return { cause: 'signal', signal };
  return code === CHANNEL_CLOSED ? { cause: 'line' } : { cause: 'exit', code: code ?? 0 };
}

/** `output` comes back without what the engine said at its abort. `isReady`: the process had got as far as taking steps. */
export function readLastWords(death: Death, output: string, isReady: boolean): { death: Death; output: string } {
  const isAbort = death.cause === 'signal' && death.signal === 'SIGABRT';
  const isHeapFull = isAbort && HEAP_DUMP.test(output);
  const printed = isAbort ? (output.split(isHeapFull ? HEAP_DUMP : ABORT_DUMP, 1)[0] ?? '') : output;
  if (isHeapFull) return { death: { cause: 'memory' }, output: printed };
  return { death: isReady ? death : { cause: 'start', message: startMessage(death, printed) }, output: printed };
}

function startMessage(death: Death, output: string): string {
  if (death.cause === 'start') return death.message;
  return (
    output
      .trim()
      .split('\n')
      .find((line) => /error/i.test(line)) ?? 'it ended at once'
  );
}
