/** What the plans need of this machine → the nats-server, and the `nats` CLI for their console fences or why these do not run. */
import { findNats, findServer, lookForNats } from '../server/find.ts';
import type { RunFolder } from '../server/run-folder.ts';
import type { Ahead } from './ahead.ts';
import type { LessonPlan } from './plan.ts';
import type { ServerProgram } from './private-server.ts';

/** `auto`: console fences run where the CLI is found. `require`: it is installed, or there is no run. */
export type TwinMode = 'auto' | 'require' | 'off';

/** `--server`: a process of this machine, or containers of the image `nats`; the tag null is that of the pinned version. And for `--matrix` a process of one version. */
export type ServerChoice = { kind: 'local' } | { kind: 'docker'; tag: string | null } | { kind: 'version'; obtain: () => Promise<ServerProgram> };

export interface Programs {
  server: ServerProgram;
  /** Why there is no console twin: the end of a sentence that begins with "the console fences do not run, because". */
  nats: { path: string; version: string } | string;
}

export interface FindContext {
  onProgress: (text: string) => void;
  signal: AbortSignal;
  /** Default: local. */
  server?: { choice: ServerChoice; folder: RunFolder; ahead?: Ahead | undefined };
}

/** Rejects with a ProblemError where what is needed is not to be had. */
export async function findPrograms(plans: LessonPlan[], mode: TwinMode, context: FindContext): Promise<Programs> {
  const nats = mode === 'off' || countConsoles(plans) === 0 ? '--twin off was given' : findCli(mode, context);
  const [server, cli] = await Promise.allSettled([findServerProgram(context), nats]);
  if (server.status === 'rejected') throw server.reason;
  if (cli.status === 'rejected') {
    await server.value.close?.();
    throw cli.reason;
  }
  return { server: server.value, nats: cli.value };
}

async function findServerProgram({ server, onProgress, signal }: FindContext): Promise<Programs['server']> {
  if (server?.choice.kind === 'version') return server.choice.obtain();
  if (server?.choice.kind !== 'docker') return findServer({ onProgress, signal });
  const ahead = server.ahead?.docker?.take(onProgress);
  if (ahead) return ahead;
  // Loaded only now: it brings Testcontainers.
  const { openDocker } = await import('../server/docker.ts');
  return openDocker({ tag: server.choice.tag, folder: server.folder, onProgress, signal });
}

/** The `nats` CLI, or why there is none. Rejects with a ProblemError where it is required and not to be had. */
export async function findCli(mode: TwinMode, context: FindContext): Promise<Programs['nats']> {
  if (mode === 'require') return findNats(context);
  return (await lookForNats(context)) ?? 'the `nats` CLI is not here (`--twin require` installs it)';
}

/** The console fences of the steps that are judged. */
export function countConsoles(plans: LessonPlan[]): number {
  const steps = plans.flatMap(({ plan }) => plan.steps.filter(plan.listed));
  return steps.reduce((sum, { step }) => sum + step.expectation.consoles.length, 0);
}

/** What runs the console fences of a lesson, or why nothing does. */
export function consolesOf(one: LessonPlan, nats: Programs['nats'] | undefined): Programs['nats'] {
  return countConsoles([one]) > 0 && nats !== undefined ? nats : 'the lesson has no console fence';
}

/** What the summary says of console fences that nobody ran; empty where all were. */
export function describeTwins(plans: LessonPlan[], nats: Programs['nats']): string[] {
  const count = countConsoles(plans);
  if (typeof nats !== 'string' || count === 0) return [];
  return [`${count} console ${count === 1 ? 'fence' : 'fences'} did not run, because ${nats}.`];
}
