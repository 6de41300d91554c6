/** Replies → descriptor 3, behind a token that no step knows, and marks on the output that say where a request ends. */
import { writeAll } from './host-output.ts';
import { CHANNEL_CLOSED, type Failure, type HostReply, type MarkEnd, markOf } from './protocol.ts';

export const CONTROL = 3;
const OUTPUT = 1;

const { reallyExit } = process as unknown as { reallyExit(code: number): never };

let token = '';
/** Something was said since the last answer: the runner must not take the mark, which goes another way, for all there is. */
let hasSaid = false;

export function isOpen(): boolean {
  return token !== '';
}

export function open(secret: string): void {
  token = secret;
}

/** Where a step has closed the channel, the process ends and its exit code says so. */
export function send(reply: HostReply): void {
  hasSaid = true;
  try {
    // The line end before it keeps it apart from whatever a step may have written there.
    writeAll(CONTROL, Buffer.from(`\n${token} ${JSON.stringify(reply)}\n`));
  } catch {
    reallyExit(CHANNEL_CLOSED);
  }
}

/** Mostly with the mark alone, for each write wakes the runner. Throws where a step has closed the output. */
export function sendAnswer(id: number, failure: Failure | null): void {
  const isAll = failure === null && !hasSaid;
  const end: MarkEnd = isAll ? '.' : '+';
  writeAll(OUTPUT, Buffer.from(markOf(token, id) + end));
  if (!isAll) send({ type: 'done', id, failure });
  hasSaid = false;
}
