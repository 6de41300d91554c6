/** What the commands have in common on the command line: how a command is declared, and options whose values are checked as they are read. */
import { Command, InvalidArgumentError } from 'commander';
import type { Problem } from '../types.ts';
import type { TwinMode } from '../workbook/programs.ts';
import type { RunContext } from './run-command.ts';

/** Does what was asked for, and answers with the exit code. Rejects with a ProblemError where nothing could be begun, and for defects of ours. */
export type Perform = (context: RunContext) => Promise<number>;

/** One command of the program. A file of its own declares it, and loads what it needs only when it is performed. */
export interface CommandSpec {
  name: string;
  /** `choose` is called when the command was given. */
  declare: (command: Command, choose: (perform: Perform) => void) => void;
  /** What `--reporter json` prints where the command could not even begin: scripts read it for every exit code. */
  failed?: (problem: Problem, version: string) => unknown;
}

export interface ReporterSpec {
  name: ReporterName;
  /** Null: standard output. */
  file: string | null;
}

export const REPORTER_NAMES = ['terminal', 'json', 'junit', 'github'] as const;
export type ReporterName = (typeof REPORTER_NAMES)[number];

export class NotBuilt extends Error {}

export function notBuilt(what: string): never {
  throw new NotBuilt(`${what} is not built yet`);
}

/** A command that never writes or exits by itself: what it would print is pushed to `printed`. */
export function newCommand(name: string, printed: string[]): Command {
  return new Command(name)
    .exitOverride()
    .configureOutput({ writeOut: (text) => printed.push(text), writeErr: () => {} })
    .allowExcessArguments(false);
}

/** Declares `--reporter` with the reporters that the command has; its values are for `reportersOf`. */
export function reporterOption(command: Command, names: readonly ReporterName[] = ['terminal', 'json']): Command {
  const collect = (value: string, before: ReporterSpec[]) => collectReporter(value, before, names);
  return command.option('--reporter <name[:file]>', `${inWords(names, 'or')}; may be given several times`, collect, []);
}

export function reportersOf(given: ReporterSpec[]): ReporterSpec[] {
  return given.length === 0 ? [{ name: 'terminal', file: null }] : given;
}

function collectReporter(value: string, before: ReporterSpec[], names: readonly ReporterName[]): ReporterSpec[] {
  const [, name = '', file = null] = /^([^:]*)(?::(.*))?$/s.exec(value) ?? [];
  const known = names.find((one) => one === name);
  if (known === undefined) throw new InvalidArgumentError(`The reporters are ${inWords(names, 'and')}.`);
  if (file === '') throw new InvalidArgumentError('Give a file behind the colon.');
  const same = before.filter((one) => one.file === file);
  if (file === null && !same.every((one) => sharesOutput(one.name, known)))
    throw new InvalidArgumentError(`Two reporters cannot both write to standard output; give one a file, as in ${known}:report.${EXTENSIONS[known]}.`);
  if (file !== null && same.length > 0) throw new InvalidArgumentError(`Two reporters cannot both write to ${file}.`);
  return [...before, { name: known, file }];
}

const EXTENSIONS: Record<ReporterName, string> = { terminal: 'txt', json: 'json', junit: 'xml', github: 'txt' };

/** The commands for GitHub are lines of a log, so what is for people can stand above them. */
function sharesOutput(one: ReporterName, other: ReporterName): boolean {
  return (one === 'terminal' && other === 'github') || (one === 'github' && other === 'terminal');
}

function inWords(names: readonly string[], word: string): string {
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || !Number.isSafeInteger(number)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return number;
}

export function twinMode(value: string): TwinMode {
  if (value === 'auto' || value === 'require' || value === 'off') return value;
  throw new InvalidArgumentError('It is auto, require or off.');
}
