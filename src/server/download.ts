/** An address → its bytes, within limits of time and size, through the proxy of the environment; what breaks off is taken up again where it broke. */
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentFor } from './download-proxy.ts';

export interface DownloadLimits {
  /** Milliseconds until the first answer must be there. */
  connect: number;
  /** Milliseconds in which at least a byte must arrive. */
  stall: number;
  /** How often at most it is asked again, where a server failed or the connection broke. */
  retries: number;
  /** Milliseconds before the first time; twice as long before each further one. */
  backoff: number;
  /** Milliseconds for all of it. */
  whole: number;
}

export const LIMITS: DownloadLimits = { connect: 8_000, stall: 10_000, retries: 4, backoff: 500, whole: 15 * 60_000 };

export interface DownloadOptions {
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  limits: DownloadLimits;
  /** Bytes so far, and in all; null where the server does not say. */
  onBytes?: (received: number, total: number | null) => void;
  /** One sentence, when it is asked again. */
  onRetry?: (text: string) => void;
}

const LARGEST = 256 * 2 ** 20;
const MOST_REDIRECTS = 10;

/** What is worth another try: nobody knows that it would fail again. */
class Broken extends Error {}

/** No connection came to be, which is worth another try only where there was one before: at first, Go may do instead. */
class Unreached extends Error {}

/** What has arrived of a file, and what tells that the rest is of the same one. */
interface Part {
  chunks: Buffer[];
  received: number;
  total: number | null;
  /** Null: the server tells nothing, so it is begun anew. */
  validator: string | null;
}

/** Rejects with one sentence that says what went wrong, or with the signal's reason. */
export async function download(url: string, options: DownloadOptions): Promise<Buffer> {
  const { signal, limits, onRetry } = options;
  const part: Part = { chunks: [], received: 0, total: null, validator: null };
  const end = performance.now() + limits.whole;
  for (let tried = 0; ; tried++) {
    try {
      return await attempt(url, part, end, options);
    } catch (error) {
      signal?.throwIfAborted();
      const sentence = `${url}: ${deepest(error)}`;
      const isWorthIt = error instanceof Broken || (error instanceof Unreached && tried > 0);
      if (!isWorthIt || tried === limits.retries) throw new Error(sentence);
      const wait = limits.backoff * 2 ** tried;
      onRetry?.(`${sentence}; again in ${wait / 1_000} s`);
      await sleep(wait, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}

/** Asks once, for what is missing. Leaves in `part` what has arrived. */
async function attempt(url: string, part: Part, end: number, { env, signal, limits, onBytes }: DownloadOptions): Promise<Buffer> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const within = (milliseconds: number, error: Error) => {
    clearTimeout(timer);
    timer = setTimeout(() => limit.abort(error), milliseconds);
  };
  try {
    within(limits.connect, new Unreached(`no answer within ${limits.connect / 1_000} s`));
    const either = signal === undefined ? limit.signal : AbortSignal.any([limit.signal, signal]);
    const response = await follow(url, { env, signal: either, headers: rangeOf(part) });
    begin(part, response);
    const late = () => within(limits.stall, new Broken(`nothing more arrived within ${limits.stall / 1_000} s`));
    late();
    for await (const chunk of response as AsyncIterable<Buffer>) {
      late();
      part.chunks.push(chunk);
      part.received += chunk.length;
      if (part.received > LARGEST) throw new Error(`it is larger than ${LARGEST} bytes`);
      if (performance.now() > end) throw new Error(`it did not arrive within ${limits.whole / 60_000} minutes`);
      onBytes?.(part.received, part.total);
    }
    return Buffer.concat(part.chunks);
  } catch (error) {
    if (limit.signal.aborted) throw limit.signal.reason;
    throw isBreak(error) ? new Broken(deepest(error)) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** An archive is compressed already, and its sum is that of the file as it stands there. */
function rangeOf({ received, validator }: Part): Record<string, string> {
  const whole = { 'accept-encoding': 'identity', 'user-agent': 'lockerroom' };
  return received === 0 || validator === null ? whole : { ...whole, range: `bytes=${received}-`, 'if-range': validator };
}

/** Puts the answer's beginning behind what is there, or in its place. Throws where the answer is none. */
function begin(part: Part, response: IncomingMessage): void {
  const { statusCode: status = 0, statusMessage = '', headers } = response;
  const isRest = status === 206 && headers['content-range']?.startsWith(`bytes ${part.received}-`);
  if (status !== 200 && !isRest) {
    response.destroy();
    // What could not be gone on with is begun anew.
    if (status === 206 || status === 416) forget(part);
    const sentence = `the server answers ${status} ${statusMessage}`.trimEnd();
    throw [206, 408, 416, 429].includes(status) || status >= 500 ? new Broken(sentence) : new Error(sentence);
  }
  if (!isRest) forget(part);
  // Of a compressed answer the header counts other bytes than we see.
  const length = headers['content-encoding'] ? Number.NaN : Number(headers['content-length'] ?? Number.NaN);
  part.total = Number.isSafeInteger(length) ? part.received + length : null;
  const { etag = '', 'last-modified': modified } = headers;
  part.validator = /^"/.test(etag) ? etag : (modified ?? null);
}

function forget(part: Part): void {
  part.chunks = [];
  part.received = 0;
  part.total = null;
  part.validator = null;
}

/** The answer where all redirects end. */
async function follow(url: string, { env, ...options }: RequestOptions & { env: NodeJS.ProcessEnv }): Promise<IncomingMessage> {
  let at = new URL(url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await request(at, { ...options, agent: await agentFor(at, env) });
    const { statusCode = 0, headers } = response;
    if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return response;
    response.resume();
    const next = new URL(headers.location, at);
    if (!/^https?:$/.test(next.protocol) || (at.protocol === 'https:' && next.protocol === 'http:'))
      throw new Error(`it is sent on to ${next.href}, which is no https address`);
    at = next;
  }
  throw new Error(`it is sent on more than ${MOST_REDIRECTS} times`);
}

function request(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const { get } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => get(url, options, resolve).on('error', (error) => reject(isBreak(error) ? error : new Unreached(deepest(error)))));
}

/** A connection that stood, and broke. */
function isBreak(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['ECONNRESET', 'EPIPE'].includes(code) || (error instanceof Error && /^(?:aborted|socket hang up)/.test(error.message));
}

/** Of several addresses that were tried, the first failure speaks for all. */
function deepest(error: unknown): string {
  let last = error;
  while (last instanceof Error && last.cause instanceof Error) last = last.cause;
  if (last instanceof AggregateError && last.errors[0] instanceof Error) last = last.errors[0];
  return last instanceof Error ? last.message || last.name : String(last);
}
