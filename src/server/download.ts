/** An address → its bytes, within limits of time and size, heeding the proxy variables of the environment. */
import http from 'node:http';

export interface DownloadLimits {
  /** Milliseconds until the first answer must be there. */
  connect: number;
  /** Milliseconds in which at least a byte must arrive. */
  stall: number;
}

export const LIMITS: DownloadLimits = { connect: 8_000, stall: 10_000 };

export interface DownloadOptions {
  signal?: AbortSignal | undefined;
  limits: DownloadLimits;
  /** Bytes so far, and in all; null where the server does not say. */
  onBytes?: (received: number, total: number | null) => void;
}

const LARGEST = 256 * 2 ** 20;

/** Rejects with one sentence that says what went wrong, or with the signal's reason. */
export async function download(url: string, { signal, limits, onBytes }: DownloadOptions): Promise<Buffer> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const within = (milliseconds: number, sentence: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => limit.abort(new Error(`${url}: ${sentence} within ${milliseconds / 1_000} s`)), milliseconds);
  };
  try {
    within(limits.connect, 'no answer');
    const either = signal === undefined ? limit.signal : AbortSignal.any([limit.signal, signal]);
    // An archive is compressed already, and its sum is that of the file as it stands there.
    const response = await fetch(url, { signal: either, headers: { 'accept-encoding': 'identity' } });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`the server answers ${response.status} ${response.statusText}`.trimEnd());
    }
    // Of a compressed answer the header counts other bytes than we see.
    const length = response.headers.has('content-encoding') ? Number.NaN : Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isSafeInteger(length) ? length : null;
    const chunks: Uint8Array[] = [];
    let received = 0;
    within(limits.stall, 'nothing more arrived');
    for await (const chunk of response.body) {
      within(limits.stall, 'nothing more arrived');
      chunks.push(chunk);
      received += chunk.length;
      if (received > LARGEST) throw new Error(`it is larger than ${LARGEST} bytes`);
      onBytes?.(received, total);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.signal.aborted) throw limit.signal.reason;
    throw new Error(`${url}: ${deepest(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch failed` says nothing: what it was stands in the cause. */
function deepest(error: unknown): string {
  let last = error;
  while (last instanceof Error && last.cause instanceof Error) last = last.cause;
  // Of several addresses that were tried, the first failure speaks for all.
  if (last instanceof AggregateError && last.errors[0] instanceof Error) last = last.errors[0];
  return last instanceof Error ? last.message || last.name : String(last);
}

/** Lets downloads go through the proxy that `env` names, where this Node can; gives the way back. */
export function useProxy(env: NodeJS.ProcessEnv): () => void {
  const named = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => env[name]);
  // Not in Node before 24.14 and 22.22, whatever the types say.
  const set: typeof http.setGlobalProxyFromEnv | undefined = http.setGlobalProxyFromEnv;
  return named && set !== undefined ? set(env) : () => {};
}
