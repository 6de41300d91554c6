/** The pages as they are now, with all that decides what their lessons do → whether it is still what it was. */
import { dependenciesOf } from '../workbook/depends.ts';
import type { Current } from '../workbook/standing.ts';
import { type Asked, type Prepared, prepare } from './prepare.ts';

export interface Look {
  prepared: Prepared;
  /** One a plan. */
  current: Current[];
}

export async function look(asked: Asked, folder: string): Promise<Look> {
  const prepared = await prepare(asked, folder);
  const current = prepared.plans.map(async (plan) => ({ plan, dependencies: await dependenciesOf(plan.loaded) }));
  return { prepared, current: await Promise.all(current) };
}

/** Prose is looked at, too: lines move with it. */
export function sameLook(one: Look, other: Look): boolean {
  return textOf(one) === textOf(other);
}

/** Absolute paths of pages, and of files that they go by, that are not the same in both. */
export function changedFiles(one: Look, other: Look): string[] {
  const [before, after] = [filesOf(one), filesOf(other)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
}

/** Absolute path → what stands in it, or a digest of that; of a page that is invalid the empty text. */
export function filesOf({ prepared: { pages }, current }: Look): Map<string, string> {
  const lessons = current.flatMap(({ plan: { loaded }, dependencies }): [string, string][] => [...dependencies, [loaded.path, loaded.text]]);
  return new Map([...pages.map(({ path }): [string, string] => [path, '']), ...lessons]);
}

function textOf({ prepared: { configuration, pages, problems }, current }: Look): string {
  const lessons = current.map(({ plan, dependencies }) => [plan.loaded.path, plan.loaded.text, [...dependencies].sort()]);
  return JSON.stringify([configuration, pages, problems, lessons]);
}
