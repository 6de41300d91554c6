/** An account of a server of one's own, and what lessons need → whether they can run there, known before anything is touched. */
import type { NatsConnection } from '@nats-io/nats-core';
import { applyPatch, EMPTY_EXPECTED } from '../document/expected.ts';
import { ProblemError, problem } from '../errors.ts';
import { ask, CODE, JetStreamError } from '../state/api.ts';
import type { LessonReport, Problem } from '../types.ts';
import { messageOf } from './own-words.ts';
import type { LessonPlan } from './plan.ts';

/** The most streams that a lesson has at a time, as far as its page says. */
export interface StreamNeed {
  file: string;
  streams: number;
}

export interface AccountLimits {
  max_streams: number;
  max_storage: number;
  max_memory: number;
  max_bytes_required?: boolean;
}

interface AccountInfo {
  limits: AccountLimits;
  /** With limits by the number of copies, those above mean nothing. */
  tiers?: { R1?: { limits: AccountLimits } };
}

export interface UsableOptions {
  url: string;
  domain: string | null;
  need: StreamNeed;
}

/** A request that makes nothing: the answer is a refusal, or that the user may not even ask. */
const PROBES = [
  ['STREAM.LIST', {}],
  ['STREAM.INFO.#', {}],
  ['STREAM.CREATE.#', { name: 'another-name' }],
  ['STREAM.DELETE.#', {}],
] as const;

/** Rejects with a ProblemError that says why lessons cannot run there. Nothing is changed. */
export async function checkUsable(connection: NatsConnection, options: UsableOptions): Promise<void> {
  const { url, need } = options;
  const refuse = (message: string, advice: string) => new ProblemError(problem('server', message, advice));
  let info: AccountInfo;
  try {
    info = await ask<AccountInfo>(connection, 'INFO');
  } catch (error) {
    throw new ProblemError(unusable(options, error));
  }
  // A name that nobody has: the permission counts, for lessons make buckets of any name.
  const nobody = `lockerroom-${crypto.randomUUID()}`;
  for (const [operation, question] of PROBES) {
    await ask(connection, operation.replace('#', nobody), question).catch((error: unknown) => {
      if (!(error instanceof JetStreamError)) throw new ProblemError(unusable(options, error, operation.replace('#', '*')));
    });
  }
  const limits = info.tiers?.R1?.limits ?? info.limits;
  if (limits.max_storage === 0) throw refuse(`the account at ${url} may store nothing on disk (its limit max_storage is 0)`, RAISE);
  if (limits.max_bytes_required)
    throw refuse(`the account at ${url} takes only streams with a limit of their size (max_bytes), which lessons do not set`, RAISE);
  const { max_streams: most } = limits;
  if (most >= 0 && most < need.streams)
    throw refuse(`the account at ${url} may hold ${most === 1 ? 'one stream' : `${most} streams`}, and ${need.file} has ${need.streams} at a time`, RAISE);
}

const RAISE = 'Raise the limit, or give the run another account.';
const MAY = 'The run needs the permission to publish to `$JS.API.>` and `$KV.>`, and to subscribe to `_INBOX.>`.';

function unusable({ url, domain }: UsableOptions, error: unknown, operation = 'INFO'): Problem {
  if (error instanceof JetStreamError && (error.code === CODE.jetStreamOff || error.code === CODE.jetStreamOffForAccount))
    return problem('server', `JetStream is off for the account at ${url}`, 'Switch it on for the account (`jetstream: enabled`), or give the run another one.');
  const [named, denied] = /Permissions Violation for (?:Publish|Subscription) to "([^"]+)"/.exec(causesOf(error)) ?? [];
  if (named !== undefined) {
    const what = denied?.includes('INBOX') ? `hear answers on ${denied}` : `ask $JS.API.${operation}`;
    return problem('server', `the user at ${url} may not ${what}`, MAY);
  }
  if (/no responders/i.test(causesOf(error))) {
    if (domain !== null) return problem('server', `no JetStream domain ${domain} answers at ${url}`, 'Is its name right (--js-domain)?');
    return problem('server', `JetStream is off on the nats-server at ${url}`, 'Start it with --jetstream; where it is in a domain, name that: --js-domain.');
  }
  return problem('server', `the account at ${url} cannot be used: ${messageOf(error)}`, MAY);
}

function causesOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${causesOf(error.cause)}` : '';
}

/** Of the lessons, with those that they come after, the one that has the most streams at a time. */
export function greatestNeed(plans: LessonPlan[]): StreamNeed {
  const needs = plans.map(({ plan }): StreamNeed => {
    let streams = 0;
    for (let one: typeof plan | null = plan; one !== null; one = one.after) {
      let expected = EMPTY_EXPECTED;
      for (const { step } of one.steps) {
        const { state } = step.expectation;
        if (state !== null) expected = applyPatch(state.kind === 'state' ? EMPTY_EXPECTED : expected, state.patch);
        streams = Math.max(streams, expected.buckets.size + expected.streams.size);
      }
    }
    return { file: plan.lesson.file, streams };
  });
  return needs.reduce((most, one) => (one.streams > most.streams ? one : most), { file: '', streams: 0 });
}

/** What JetStream answers where an account is full. */
const FULL =
  /maximum number of streams reached|maximum consumers limit reached|resource limits exceeded for account|insufficient (?:storage|memory) resources available/;

/** What a lesson that failed met in a full account, with the line: only a lesson that did not say so itself. Null: nothing of the kind. */
export function fullness({ file, steps }: LessonReport, url: string): Problem | null {
  for (const { error, mismatches } of steps) {
    const met = [error && { text: error.message, line: error.line }, ...mismatches.map(({ actual, place }) => ({ text: String(actual), line: place.line }))];
    for (const one of met) {
      const said = one && FULL.exec(one.text)?.[0];
      if (said) return problem('server', `the account at ${url} is at its limit: "${said}" in ${file}:${one.line}`, RAISE);
    }
  }
  return null;
}
