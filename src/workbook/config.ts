/** A lesson's `config` → the file that its servers include, and what is wrong with it at the place where the page names it. */
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pageProblem } from '../errors.ts';
import type { Lesson, Place, Problem } from '../types.ts';
import type { LoadedLesson } from './load.ts';

export interface ServerConfig {
  /** Absolute. */
  path: string;
  /** As the page writes it. */
  name: string;
  /** Where the page names it. */
  file: string;
  place: Place;
}

/** What the private servers of a lesson must be like, the twin's too. */
export interface ServerNeeds {
  config: ServerConfig | null;
  /** More than one: that many, in a cluster. */
  servers: number;
}

/** Of a lesson that says neither, those of the one in whose final state it starts. */
export function serverNeeds(loaded: LoadedLesson): ServerNeeds {
  return { config: configOf(loaded), servers: serversOf(loaded) };
}

function serversOf({ lesson, after }: LoadedLesson): number {
  return lesson.settings.cluster ?? (after === null || after === 'invalid' ? 1 : serversOf(after));
}

/** Null: the page names none. */
export function configOfPage({ settings, settingPlaces, file }: Lesson, path: string): ServerConfig | null {
  if (settings.config === null) return null;
  return { path: join(dirname(path), settings.config), name: settings.config, file, place: settingPlaces.get('config') ?? { line: 1, column: 1 } };
}

/** Of a lesson that names none, that of the one in whose final state it starts: its accounts hold that state. */
export function configOf({ lesson, path, after }: LoadedLesson): ServerConfig | null {
  return configOfPage(lesson, path) ?? (after === null || after === 'invalid' ? null : configOf(after));
}

export function configProblem({ file, place }: ServerConfig, message: string, advice: string): Problem {
  return pageProblem('config', file, place, message, advice);
}

/** What can be known without a server. */
export function checkConfig(config: ServerConfig | null): Problem[] {
  if (config === null || isFile(config.path)) return [];
  return [
    configProblem(
      config,
      `there is no file ${config.name} beside this page`,
      'Give the name of a nats-server configuration file, from the folder of the page.',
    ),
  ];
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Not there, not to be reached, or no name that a file can have.
    return false;
  }
}
