/** A step's `console` fences → what they came to on the twin: what was printed, how they exited, and what the twin then holds. */

import { composeDeltas } from './document/delta.ts';
import type { Captures } from './document/matchers.ts';
import { pauseAfter } from './document/still.ts';
import { befall, recover } from './faults.ts';
import { judgeConsole } from './judge/console.ts';
import { judgeTwin } from './judge/judge.ts';
import type { CommandExecution, ConsoleExpectation, Expectation, ExpectedState, Mismatch, Step, Stop, TwinSite } from './types.ts';

export interface TwinCase {
  step: Step;
  /** What the page says before and after the step. */
  before: ExpectedState;
  after: ExpectedState;
  captures: Captures;
  /** All that was found wrong with the state so far, on the first server, this step included. */
  known: Mismatch[];
  /** What of that is this step's: the same thing on the twin is not said again. */
  own: Mismatch[];
  /** Every fence is run, also where an earlier one, or the step, differs: to know what they come to. What is reported is the same. */
  all: boolean;
}

export interface TwinVerdict {
  mismatches: Mismatch[];
  /** Where a command had to be stopped, or the twin was lost. */
  stop: Stop | null;
  /** How many fences ran. */
  ran: number;
  executions: Map<ConsoleExpectation, CommandExecution[]>;
}

/** Before a step's code runs: a plain fence does what the step does, from the state before it. */
export async function prepareTwin(twin: TwinSite, step: Step): Promise<null> {
  if (step.expectation.consoles.some(({ look }) => !look)) await twin.bring();
  return null;
}

/** After a step's code has run. `look` fences run last, when the twin holds what the step did. Rejects where the twin is lost. */
export async function runTwin(twin: TwinSite, given: TwinCase): Promise<TwinVerdict> {
  const { fault, expectation } = given.step;
  const { consoles, state } = expectation;
  const plain = consoles.filter(({ look }) => !look);
  const looks = consoles.filter(({ look }) => look);
  const verdict: TwinVerdict = { mismatches: [], stop: null, ran: 0, executions: new Map() };
  if (plain.length > 0) await runFences(twin, plain, { ...given, expectation: state }, verdict);
  if (looks.length === 0 || !goesOn(verdict, given)) return verdict;
  // What the step did has been done when they look, and what befell its server is over.
  if (fault !== null && plain.length === 0) await befall(twin, 'restart-server');
  await twin.bring();
  await runFences(twin, looks, { ...given, before: given.after, expectation: null }, verdict);
  return verdict;
}

/** Runs the fences one after the other until something is not as the page says, then looks at what the twin holds. */
async function runFences(
  twin: TwinSite,
  fences: ConsoleExpectation[],
  given: TwinCase & { expectation: Expectation['state'] },
  verdict: TwinVerdict,
): Promise<void> {
  const fault = fences.some(({ look }) => look) ? null : given.step.fault;
  await befall(twin, fault);
  await printFences(twin, fences, given, verdict);
  await recover(twin, fault);
  // What comes after a difference follows from it, and what the twin then holds too.
  if (!isFine(verdict)) return;
  const found = await judgeState(twin, given);
  verdict.mismatches.push(...found.filter((one) => !given.own.some(({ kind, path }) => kind === one.kind && path === one.path)));
  // After a difference on either side the twin is brought over before it is used again.
  if (found.length === 0 && given.own.length === 0) await twin.accept();
}

async function printFences(twin: TwinSite, fences: ConsoleExpectation[], given: TwinCase, verdict: TwinVerdict): Promise<void> {
  for (const fence of fences) {
    const executions = await twin.console.run(fence, given.step.timeout);
    verdict.ran += 1;
    verdict.stop = stopOf(fence, executions);
    verdict.executions.set(fence, executions);
    const mismatch = judgeConsole(fence, executions, given.captures);
    if (mismatch !== null && verdict.mismatches.length === 0) verdict.mismatches.push(mismatch);
    if (!goesOn(verdict, given)) return;
  }
}

/** With `within`, looks again until the state is as the page says or the time is up. */
async function judgeState({ observer }: TwinSite, given: TwinCase & { expectation: Expectation['state'] }): Promise<Mismatch[]> {
  const since = performance.now();
  for (let delta = await observer.read(); ; delta = composeDeltas(delta, await observer.read())) {
    const found = judgeTwin({ ...given, delta, state: observer.state });
    const waited = performance.now() - since;
    if (found.length === 0 || waited >= (given.expectation?.within ?? 0)) return found;
    await new Promise((resolve) => setTimeout(resolve, pauseAfter(waited)));
  }
}

function goesOn(verdict: TwinVerdict, { all }: TwinCase): boolean {
  return isFine(verdict) || (all && verdict.stop === null);
}

function isFine({ mismatches, stop }: TwinVerdict): boolean {
  return mismatches.length === 0 && stop === null;
}

/** A command that had to be stopped, at its `$` line. */
function stopOf({ commands }: ConsoleExpectation, executions: CommandExecution[]): Stop | null {
  const index = executions.findIndex(({ stopped }) => stopped !== null);
  const stop = executions[index]?.stopped ?? null;
  return stop && { ...stop, subject: 'command', place: commands[index]?.place ?? stop.place };
}
