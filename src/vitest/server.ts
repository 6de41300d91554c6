/** The `server` of a suite → what its lessons run on. */
import { ProblemError, problem } from '../errors.ts';
import { type Access, accessOf, completeFrom } from '../workbook/own-server.ts';
import type { ServerChoice } from '../workbook/programs.ts';
import { LOCAL, readServerChoice, WHAT_A_SERVER_IS } from '../workbook/server-choice.ts';

/** What lets us into a server of one's own is in the variables of the `nats` CLI. Rejects with a ProblemError. */
export async function openServerChoice(text: string, env: NodeJS.ProcessEnv): Promise<{ server: ServerChoice; own: Access | null }> {
  const choice = readServerChoice(text);
  if (choice === null) throw new ProblemError(problem('usage', `there is no server "${text}"`, WHAT_A_SERVER_IS));
  if (choice !== 'own') return { server: choice, own: null };
  const nobody = { context: null, user: null, password: null, token: null, creds: null, nkey: null };
  const nothing = { tlscert: null, tlskey: null, tlsca: null, timeout: null, domain: null };
  return { server: LOCAL, own: await accessOf(await completeFrom(env, { url: text, ...nobody, ...nothing })) };
}
