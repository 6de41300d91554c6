/** Stream configurations as servers send them, as settings of a bucket. */
import type { StreamConfig } from '@nats-io/jetstream';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/state/settings.ts';
import type { Settings } from '../../../src/types.ts';

/** As a server answers for `kvm.create('B')`. */
const plain = {
  name: 'KV_B',
  subjects: ['$KV.B.>'],
  retention: 'limits',
  max_consumers: -1,
  max_msgs: -1,
  max_bytes: -1,
  max_age: 0,
  max_msgs_per_subject: 1,
  max_msg_size: -1,
  discard: 'new',
  storage: 'file',
  num_replicas: 1,
  duplicate_window: 120_000_000_000,
  compression: 'none',
  allow_direct: true,
  mirror_direct: false,
  sealed: false,
  deny_delete: false,
  deny_purge: false,
  allow_rollup_hdrs: true,
  metadata: { '_nats.ver': '2.15.2', '_nats.level': '4' },
};

const HOUR = 3_600_000_000_000;

describe('settings', () => {
  const cases: [string, object, Settings][] = [
    ['of a plain bucket', {}, {}],
    ['of other clients, with other zeros', { max_bytes: 0, max_msg_size: 0, description: '', placement: {}, sources: [], metadata: {} }, {}],
    ['of an old server, which leaves much out', { compression: undefined, metadata: undefined, subject_delete_marker_ttl: undefined }, {}],
    ['description', { description: 'the best team' }, { description: 'the best team' }],
    ['history', { max_msgs_per_subject: 64 }, { history: 64 }],
    ['history without limit', { max_msgs_per_subject: 0 }, { history: -1 }],
    ['ttl', { max_age: 1.5 * HOUR }, { ttl: '1h30m' }],
    ['ttl to the nanosecond', { max_age: 100_000_001 }, { ttl: '100.000001ms' }],
    ['ttl of years', { max_age: 87_600 * HOUR }, { ttl: '87600h' }],
    ['markerTtl', { subject_delete_marker_ttl: HOUR, allow_msg_ttl: true }, { markerTtl: '1h' }],
    ['storage', { storage: 'memory' }, { storage: 'memory' }],
    ['replicas', { num_replicas: 3 }, { replicas: 3 }],
    ['compression', { compression: 's2' }, { compression: true }],
    ['sizes', { max_bytes: 2 ** 30, max_msg_size: 100 }, { maxBytes: 1_073_741_824, maxValueSize: 100 }],
    ['mirror', { subjects: undefined, mirror: { name: 'KV_Origin', filter_subject: '' } }, { mirror: 'Origin' }],
    ['sources', { sources: [{ name: 'KV_B' }, { name: 'ORDERS' }, { name: 'KV_A' }] }, { sources: ['A', 'B', 'ORDERS'] }],
    ['metadata', { metadata: { '_nats.ver': '2.15.2', team: 'red', _nats: 'mine' } }, { metadata: { _nats: 'mine', team: 'red' } }],
    ['republish', { republish: { src: '>', dest: 'copy.>' } }, { republish: { dest: 'copy.>', src: '>' } }],
    ['republish of headers', { republish: { src: '>', dest: 'c.>', headers_only: true } }, { republish: { dest: 'c.>', headersOnly: true, src: '>' } }],
    ['placement', { placement: { cluster: 'east', tags: ['b', 'a'] } }, { placement: { cluster: 'east', tags: ['a', 'b'] } }],
    ['what no page declares', { deny_delete: true, allow_direct: false, max_consumers: 5 }, {}],
  ];
  it.each(cases)('%s', (_, config, expected) => {
    expect(settingsOf({ ...plain, ...config } as unknown as StreamConfig)).toEqual(expected);
  });
});

it('keeps metadata by any name', () => {
  const config = JSON.parse('{"metadata": {"__proto__": "x", "constructor": "y"}}') as object;
  const { metadata } = settingsOf({ ...plain, ...config } as unknown as StreamConfig);
  expect(JSON.stringify(metadata)).toBe('{"__proto__":"x","constructor":"y"}');
});
