/** Whose a stream is, by what JetStream announces of each request and by which connections are the run's: in whatever order both are heard. */
import type { NatsConnection } from '@nats-io/nats-core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ANNOUNCED, MadeStreams } from '../../../src/workbook/own-made.ts';

const OURS = { server: 'a', id: 7 };
const THEIRS = { server: 'a', id: 8 };

/** What a server announces, on a connection that is its client 1. */
function listening() {
  let hear: (error: Error | null, message: { string(): string }) => void = () => {};
  const connection = { info: { server_name: 'a', client_id: 1 }, subscribe: (_: string, options: { callback: typeof hear }) => (hear = options.callback) };
  const made = new MadeStreams(connection as unknown as NatsConnection);
  const announce = (client: typeof OURS, request: string, response: object) => {
    const advisory = { type: 'audit', client, subject: `$JS.API.STREAM.${request}`, request: '{}', response: JSON.stringify(response) };
    hear(null, { string: () => JSON.stringify(advisory) });
  };
  return { made, announce, refuse: (error: Error) => hear(error, { string: () => '' }) };
}

const CREATED = { did_create: true, created: '2026-01-01T00:00:00Z' };

test('a stream is the run’s where a connection of the run made it, which may be known only afterwards', () => {
  const { made, announce } = listening();
  announce(OURS, 'CREATE.KV_Early', CREATED);
  announce(THEIRS, 'CREATE.KV_Theirs', CREATED);
  expect(made.names()).toEqual([]);
  made.connected(OURS);
  announce(OURS, 'CREATE.KV_Late', CREATED);
  expect(made.names()).toEqual(['KV_Early', 'KV_Late']);
  expect(made.ours('KV_Early')?.created).toBe(CREATED.created);
});

test('not where it was there already, was refused, or is somebody else’s on another server', () => {
  const { made, announce } = listening();
  made.connected(OURS);
  announce(OURS, 'CREATE.There', { created: CREATED.created });
  announce(OURS, 'CREATE.Refused', { error: { code: 400 } });
  announce({ ...OURS, server: 'b' }, 'CREATE.Elsewhere', CREATED);
  expect(made.names()).toEqual([]);
});

test('nor where it was removed, or removed and made anew by somebody else', () => {
  const { made, announce } = listening();
  made.connected(OURS);
  for (const name of ['One', 'Two', 'Three']) announce(OURS, `CREATE.${name}`, CREATED);
  announce(OURS, 'DELETE.One', { success: true });
  announce(THEIRS, 'DELETE.Two', { success: true });
  announce(THEIRS, 'CREATE.Two', CREATED);
  announce(OURS, 'DELETE.Three', { error: { code: 404 } });
  expect(made.names()).toEqual(['Three']);
});

test('a restored stream is, as long as all was heard that happened since', () => {
  const { made, announce } = listening();
  made.connected(OURS);
  announce(OURS, 'RESTORE.Copy', { deliver_subject: 'x' });
  announce(OURS, 'CREATE.Made', CREATED);
  expect(made.names()).toEqual(['Copy', 'Made']);
  made.missed();
  expect(made.names()).toEqual(['Made']);
});

test.each<[string, (made: MadeStreams) => void]>([
  ['a moment later', () => vi.advanceTimersByTime(ANNOUNCED)],
  ['when our own was away too', (made) => made.missed()],
])('a connection that has ended makes nothing more %s, and what it made stays the run’s', (_, later) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { made, announce } = listening();
  made.connected(OURS);
  announce(OURS, 'CREATE.Before', CREATED);
  made.disconnected(OURS);
  announce(OURS, 'CREATE.Last', CREATED);
  later(made);
  announce(OURS, 'CREATE.After', CREATED);
  expect(made.names()).toEqual(['Before', 'Last']);
  made.connected(OURS);
  expect(made.names()).toEqual(['Before', 'Last', 'After']);
});

test('whether anything is announced is known by our own requests', async () => {
  const { made, announce, refuse } = listening();
  announce(THEIRS, 'LIST', {});
  expect(await made.isTold(1)).toBe(false);
  announce({ server: 'a', id: 1 }, 'LIST', {});
  expect(await made.isTold(1)).toBe(true);
  refuse(new Error('may not'));
  await expect(made.isTold(1)).rejects.toThrow('may not');
});
