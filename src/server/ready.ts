/** A nats-server that was just started → its port and version once it takes connections, else why not. */
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { ProblemError, problem } from '../errors.ts';
import { describeEnding, type Ending } from './child.ts';
import { readLines } from './lines.ts';
import type { LogTail } from './log.ts';
import { NATS_SERVER } from './version.ts';

export interface Starting {
  binary: { path: string; version: string };
  /** Its log; from now on it is read to its end. */
  stderr: Readable;
  ended: Promise<Ending>;
  log: LogTail;
  /** Milliseconds. */
  limit: number;
}

/** Waits for the log to say that the server is ready, then asks the server itself whether JetStream is on. Rejects with a ProblemError of code `server`. */
export async function awaitReady({ binary, stderr, ended, log, limit }: Starting): Promise<{ port: number; monitor: number | null; version: string }> {
  const tooLate = Promise.withResolvers<never>();
  const timer = setTimeout(() => tooLate.reject(didNotStart(binary, `it was not ready within ${limit / 1_000} s`, log.last)), limit);
  const tooSoon = ended.then((end) => {
    throw didNotStart(binary, `it ended before it was ready, with ${describeEnding(end)}`, log.last);
  });
  try {
    const { port, monitor } = await Promise.race([announced(stderr, log), tooSoon, tooLate.promise]);
    const info = await Promise.race([greeting(port), tooSoon, tooLate.promise]).catch((error: Error) => {
      throw error instanceof ProblemError ? error : didNotStart(binary, `it says that it is ready, but on its port ${port} ${error.message}`, log.last);
    });
    if (!info.jetstream) throw didNotStart(binary, 'it says that its JetStream is off', log.last);
    return { port, monitor, version: info.version };
  } finally {
    clearTimeout(timer);
    // Both may still come, when nobody listens any more.
    tooSoon.catch(() => {});
    tooLate.promise.catch(() => {});
  }
}

export function didNotStart(binary: { path: string; version: string }, reason: string, lines: string[]): ProblemError {
  const message = [`nats-server ${binary.version} (${binary.path}) does not start: ${reason}${lines.length > 0 ? '. Its log:' : '.'}`, ...lines].join('\n  ');
  const advice = `Try it by hand: ${binary.path} -js -p -1. Another one can be named in ${NATS_SERVER.pathVariable}.`;
  return new ProblemError(problem('server', message, advice));
}

/** The ports in the log, of clients and of monitoring, once the log has also said that the server is ready. */
function announced(stderr: Readable, log: LogTail): Promise<{ port: number; monitor: number | null }> {
  return new Promise((resolve) => {
    let port: number | null = null;
    let monitor: number | null = null;
    let ready = false;
    readLines(stderr, (line) => {
      log.add(line);
      if (ready) return;
      const digits = /Listening for client connections on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
      if (digits !== undefined) port = Number(digits);
      const monitored = /Starting http monitor on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
      if (monitored !== undefined) monitor = Number(monitored);
      if (port === null || !line.endsWith('Server is ready')) return;
      ready = true;
      resolve({ port, monitor });
    });
  });
}

/** The line with which a server greets each client: `INFO {…}`. Rejects with the end of a sentence that begins with "on its port". */
export function greeting(port: number, host = '127.0.0.1'): Promise<{ version: string; jetstream: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (more: string) => {
      text += more;
      const end = text.indexOf('\r\n');
      if (end < 0 && text.length < 65_536) return;
      socket.destroy();
      const info = parseInfo(text.slice(0, Math.max(end, 0)));
      if (info === null) reject(new Error('no NATS server answers'));
      else resolve(info);
    });
    socket.once('end', () => reject(new Error('the connection was closed without a word')));
    socket.once('error', (error) => reject(new Error(`there is no connection: ${error.message}`)));
  });
}

function parseInfo(line: string): { version: string; jetstream: boolean } | null {
  try {
    const info: unknown = line.startsWith('INFO ') ? JSON.parse(line.slice('INFO '.length)) : null;
    if (typeof info !== 'object' || info === null || !('version' in info) || typeof info.version !== 'string') return null;
    return { version: info.version, jetstream: 'jetstream' in info && info.jetstream === true };
  } catch {
    return null;
  }
}
