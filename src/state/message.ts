/** A message as a stream keeps it → what it says about which key of the bucket. */
import { valueFromBytes } from '../document/values.ts';
import type { Operation, Revision } from '../types.ts';

/** A header's first value; empty where there is none. */
export type Header = (name: string) => string;

export interface StoredMessage {
  key: string;
  /** What stands before the key in the subject: `$KV.Bucket1.`, or nothing where the subject is no bucket's. */
  prefix: string;
  revision: Revision;
  /** What this message removed as it was stored: all earlier ones of its subject, or of the stream. */
  rollup: 'sub' | 'all' | null;
}

export function storedMessage(sequence: number, subject: string, header: Header, data: Uint8Array): StoredMessage {
  const [, prefix = '', key = subject] = /^(\$KV\.[^.]+\.)(.+)$/s.exec(subject) ?? [];
  const operation = operationOf(header);
  const value = operation === 'PUT' ? valueFromBytes(data) : null;
  return { key, prefix, revision: { revision: sequence, operation, value }, rollup: rollupOf(header) };
}

/** As the Go client reads it: a marker that the server left itself says why instead of which operation. */
function operationOf(header: Header): Operation {
  switch (header('Nats-Marker-Reason')) {
    case 'MaxAge':
    case 'Purge':
      return 'PURGE';
    case 'Remove':
      return 'DEL';
  }
  const operation = header('KV-Operation');
  return operation === 'DEL' || operation === 'PURGE' ? operation : 'PUT';
}

function rollupOf(header: Header): StoredMessage['rollup'] {
  const rollup = header('Nats-Rollup').toLowerCase();
  return rollup === 'sub' || rollup === 'all' ? rollup : null;
}

/** The headers of a stored message from the bytes that the server keeps. What is malformed is passed over. */
export function parseHeaders(bytes: Uint8Array): Header {
  const values = new Map<string, string>();
  for (const line of new TextDecoder().decode(bytes).split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (colon > 0 && !values.has(name)) values.set(name, line.slice(colon + 1).trim());
  }
  return (name) => values.get(name) ?? '';
}

export function bytesFromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
