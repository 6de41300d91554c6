/** What was written of a server, as `--server` takes it → what the lessons run on. */
import { ProblemError, problem } from '../errors.ts';
import { type Access, accessOf, completeFrom } from './own-server.ts';
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

/** For a run of which nothing else is said: what lets us into a server of one's own is in the variables of the `nats` CLI. Rejects with a ProblemError. */
export async function openServerChoice(text: string, env: NodeJS.ProcessEnv): Promise<{ server: ServerChoice; own: Access | null }> {
  const choice = readServerChoice(text);
  if (choice === null) throw new ProblemError(problem('usage', `there is no server "${text}"`, WHAT_A_SERVER_IS));
  if (choice !== 'own') return { server: choice, own: null };
  const nobody = { context: null, user: null, password: null, token: null, creds: null, nkey: null };
  const nothing = { tlscert: null, tlskey: null, tlsca: null, timeout: null, domain: null };
  return { server: LOCAL, own: await accessOf(await completeFrom(env, { url: text, ...nobody, ...nothing })) };
}
