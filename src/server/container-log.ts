/** A container → the lines of its log so far, which go with it. */
import { plainLine } from './child.ts';
import type { Dockerode } from './docker-engine.ts';

/** Empty where it is gone. */
export async function logOf(dockerode: Dockerode, id: string): Promise<string[]> {
  const frames = await dockerode
    .getContainer(id)
    .logs({ stdout: true, stderr: true })
    .catch(() => Buffer.alloc(0));
  let text = '';
  // Each begins with eight bytes, of which the last four are its length.
  for (let at = 0; at + 8 <= frames.length; ) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    text += frames.toString('utf8', at + 8, end);
    at = end;
  }
  return linesOf(text);
}

export function linesOf(text: string): string[] {
  return text.split('\n').map(plainLine);
}
