/** `lockerroom doctor`: this machine → what is here, what is missing and what to do, and whether lessons can be run. */
import { EXIT } from '../errors.ts';
import { type Colors, createColors } from '../report/colors.ts';
import { writeJson } from '../report/json.ts';
import { printable } from '../report/printable.ts';
import { type Check, type Diagnosis, diagnose } from '../server/doctor.ts';
import type { DoctorArguments } from './doctor-arguments.ts';
import { NODE_RANGE } from './manifest.ts';
import type { RunContext } from './run-command.ts';
import { sinkOf } from './sinks.ts';

const NAME_WIDTH = 14;

/** Answers with the exit code: 0 where lessons can be run, else 3. */
export async function doctorCommand({ reporters }: DoctorArguments, { streams, signal }: Pick<RunContext, 'streams' | 'signal'>): Promise<number> {
  const sinks = reporters.map((spec) => ({ name: spec.name, sink: sinkOf(spec, streams) }));
  const node = { version: process.versions.node, path: process.execPath, range: NODE_RANGE };
  const diagnosis = await diagnose({ env: process.env, node, signal }).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (diagnosis === null) return EXIT.interrupted;
  for (const { name, sink } of sinks) {
    if (name === 'json') writeJson(sink, diagnosis);
    else sink.write(describe(diagnosis, createColors(sink.colors)));
  }
  return diagnosis.ok ? EXIT.passed : EXIT.environment;
}

function describe({ ok, checks }: Diagnosis, colors: Colors): string {
  const verdict = ok ? colors.green('Lessons can be run.') : colors.red('Lessons cannot be run here yet.');
  return `${[...checks.flatMap((check) => describeCheck(check, colors)), '', verdict].join('\n')}\n`;
}

function describeCheck({ name, status, version, path, detail, advice }: Check, colors: Colors): string[] {
  const paint = status === 'ok' ? colors.green : colors.yellow;
  const state = printable(status === 'ok' ? (version ?? 'ok') : status);
  const first = [name.padEnd(NAME_WIDTH), path === null ? paint(state) : paint(state.padEnd(12)), printable(path ?? '')].join('  ').trimEnd();
  const details = detail === null ? [] : printable(detail).split('\n').map(colors.dim);
  const below = [...details, ...(advice === null ? [] : [`→ ${printable(advice)}`])];
  return [first, ...below.map((line) => `${' '.repeat(NAME_WIDTH + 2)}${line}`)];
}
