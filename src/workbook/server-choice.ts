/** What was written of a server, as `--server` takes it → what the lessons run on. */
import type { ServerChoice } from './programs.ts';

export const LOCAL: ServerChoice = { kind: 'local' };

export const WHAT_A_SERVER_IS = 'It is auto, local, docker[:TAG], or the address of your own server as nats://HOST:PORT.';

/** `own`: the text is the address of a server of one's own. Null: it is nothing that there is. */
export function readServerChoice(text: string): ServerChoice | 'own' | null {
  if (text === 'auto' || text === 'local') return LOCAL;
  if (text === 'docker') return { kind: 'docker', tag: null };
  // What Docker takes for a tag.
  const tag = /^docker:([A-Za-z0-9_][\w.-]{0,127})$/.exec(text)?.[1];
  if (tag !== undefined) return { kind: 'docker', tag };
  return /^(?:nats|tls):\/\//.test(text) ? 'own' : null;
}
