/** A lesson's file → a kernel that runs its steps in a Node process of its own. */
import { pathToFileURL } from 'node:url';
import type { Execution, Kernel, LateFault, LinkedStep, Stop, Thrown } from '../types.ts';
import { FIXED_ENV } from './child.ts';
import { moduleSource } from './link.ts';
import type { OwnConnection } from './own-connection.ts';
import type { HostProcess, Limits, OwnListener } from './parent.ts';
import { type ErrorReport, type LateReport, stepUrl } from './protocol.ts';
import { LIMITS, startHost } from './start.ts';
import { placeOf, type StopContext, stopOfBroken, stopOfDeath, stopOfFailure, stopOfFault } from './stops.ts';
import { strip } from './strip.ts';

export type { Limits } from './parent.ts';

export interface ProcessKernelOptions {
  /** Absolute. Its folder is where steps run and import from; it need not be there itself. */
  lessonFile: string;
  /** What steps find in `process.env` beside the runner's own: NATS_URL, NATS_STORE_DIR. Asked for before each step, for the kernel starts before the server is up. */
  env: () => Record<string, string>;
  /** An argument that the process has beside its own, so that it can be found by its command line. */
  mark: string;
  onStart?: (pid: number) => void;
  /** It is gone, and its id may soon be another's. */
  onEnd?: (pid: number) => void;
  /** 512 MiB of memory and 1 MiB of output where not given. */
  limits?: Partial<Limits>;
  /** Packages that steps import, to be loaded while the server starts. */
  preload?: readonly string[];
  /** Its process, where that was started before it was known what its steps need. */
  host?: HostProcess;
  /** Some step has types: what strips them is made ready while the server starts. True where not given. */
  types?: boolean;
  /** Types are stripped in the runner, which has many kernels, and not in each of them. */
  stripsHere?: boolean;
  /** What lets the page into a server of one's own. Left out: the server is private. */
  own?: OwnConnection;
  /** Is told what the page does there. */
  onOwn?: OwnListener;
}

/** Milliseconds for what a lesson's last step left running. */
const DRAIN = 1000;

/** What `collect` may take where no step has run yet, in milliseconds. */
const COLLECT_TIMEOUT = 10_000;

/** Starts the process at once, so that it costs little beside the server's start. Never throws: what fails is in the executions. */
export function startProcessKernel(options: ProcessKernelOptions): Kernel {
  const limits = { ...LIMITS, ...options.limits };
  const { lessonFile, mark, preload = [], stripsHere = false, own = null } = options;
  const types = !stripsHere && (options.types ?? true);
  const lessonUrl = pathToFileURL(lessonFile).href;
  const host = options.host ?? startHost({ ...options, lessonFile, preload, types, mark, own });
  options.host?.prepare({ preload, types });
  const steps = new Map<string, LinkedStep>();
  const urls = new Map<number, string>();
  const runs = new Map<number, number>();
  const stepAt = (url: string) => steps.get(url);
  let timeout = COLLECT_TIMEOUT;
  let lastIndex = -1;
  const context = (): StopContext => ({ limits, timeout, stepAt });

  /** A step run once more is a module of its own, and later steps get its names from there. */
  const register = (step: LinkedStep): string => {
    const before = runs.get(step.index) ?? 0;
    const url = stepUrl(lessonUrl, step.index, before);
    runs.set(step.index, before + 1);
    steps.set(url, step);
    urls.set(step.index, url);
    return url;
  };

  return {
    async run(step, onOutput) {
      if (step.broken !== null) return executionOf({ stopped: stopOfBroken(step, step.broken) });
      const missing = [...step.imports].find(([, index]) => !urls.has(index));
      if (missing !== undefined) return executionOf({ stopped: notRunYet(missing[0]) });
      const source = moduleSource(step, (index) => urls.get(index) ?? '');
      const url = register(step);
      timeout = step.timeout;
      const env = { ...FIXED_ENV, ...options.env() };
      const stripped = step.typed && stripsHere ? strip(source.tail, url) : null;
      const language = step.typed && stripped === null ? 'ts' : 'js';
      const { output, duration, failure, late, death } = await host.request(
        { type: 'run', index: step.index, url, language, source: stripped === null ? source : { ...source, tail: stripped }, env },
        step.timeout,
        onOutput,
      );
      lastIndex = step.index;
      const done = { output, duration, late: late.map((one) => faultOf(one, stepAt)) };
      if (death !== null) return executionOf({ ...done, stopped: stopOfDeath(death, context()), kernelLost: true });
      if (failure === null) return executionOf(done);
      if (failure.phase === 'run') return executionOf({ ...done, thrown: thrownOf(step, failure.error, stepAt) });
      return executionOf({ ...done, stopped: stopOfFailure(step, failure) });
    },
    async collect({ drain }) {
      const { output, late, death } = await host.request({ type: 'collect', wait: drain ? DRAIN : 0 }, timeout + DRAIN);
      const faults = late.map((one) => faultOf(one, stepAt));
      const own = faults.find(({ index }) => index === lastIndex)?.stop ?? null;
      const stopped = death === null ? own : stopOfDeath(death, context());
      return { output, stopped, kernelLost: death !== null, late: faults.filter(({ index }) => index !== lastIndex) };
    },
    end: () => host.end(),
  };
}

function executionOf(part: Partial<Execution>): Execution {
  return { output: '', thrown: null, stopped: null, kernelLost: false, late: [], duration: 0, ...part };
}

function thrownOf({ onlyThrow }: LinkedStep, error: ErrorReport, stepAt: StopContext['stepAt']): Thrown {
  const { name, message, code } = error;
  return { name, message, code, place: placeOf(error, stepAt) ?? onlyThrow };
}

function faultOf({ index, kind, error }: LateReport, stepAt: StopContext['stepAt']): LateFault {
  return { index, stop: stopOfFault(kind, error, stepAt) };
}

function notRunYet(name: string): Stop {
  return { reason: 'link', message: `uses \`${name}\` of a step that has not run; run that one first`, error: null, place: null };
}
