/** Whose a stream is, by what JetStream announces of each request and by which connections are the run's: in whatever order both are heard. */
import type { NatsConnection } from '@nats-io/nats-core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ANNOUNCED, MadeStreams } from '../../../src/workbook/own-made.ts';

const OURS = { server: 'a', id: 7 };
const THEIRS = { server: 'a', id: 8 };

/** What a server announces, and what the page's process tells. */
function listening() {
  let hear: (error: Error | null, message: { string(): string }) => void = () => {};
  const connection = { subscribe: (_: string, options: { callback: typeof hear }) => (hear = options.callback) };
  const made = new MadeStreams(connection as unknown as NatsConnection);
  const announce = (client: object, request: string, response: object, timestamp = LATER) => {
    const advisory = {
      type: 'audit',
      timestamp,
      client: { kind: 'Client', ...client },
      subject: `$JS.API.STREAM.${request}`,
      response: JSON.stringify(response),
    };
    hear(null, { string: () => JSON.stringify(advisory) });
  };
  const connected = () => made.told({ kind: 'connected', client: OURS });
  const isOurs = (name: string, created = TIME) => made.isOurs({ name, created });
  return { made, announce, connected, isOurs };
}

const TIME = '2026-01-01T00:00:00Z';
const LATER = '2026-01-01T00:00:01Z';
const CREATED = { did_create: true, created: TIME };
const ANEW = { did_create: true, created: LATER };

test('a stream is the run’s where a connection of the run made it, which may be known only afterwards', () => {
  const { made, announce, connected, isOurs } = listening();
  announce(OURS, 'CREATE.KV_Early', CREATED);
  announce(THEIRS, 'CREATE.KV_Theirs', CREATED);
  expect(made.names()).toEqual([]);
  connected();
  announce(OURS, 'CREATE.KV_Late', CREATED);
  expect(made.names()).toEqual(['KV_Early', 'KV_Late']);
  expect(['KV_Early', 'KV_Theirs', 'KV_Late'].map((name) => isOurs(name))).toEqual([true, false, true]);
  expect(isOurs('KV_Early', LATER)).toBe(false);
});

test('not where it was there already, was refused, or is somebody else’s on another server, or behind a leaf node', () => {
  const { made, announce, connected } = listening();
  connected();
  announce(OURS, 'CREATE.There', { created: TIME });
  announce(OURS, 'CREATE.Refused', { error: { code: 400 } });
  announce({ ...OURS, server: 'b' }, 'CREATE.Elsewhere', CREATED);
  announce({ ...OURS, kind: 'Leafnode' }, 'CREATE.Leaf', CREATED);
  expect(made.names()).toEqual([]);
});

test('nor where it was removed, or removed and made anew by somebody else', () => {
  const { made, announce, connected, isOurs } = listening();
  connected();
  for (const name of ['One', 'Two', 'Three']) announce(OURS, `CREATE.${name}`, CREATED);
  announce(OURS, 'DELETE.One', { success: true });
  announce(THEIRS, 'DELETE.Two', { success: true });
  announce(THEIRS, 'CREATE.Two', ANEW);
  announce(OURS, 'DELETE.Three', { error: { code: 404 } });
  expect(made.names()).toEqual(['Three']);
  expect(isOurs('Two', LATER)).toBe(false);
});

test('what the page’s process tells does where nothing is announced, or who it was is not, in whatever order both come', () => {
  const { made, announce, isOurs } = listening();
  const leaf = { ...OURS, kind: 'Leafnode' };
  made.told({ kind: 'made', stream: 'Room', created: TIME });
  expect(made.names()).toEqual(['Room']);
  made.told({ kind: 'removed', stream: 'Room' });
  expect(made.names()).toEqual([]);
  made.told({ kind: 'made', stream: 'Room', created: LATER });
  announce(leaf, 'CREATE.Room', CREATED, TIME);
  announce(leaf, 'DELETE.Room', { success: true }, TIME);
  announce(leaf, 'CREATE.Room', ANEW);
  expect(made.names()).toEqual(['Room']);
  expect(isOurs('Room', LATER)).toBe(true);
});

test('a restored stream is, as long as all was heard that happened since', () => {
  const { made, announce, connected } = listening();
  connected();
  announce(OURS, 'RESTORE.Copy', { deliver_subject: 'x' });
  announce(OURS, 'CREATE.Made', CREATED);
  expect(made.names()).toEqual(['Made', 'Copy']);
  made.missed();
  expect(made.names()).toEqual(['Made']);
});

test.each<[string, (made: MadeStreams) => void]>([
  ['a moment later', () => vi.advanceTimersByTime(ANNOUNCED)],
  ['when our own was away too', (made) => made.missed()],
])('a connection that has ended makes nothing more %s, and what it made stays the run’s', (_, later) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { made, announce, connected } = listening();
  connected();
  announce(OURS, 'CREATE.Before', CREATED);
  made.told({ kind: 'disconnected', client: OURS });
  announce(OURS, 'CREATE.Last', CREATED);
  later(made);
  announce(OURS, 'CREATE.After', CREATED);
  expect(made.names()).toEqual(['Before', 'Last']);
});
