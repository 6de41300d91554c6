/** What lets a reader into a server of their own: what was given, completed by the variables of the `nats` CLI. */
import { expect, test } from 'vitest';
import { accessOf, completeFrom, type OwnServer, shownUrl } from '../../../src/workbook/own-server.ts';

const URL = 'nats://127.0.0.1:4222';
const NOTHING: OwnServer = {
  url: URL,
  user: null,
  password: null,
  token: null,
  creds: null,
  nkey: null,
  tlscert: null,
  tlskey: null,
  tlsca: null,
  context: null,
  timeout: null,
  domain: null,
};
/** So that no context of this machine's reader is found. */
const NOBODY = { XDG_CONFIG_HOME: '/no/such/folder' };
const ENV = { NATS_USER: 'env', NATS_PASSWORD: 'secret', NATS_TOKEN: '', NATS_CREDS: undefined };

test.each<[string, Partial<OwnServer>, NodeJS.ProcessEnv, Partial<OwnServer>]>([
  ['nothing is given', {}, ENV, { user: 'env', password: 'secret' }],
  ['a token is in the variables', {}, { NATS_TOKEN: 't' }, { token: 't' }],
  ['a user is given, and no password', { user: 'me' }, ENV, { user: 'me', password: 'secret' }],
  ['a user and a password are given', { user: 'me', password: 'mine' }, ENV, { user: 'me', password: 'mine' }],
  ['a token is given', { token: 't' }, ENV, { token: 't' }],
  ['credentials are given', { creds: 'a.creds' }, ENV, { creds: 'a.creds' }],
  ['the address has a user', { url: 'nats://me:pw@host' }, ENV, { url: 'nats://me:pw@host' }],
  ['there are no variables', {}, {}, {}],
])('where %s', async (_, given, env, whole) => {
  expect(await completeFrom({ ...NOBODY, ...env }, { ...NOTHING, ...given })).toEqual({ ...NOTHING, ...whole });
});

test.each([
  [URL, URL],
  ['nats://me:pw@host:4222', 'nats://host:4222'],
  ['me:pw@one,token@two', 'one,two'],
  ['tls://me@one:1,nats://two', 'tls://one:1,nats://two'],
])('%s is shown without what is secret in it', (url, shown) => {
  expect(shownUrl({ ...NOTHING, url })).toBe(shown);
});

test.each(['http://host', 'nats://', ':', 'nats://a b', ''])('%j is no address', async (url) => {
  await expect(accessOf({ ...NOTHING, url })).rejects.toMatchObject({
    problem: { code: 'usage', message: expect.stringContaining('is not the address of a nats-server') },
  });
});
