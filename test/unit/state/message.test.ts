/** What a stored message says: its key, its operation, what it removed. */
import { describe, expect, it } from 'vitest';
import { bytesFromBase64, parseHeaders, storedMessage } from '../../../src/state/message.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const header = (lines: Record<string, string>) =>
  parseHeaders(
    bytes(
      `NATS/1.0\r\n${Object.entries(lines)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    ),
  );

describe('the key', () => {
  const cases: [string, string, string][] = [
    ['$KV.Bucket1.door', 'door', '$KV.Bucket1.'],
    ['$KV.Bucket1.locker.7', 'locker.7', '$KV.Bucket1.'],
    ['$KV.Origin.door', 'door', '$KV.Origin.'],
    ['$KV.__proto__.__proto__', '__proto__', '$KV.__proto__.'],
    ['$KV.Bucket1', '$KV.Bucket1', ''],
    ['$KVx.Bucket1.door', '$KVx.Bucket1.door', ''],
    ['orders.new', 'orders.new', ''],
  ];
  it.each(cases)('of %s is %s', (subject, key, prefix) => {
    expect(storedMessage(1, subject, header({}), bytes('v'))).toEqual({
      key,
      prefix,
      revision: { revision: 1, operation: 'PUT', value: { text: 'v' } },
      rollup: null,
    });
  });
});

describe('the operation', () => {
  const cases: [Record<string, string>, string][] = [
    [{}, 'PUT'],
    [{ 'KV-Operation': 'DEL' }, 'DEL'],
    [{ 'KV-Operation': 'PURGE', 'Nats-Rollup': 'sub' }, 'PURGE'],
    [{ 'KV-Operation': 'PUT' }, 'PUT'],
    [{ 'KV-Operation': 'LEND' }, 'PUT'],
    [{ 'kv-operation': 'DEL' }, 'PUT'],
    [{ 'Nats-Marker-Reason': 'MaxAge', 'Nats-Rollup': 'sub' }, 'PURGE'],
    [{ 'Nats-Marker-Reason': 'Purge' }, 'PURGE'],
    [{ 'Nats-Marker-Reason': 'Remove' }, 'DEL'],
    [{ 'Nats-Marker-Reason': 'Other', 'KV-Operation': 'DEL' }, 'DEL'],
  ];
  it.each(cases)('of %j is %s', (lines, operation) => {
    const { revision } = storedMessage(7, '$KV.B.k', header(lines), bytes('v'));
    expect(revision).toEqual({ revision: 7, operation, value: operation === 'PUT' ? { text: 'v' } : null });
  });
});

it.each([
  ['sub', 'sub'],
  ['SUB', 'sub'],
  ['all', 'all'],
  ['', null],
  ['other', null],
])('rolls up %j as %j', (value, rollup) => {
  expect(storedMessage(1, '$KV.B.k', header(value === '' ? {} : { 'Nats-Rollup': value }), bytes('')).rollup).toBe(rollup);
});

it('passes over headers that are none, and takes the first of two', () => {
  const read = parseHeaders(bytes('NATS/1.0 100 Idle\r\nno colon\r\n: no name\r\na name with blanks: x\r\nKV-Operation:  DEL \r\nKV-Operation: PURGE\r\n\r\n'));
  expect([read('KV-Operation'), read('a name with blanks'), read('no colon'), read('')]).toEqual(['DEL', 'x', '', '']);
});

it('takes bytes out of base64', () => {
  expect([...bytesFromBase64('AP+ABw==')]).toEqual([0, 255, 128, 7]);
  expect([...bytesFromBase64('')]).toEqual([]);
});
