/** Which streams are buckets, and when two lists say the same. */
import type { StreamConfig } from '@nats-io/jetstream';
import { describe, expect, it } from 'vitest';
import { bucketOf, type StreamListing, sameContents, sameListing, sameStream } from '../../../src/state/listing.ts';

it.each([
  ['KV_Bucket1', 'Bucket1'],
  ['KV_Team-Awesome', 'Team-Awesome'],
  ['KV___proto__', '__proto__'],
  ['KV_KV_x', 'KV_x'],
  ['KV_', null],
  ['KV_a+b', null],
  ['KV_ä', null],
  ['KV_a\n', null],
  ['kv_a', null],
  ['XKV_a', null],
  ['ORDERS', null],
])('%j is the bucket %j', (stream, bucket) => {
  expect(bucketOf(stream)).toBe(bucket);
});

const stream: StreamListing = {
  config: { name: 'KV_B' } as StreamConfig,
  configText: '{"name":"KV_B"}',
  created: '2026-01-01T00:00:00Z',
  messages: 3,
  bytes: 120,
  firstSequence: 2,
  lastSequence: 9,
  lastTime: '2026-01-01T00:00:01Z',
};

describe('a stream whose list says another', () => {
  it.each(['created', 'messages', 'bytes', 'firstSequence', 'lastSequence', 'lastTime'] as const)('%s keeps other messages', (name) => {
    const value = stream[name];
    const other = { ...stream, [name]: typeof value === 'number' ? value + 1 : `${value}0` };
    expect(sameContents(stream, other)).toBe(false);
    expect(sameStream(stream, other)).toBe(false);
    expect(sameListing(new Map([['KV_B', stream]]), new Map([['KV_B', other]]))).toBe(false);
    expect(sameListing(new Map([['ORDERS', stream]]), new Map([['ORDERS', other]]))).toBe(true);
  });

  it('configuration keeps the same messages', () => {
    const other = { ...stream, configText: '{"name":"KV_B","description":"x"}' };
    expect(sameContents(stream, other)).toBe(true);
    expect(sameStream(stream, other)).toBe(false);
  });
});

it('tells lists of other streams apart', () => {
  expect(sameListing(new Map([['A', stream]]), new Map([['B', stream]]))).toBe(false);
  expect(sameListing(new Map(), new Map([['B', stream]]))).toBe(false);
  expect(sameListing(new Map(), new Map())).toBe(true);
});
