/** The `lockerroom` part of a project's package.json → which pages are lessons and how they are read (design §4). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { validRange } from 'semver';
import { nearMiss } from '../document/near-miss.ts';
import { problem } from '../errors.ts';
import type { Problem } from '../types.ts';

export interface Configuration {
  /** Globs, relative to the project; null: `lessons/`. */
  lessons: string[] | null;
  exclude: string[];
  steps: 'all' | 'marked';
  /** A semver range for lessons that give none. */
  server: string | null;
}

const NAMES = ['lessons', 'exclude', 'steps', 'server'] as const;

/** Reads package.json in `folder`, where there is one. What is wrong with it is said, and passed over. */
export async function readConfiguration(folder: string): Promise<{ configuration: Configuration; problems: Problem[] }> {
  const configuration: Configuration = { lessons: null, exclude: [], steps: 'all', server: null };
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
  if (text === null) return { configuration, problems: [] };
  let found: unknown;
  try {
    found = (JSON.parse(text) as { lockerroom?: unknown } | null)?.lockerroom;
  } catch {
    return { configuration, problems: [wrong('is not JSON', 'npm itself cannot read it either')] };
  }
  if (found === undefined) return { configuration, problems: [] };
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    return { configuration, problems: [wrong('"lockerroom" must be an object', expectedNames())] };
  const problems = Object.entries(found).flatMap(([name, value]) => readOne(configuration, name, value) ?? []);
  return { configuration, problems };
}

function readOne(configuration: Configuration, name: string, value: unknown): Problem | null {
  switch (name) {
    case 'lessons':
    case 'exclude':
      if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
        return wrong(`"lockerroom.${name}" must be a list of globs`, 'for example ["docs/**/*.md"]');
      configuration[name] = value;
      return null;
    case 'steps':
      if (value !== 'marked') return wrong('"lockerroom.steps" can only be "marked"', 'leave it out where every ts fence is a step');
      configuration.steps = value;
      return null;
    case 'server':
      if (typeof value !== 'string' || validRange(value) === null) return wrong('"lockerroom.server" must be a semver range', 'for example ">=2.11"');
      configuration.server = value;
      return null;
    default: {
      const meant = nearMiss(name, NAMES);
      return wrong(`"lockerroom" has no "${name}"`, meant === null ? expectedNames() : `did you mean "${meant}"?`);
    }
  }
}

function expectedNames(): string {
  return `it may have ${NAMES.map((name) => `"${name}"`).join(', ')}`;
}

function wrong(message: string, advice: string): Problem {
  return problem('configuration', message, advice, 'package.json');
}
