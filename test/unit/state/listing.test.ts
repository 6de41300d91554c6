/** Which streams are buckets, and when two lists say the same. */
import type { StreamConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { describe, expect, it } from 'vitest';
import { bucketOf, listStreams, type StreamListing, sameContents, sameListing, sameStream } from '../../../src/state/listing.ts';

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
  consumers: 0,
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

/** A server of some streams that gives two to a page, and loses the leaders of `missing`. */
/** `before`: answers that come before the list; an error: none comes. */
function serverOf(names: string[], before: object[] = [], info: object = {}): { connection: NatsConnection; offsets: number[] } {
  const offsets: number[] = [];
  const state = { messages: 0, bytes: 0, first_seq: 0, last_seq: 0, last_ts: '0001-01-01T00:00:00Z' };
  const request = async (_: string, question: string) => {
    const { offset } = JSON.parse(question) as { offset: number };
    offsets.push(offset);
    const early = before.shift();
    if (early instanceof Error) throw early;
    if (early !== undefined) return { string: () => JSON.stringify(early) };
    const streams = names.slice(offset, offset + 2).map((name) => ({ config: { name }, created: '2026-01-01T00:00:00Z', state }));
    return { string: () => JSON.stringify({ total: names.length, offset, limit: 2, streams: streams.length > 0 ? streams : null }) };
  };
  return { connection: { request, info } as unknown as NatsConnection, offsets };
}

describe('the list', () => {
  it.each([
    [[], [0]],
    [['A', 'B'], [0]],
    [
      ['A', 'B', 'C', 'KV_D', 'KV_E'],
      [0, 2, 4],
    ],
  ])('of %j is asked for page by page', async (names, expected) => {
    const { connection, offsets } = serverOf(names);
    const listing = await listStreams(connection);
    expect([...listing.keys()]).toEqual(names);
    expect(offsets).toEqual(expected);
    for (const { firstSequence, lastSequence } of listing.values()) expect([firstSequence, lastSequence]).toEqual([1, 0]);
  });

  it('of a cluster is asked for again while a leader is missing, of the cluster or of a stream', async () => {
    const leaderless = { error: { code: 503, err_code: 10008, description: 'JetStream system temporarily unavailable' } };
    const { connection, offsets } = serverOf(['A'], [leaderless, { total: 1, offset: 0, limit: 2, streams: null, missing: ['A'] }]);
    expect([...(await listStreams(connection)).keys()]).toEqual(['A']);
    expect(offsets).toEqual([0, 0, 0]);
  });

  it('of a cluster is asked for again where the leader has died and nobody knows yet; a server that does not answer is not', async () => {
    const silence = () => Object.assign(new Error('timeout'), { name: 'TimeoutError' });
    const cluster = serverOf(['A'], [silence(), silence()], { cluster: 'three' });
    expect([...(await listStreams(cluster.connection)).keys()]).toEqual(['A']);
    expect(cluster.offsets).toEqual([0, 0, 0]);
    const server = serverOf(['A'], [silence()]);
    await expect(listStreams(server.connection)).rejects.toThrow('The nats-server did not answer STREAM.LIST within 5 seconds.');
    expect(server.offsets).toEqual([0]);
  });
});
