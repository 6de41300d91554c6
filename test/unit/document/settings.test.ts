import { expect, it } from 'vitest';
import { canonicalSetting, canonicalSettings, type RawSettings, SETTING_NAMES } from '../../../src/document/settings.ts';
import type { Json, SettingName } from '../../../src/types.ts';

it.each<[string, RawSettings]>([
  ['nothing given', {}],
  [
    'the defaults, as a server gives them',
    { description: '', history: 1, ttl: 0, markerTtl: 0, storage: 'file', replicas: 1, compression: false, maxBytes: -1, maxValueSize: -1 },
  ],
  ['empty lists and mappings', { sources: [], metadata: {}, placement: {}, mirror: '' }],
  ['nulls', { mirror: null, sources: null, metadata: null, republish: null, placement: null, description: undefined }],
  ['what the server adds itself', { metadata: { '_nats.level': '1', '_nats.req.level': '0' }, placement: { cluster: '', tags: [] } }],
])('%s: every setting is at its default', (_, raw) => {
  expect(canonicalSettings(raw)).toEqual({});
});

it.each<[SettingName, Json, Json]>([
  ['description', 'the best team', 'the best team'],
  ['history', 5, 5],
  ['history', 0, -1],
  ['history', -1, -1],
  ['ttl', 3_600_000, '1h'],
  ['markerTtl', 1500, '1.5s'],
  ['storage', 'memory', 'memory'],
  ['replicas', 3, 3],
  ['compression', true, true],
  ['maxBytes', 1024, 1024],
  ['maxBytes', 0, null],
  ['maxValueSize', 64, 64],
  ['mirror', 'Origin', 'Origin'],
  ['sources', ['B', 'A'], ['A', 'B']],
  ['metadata', { z: '1', a: '2', '_nats.x': '3' }, { a: '2', z: '1' }],
  ['republish', { src: '>', dest: 'x.>', headersOnly: false }, { src: '>', dest: 'x.>' }],
  ['republish', { src: '>', dest: 'x.>', headersOnly: true }, { src: '>', dest: 'x.>', headersOnly: true }],
  ['placement', { cluster: 'C1', tags: [] }, { cluster: 'C1' }],
  ['placement', { cluster: '', tags: ['b', 'a'] }, { tags: ['a', 'b'] }],
])('%s: %j is %j', (name, raw, canonical) => {
  expect(canonicalSetting(name, raw)).toEqual(canonical);
});

it('keeps metadata named __proto__', () => {
  const metadata: unknown = JSON.parse('{"__proto__":"x"}');
  expect(JSON.stringify(canonicalSetting('metadata', metadata as Json))).toBe('{"__proto__":"x"}');
});

it('knows the settings of the design, in its order', () => {
  expect(SETTING_NAMES.join(' ')).toBe(
    'description history ttl markerTtl storage replicas compression maxBytes maxValueSize mirror sources metadata republish placement',
  );
});
