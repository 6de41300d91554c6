/** A question to JetStream's API → its answer, or an error that says in one sentence why there is none. */
import type { NatsConnection } from '@nats-io/nats-core';

/** Milliseconds that the server has for each answer. */
export const ANSWER_WITHIN = 5_000;

/** Milliseconds for a cluster that has lost its leader to choose another one, and between two questions meanwhile. */
const ELECTION_WITHIN = 15_000;
const ASK_AGAIN = 50;

/** JetStream's own error codes that mean something to the observer. */
export const CODE = { leaderless: 10008, messageNotFound: 10037, jetStreamOff: 10039, streamNotFound: 10059, jetStreamOffForAccount: 10076 } as const;

/** JetStream answered, and the answer is an error. */
export class JetStreamError extends Error {
  override name = 'JetStreamError';
  /** JetStream's `err_code`, such as 10059. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** What every answer can have. */
export interface Answer {
  error?: { err_code?: number; code?: number; description?: string };
}

/** Nobody has answered in time. */
class Unanswered extends Error {}

/**
 * Asks `$JS.API.<operation>` and gives the answer's JSON. Throws a `JetStreamError` where JetStream refuses, an `Error` where the server does not answer
 * within 5 seconds, the connection is closed, JetStream is off or the user may not ask. A cluster that has lost its leader is asked again.
 */
export async function ask<T extends object>(connection: NatsConnection, operation: string, question: object = {}): Promise<T> {
  return untilLed(connection, operation, async () => {
    const answer = JSON.parse(await askText(connection, operation, question)) as T & Answer;
    return isLeaderless(answer) ? null : understood(operation, answer);
  });
}

/**
 * Asks again as long as it gets null, as a cluster gives no answer that has just lost a leader, and nobody's at all before the others have noticed. Rejects with
 * one sentence where that takes too long.
 */
export async function untilLed<Result>(connection: NatsConnection, operation: string, question: () => Promise<Result | null>): Promise<Result> {
  const isCluster = connection.info?.cluster !== undefined;
  for (const until = Date.now() + ELECTION_WITHIN; ; await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN))) {
    const result = await question().catch((error: unknown) => {
      if (isCluster && error instanceof Unanswered && Date.now() < until) return null;
      throw error;
    });
    if (result !== null) return result;
    if (Date.now() > until) throw new Error(`The cluster has had no leader for ${operation} for ${ELECTION_WITHIN / 1_000} seconds.`);
  }
}

export function isLeaderless({ error }: Answer): boolean {
  return error?.err_code === CODE.leaderless;
}

/** The answer's JSON as text, for who does not read all of it. Rejects as `ask` does, but for what JetStream refuses. */
export async function askText(connection: NatsConnection, operation: string, question: object = {}): Promise<string> {
  try {
    const asked = withoutStack(() => connection.request(`$JS.API.${operation}`, JSON.stringify(question), { timeout: ANSWER_WITHIN }));
    return (await asked).string();
  } catch (error) {
    const Kind = kindsOf(error).includes('TimeoutError') ? Unanswered : Error;
    throw new Kind(sentence(operation, error), { cause: error });
  }
}

/** The client makes the errors that a request may end with when it begins; where ours come from nobody reads, and to find that out costs as much as all the rest. */
function withoutStack<Result>(begin: () => Result): Result {
  const limited = Error as { stackTraceLimit?: number };
  const { stackTraceLimit } = limited;
  limited.stackTraceLimit = 0;
  try {
    return begin();
  } finally {
    if (stackTraceLimit !== undefined) limited.stackTraceLimit = stackTraceLimit;
  }
}

/** An answer that is no refusal. */
export function understood<T extends object>(operation: string, answer: T & Answer): T {
  if (answer.error === undefined) return answer;
  const { err_code, code, description } = answer.error;
  throw refusal(operation, err_code ?? code ?? 0, description ?? 'no reason given');
}

function refusal(operation: string, code: number, description: string): JetStreamError {
  if (code === CODE.jetStreamOff || code === CODE.jetStreamOffForAccount)
    return new JetStreamError('JetStream is off for this account of the nats-server.', code);
  return new JetStreamError(`The nats-server refused ${operation}: ${description} (${code}).`, code);
}

export function noAnswer(operation: string): string {
  return `The nats-server did not answer ${operation} within ${ANSWER_WITHIN / 1000} seconds.`;
}

/** By name and not by class: the connection may come from another copy of the client. */
function kindsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return [error.name, error.cause instanceof Error ? error.cause.name : ''];
}

/** Whether a request reached nobody. */
export function hasNoResponders(error: unknown): boolean {
  return kindsOf(error).includes('NoResponders');
}

function sentence(operation: string, error: unknown): string {
  const kinds = kindsOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (hasNoResponders(error)) return 'JetStream is off on this nats-server: start it with --jetstream.';
  if (kinds.includes('TimeoutError')) return noAnswer(operation);
  if (kinds.includes('ClosedConnectionError')) return 'The connection to the nats-server is closed.';
  if (kinds.includes('DrainingConnectionError')) return 'The connection to the nats-server is being closed.';
  if (kinds.includes('PermissionViolationError')) return `This user of the nats-server may not ask $JS.API.${operation}.`;
  return `The nats-server did not answer ${operation}: ${message}.`;
}
