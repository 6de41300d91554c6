/** Replies → descriptor 3, behind a token that no step knows, and marks on the output that say where a request ends. */
import { writeAll } from './host-output.ts';
import { type HostReply, markOf } from './protocol.ts';

export const CONTROL = 3;
const OUTPUT = 1;

let token = '';

export function isOpen(): boolean {
  return token !== '';
}

export function open(secret: string): void {
  token = secret;
}

export function send(reply: HostReply): void {
  // The line end before it keeps it apart from whatever a step may have written there.
  writeAll(CONTROL, Buffer.from(`\n${token} ${JSON.stringify(reply)}\n`));
}

/** Throws where a step has closed the output. */
export function markOutput(id: number): void {
  writeAll(OUTPUT, Buffer.from(markOf(token, id)));
}
