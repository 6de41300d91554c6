/** A lesson, and the server that is here → why it is not run on it. */
import { satisfies } from 'semver';
import type { Plan } from '../run.ts';
import type { LessonPlan } from './plan.ts';

export const AFTER_INVALID = 'starts where an invalid lesson ends';

/** Why a lesson is not run on a server of this version, a private one here or `own`, which is elsewhere (with a `source`, in a container); the end of a sentence that begins with the lesson. Null: it is run. */
export function reasonToSkip({ plan, invalidAfter }: LessonPlan, version: string, own: { servers: number; source?: string } | null = null): string | null {
  if (invalidAfter) return AFTER_INVALID;
  for (let one: Plan | null = plan; one !== null; one = one.after) {
    const { file, settings } = one.lesson;
    const who = one === plan ? '' : `starts where ${file} ends, which `;
    if (settings.server !== null && !isIn(version, settings.server)) return `${who}needs nats-server ${settings.server}, and this is ${version}`;
    if (settings.cluster !== null && own !== null && own.servers < settings.cluster) return `${who}needs ${settings.cluster} servers, and ${known(own)}`;
    if (own?.source !== undefined && settings.private) return `${who}needs a private local server, and this one is ${own.source}`;
    if (own !== null && settings.config !== null) return `${who}needs a private server, with the configuration ${settings.config}`;
    if (own !== null && settings.private) return `${who}needs a private server, and this one is your own`;
  }
  return null;
}

function known({ servers, source }: { servers: number; source?: string }): string {
  if (source !== undefined) return `this is one (${source})`;
  return `of yours ${servers === 1 ? 'one is' : `${servers} are`} known: name them all, with commas between`;
}

/** The range that keeps a lesson from a server of this version, its own or that of a lesson that it comes after; null where none does. */
export function unmetRange({ plan }: LessonPlan, version: string): string | null {
  for (let one: Plan | null = plan; one !== null; one = one.after) {
    const { server } = one.lesson.settings;
    if (server !== null && !isIn(version, server)) return server;
  }
  return null;
}

/** Pre-releases of a version count as that version: 2.12.0-RC.1 has what 2.12 has. */
function isIn(version: string, range: string): boolean {
  return satisfies(version, range, { includePrerelease: true });
}
