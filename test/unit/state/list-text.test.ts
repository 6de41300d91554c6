/** A list's answer taken apart without reading it: the same streams as by its JSON, whatever their texts hold. */
import { describe, expect, it } from 'vitest';
import { parseStream, splitList } from '../../../src/state/list-text.ts';

const NOW = '2026-11-25T11:53:54.746689977Z';
const LATER = '2026-11-25T11:53:55.7Z';

function info(name: string, config: object = {}, rest: object = {}) {
  return { config: { name, ...config }, created: '2026-11-25T11:53:54Z', state: { messages: 1 }, ...rest };
}

function answer(streams: object[], { ts = NOW, tail = {} }: { ts?: string; tail?: object } = {}): string {
  return JSON.stringify({ total: streams.length, offset: 0, streams: streams.map((one) => ({ ...one, ts })), ...tail });
}

const TRICKY = [
  info('KV_A', { description: '{"config":{"name":"KV_X"},"ts":"2026"}]},{"config":{"name":"KV_Y"' }),
  info('KV_"},{"config":{"name":"', { metadata: { ts: '2026-11-25T11:53:54Z', '"ts":"': '"}]' } }),
  info('KV_\\', { metadata: { ts: 'last' } }),
  info('KV___proto__', { sources: [{ name: 'KV_A' }] }, { cluster: { leader: 'lockerroom' } }),
];

describe('streams', () => {
  it('are what the JSON says, but for the time of the list', () => {
    const { head, streams } = splitList(answer(TRICKY));
    expect(streams.map(({ text }) => parseStream(text))).toEqual(TRICKY);
    expect(JSON.parse(head)).toEqual({ total: 4, offset: 0, streams: [] });
  });

  it('have the same text at another time', () => {
    expect(splitList(answer(TRICKY, { ts: LATER })).streams).toEqual(splitList(answer(TRICKY)).streams);
  });

  it.each([
    ['a description', info('KV_A', { description: 'x' })],
    ['metadata that is called ts', info('KV_A', { metadata: { ts: '2026-11-25T11:53:54Z' } })],
    ['a message', info('KV_A', {}, { state: { messages: 2 } })],
  ])('have another text for %s', (_, changed) => {
    const [one] = splitList(answer([info('KV_A')])).streams;
    const [other] = splitList(answer([changed])).streams;
    expect(other?.name).toBe(one?.name);
    expect(other?.text).not.toBe(one?.text);
  });

  it('with metadata of another time at the very end of another form are told apart', () => {
    const at = (ts: string) =>
      splitList(JSON.stringify({ total: 1, streams: [{ created: 'x', config: { name: 'KV_A', metadata: { ts } } }] })).streams[0]?.text;
    expect(at('1')).not.toBe(at('2'));
  });
});

it.each([
  ['no streams', { total: 0, streams: [] }],
  ['none at all', { total: 0, streams: null }],
  ['an error', { error: { code: 503, description: 'not now }]' } }],
  ['an order of its own', { streams: [{ created: 'x', config: { name: 'KV_A' } }], total: 1 }],
  ['no time', { total: 1, streams: [{ config: { name: 'KV_A' }, created: 'x' }] }],
  ['streams that are missing', { total: 1, streams: [{ config: { name: 'KV_A' }, ts: '2026' }], missing: ['KV_B'], offline: [{ a: 1 }] }],
])('an answer with %s is taken for what it is', (_, given) => {
  const { head, streams } = splitList(JSON.stringify(given));
  const { streams: expected, ...rest } = given as { streams?: { ts?: string }[] | null };
  expect(JSON.parse(head)).toMatchObject(rest);
  expect(streams.map(({ text }) => parseStream(text))).toMatchObject((expected ?? []).map(({ ts: _ts, ...one }) => one));
});
