/** A run on a server of one's own → the private server for console twins and starter code, of the same version where one is here; and the `nats` CLI. */
import { findServer, lookFor } from '../server/find.ts';
import { NATS_SERVER } from '../server/version.ts';
import type { LessonPlan } from './plan.ts';
import { countConsoles, type FindContext, findCli, type Programs, type TwinMode } from './programs.ts';

export interface OwnPrograms {
  /** Null where nothing needs it, or none is to be had. */
  server: Programs['server'] | null;
  nats: Programs['nats'];
}

/** Rejects with a ProblemError only where `--twin require` cannot be had, and with the signal's reason. */
export async function findOwnPrograms(plans: LessonPlan[], mode: TwinMode, version: string, context: FindContext): Promise<OwnPrograms> {
  const wantsTwin = mode !== 'off' && countConsoles(plans) > 0;
  const hasStarters = plans.some(({ plan }) => plan.steps.some((step) => step.starter !== null && plan.listed(step)));
  const nats = wantsTwin ? await findCli(mode, context) : '--twin off was given';
  const needsServer = typeof nats !== 'string' || hasStarters;
  if (!needsServer) return { server: null, nats };
  const same = await lookFor(NATS_SERVER, { range: version, signal: context.signal });
  try {
    return { server: same.found ?? (await findServer(context)), nats };
  } catch (error) {
    context.signal.throwIfAborted();
    if (mode === 'require') throw error;
    return { server: null, nats: typeof nats === 'string' ? nats : 'no local nats-server is to be had for them' };
  }
}
