/** Downloads from mirrors that are slow, break off, fail and lie, straight and through a proxy. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { download } from '../../../src/server/download.ts';
import { proxyFor } from '../../../src/server/download-proxy.ts';
import { closedAddress, mirror, type Route } from './fakes.ts';

const LIMITS = { connect: 8_000, stall: 8_000, retries: 3, backoff: 1, whole: 60_000 };
const DIRECT = { env: {}, limits: LIMITS };

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('a download follows where it is sent on to, and tells how far it is', async () => {
  const { url } = await mirror((file) => (file === 'old' ? (_, response) => void response.writeHead(302, { location: '/new' }).end() : 'the file'));
  const bytes: [number, number | null][] = [];
  const file = await download(`${url}/old`, { ...DIRECT, onBytes: (received, total) => bytes.push([received, total]) });
  expect(file.toString()).toBe('the file');
  expect(bytes).toEqual([[8, 8]]);
});

test('it follows neither in circles nor to another kind of address', async () => {
  const to =
    (location: string): Route =>
    (_, response) =>
      void response.writeHead(302, { location }).end();
  const { url } = await mirror((file) => to(file === 'circle' ? '/circle' : 'file:///etc/passwd'));
  await expect(download(`${url}/circle`, DIRECT)).rejects.toThrow(`${url}/circle: it is sent on more than 10 times`);
  await expect(download(`${url}/away`, DIRECT)).rejects.toThrow('it is sent on to file:///etc/passwd, which is no https address');
});

describe('a mirror that fails is asked again:', () => {
  const FILE = Buffer.from('0123456789'.repeat(1_000));
  const HALF = FILE.length / 2;

  /** Answers one after the other, and what each was asked with. */
  async function answering(...answers: ((request: IncomingMessage, response: ServerResponse) => void)[]) {
    const asked: Partial<Record<'range' | 'if-range', string | string[]>>[] = [];
    const told: string[] = [];
    const { url } = await mirror(() => (request, response) => {
      const { range, 'if-range': ifRange } = request.headers;
      asked.push({ ...(range && { range }), ...(ifRange && { 'if-range': ifRange }) });
      (answers.length > 1 ? answers.shift() : answers[0])?.(request, response);
    });
    return {
      url,
      asked,
      told,
      get: (stall = LIMITS.stall) => download(`${url}/file`, { env: {}, limits: { ...LIMITS, stall }, onRetry: (text) => told.push(text) }),
    };
  }

  type Headers = Record<string, string>;
  const whole =
    (headers: Headers = {}) =>
    (_: unknown, response: ServerResponse) =>
      void response.writeHead(200, headers).end(FILE);
  const cutOff =
    (headers: Headers = {}) =>
    (_: unknown, response: ServerResponse) => {
      response.writeHead(200, { 'content-length': FILE.length, ...headers });
      response.write(FILE.subarray(0, HALF), () => setTimeout(() => response.destroy(), 20));
    };
  const status = (code: number) => (_: unknown, response: ServerResponse) => void response.writeHead(code).end();
  const rest = (_: unknown, response: ServerResponse) =>
    void response.writeHead(206, { 'content-range': `bytes ${HALF}-${FILE.length - 1}/${FILE.length}`, etag: '"1"' }).end(FILE.subarray(HALF));
  const resumed = { range: `bytes=${HALF}-`, 'if-range': '"1"' };

  test.each<[what: string, answers: Parameters<typeof answering>, asked: object[]]>([
    ['500, then fine', [status(500), whole()], [{}, {}]],
    ['too busy, then fine', [status(503), status(429), whole()], [{}, {}, {}]],
    ['hung up before a word', [(_, response) => response.destroy(), whole()], [{}, {}]],
    ['cut off, and gone on with from there', [cutOff({ etag: '"1"' }), rest], [{}, resumed]],
    ['cut off, and another file by now', [cutOff({ etag: '"1"' }), whole({ etag: '"2"' })], [{}, resumed]],
    [
      'cut off, by its time of change',
      [cutOff({ 'last-modified': 'Wed, 01 Jan 2025 00:00:00 GMT' }), whole()],
      [{}, { range: resumed.range, 'if-range': 'Wed, 01 Jan 2025 00:00:00 GMT' }],
    ],
    ['cut off, and nothing tells which file it was', [cutOff({ etag: 'W/"1"' }), whole()], [{}, {}]],
    [
      'cut off, and a rest that was not asked for',
      [cutOff({ etag: '"1"' }), (_, response) => void response.writeHead(206, { 'content-range': 'bytes 0-1/2' }).end('01'), whole()],
      [{}, resumed, {}],
    ],
    ['cut off, and no rest to be had', [cutOff({ etag: '"1"' }), status(416), whole()], [{}, resumed, {}]],
    [
      'stalled',
      [(_, response) => void response.writeHead(200, { 'content-length': FILE.length, etag: '"1"' }).write(FILE.subarray(0, HALF)), rest],
      [{}, resumed],
    ],
  ])('%s', async (what, answers, asked) => {
    const one = await answering(...answers);
    expect((await one.get(what === 'stalled' ? 1_000 : undefined)).equals(FILE)).toBe(true);
    expect(one.asked).toEqual(asked);
    expect(one.told).toHaveLength(asked.length - 1);
  });

  test('not without end, and with longer and longer breaks', async () => {
    const { url, get, told } = await answering(status(502));
    await expect(get()).rejects.toThrow(`${url}/file: the server answers 502 Bad Gateway`);
    expect(told.map((text) => text.replace(/^\S+ /, ''))).toEqual(
      ['0.001', '0.002', '0.004'].map((wait) => `the server answers 502 Bad Gateway; again in ${wait} s`),
    );
  });

  test('but not for a file that is not there, nor where nobody is', async () => {
    const { url, asked, get } = await answering(status(404));
    await expect(get()).rejects.toThrow(`${url}/file: the server answers 404 Not Found`);
    expect(asked).toEqual([{}]);
    const told: string[] = [];
    await expect(download(await closedAddress(), { ...DIRECT, onRetry: (text) => told.push(text) })).rejects.toThrow(/ECONNREFUSED/);
    expect(told).toEqual([]);
  });

  test('and not for a minute, where it only trickles', async () => {
    const trickle: Route = (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    };
    const { url } = await mirror(() => trickle);
    await expect(download(url, { env: {}, limits: { ...LIMITS, whole: 200 } })).rejects.toThrow(/it did not arrive within/);
  });

  test('until it is no longer wanted', async () => {
    const unwanted = new AbortController();
    const reason = new Error('enough');
    const { url } = await mirror(() => status(500));
    const limits = { ...LIMITS, backoff: 60_000 };
    await expect(download(url, { env: {}, limits, signal: unwanted.signal, onRetry: () => unwanted.abort(reason) })).rejects.toBe(reason);
  });
});

describe('a proxy', () => {
  /** One that knows where `releases.invalid` is, for what is tunnelled and for what is not. */
  async function proxyTo(port: number, { password }: { password?: string } = {}) {
    const seen: string[] = [];
    const isAllowed = ({ headers }: IncomingMessage) => password === undefined || headers['proxy-authorization'] === `Basic ${btoa(`me:${password}`)}`;
    const server = createServer((request, response) => {
      seen.push(`GET ${request.url}`);
      response.end('by the proxy');
    });
    server.on('connect', (request, client) => {
      seen.push(`CONNECT ${request.url}`);
      if (!isAllowed(request)) {
        client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const target = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        target.pipe(client);
        client.pipe(target);
      });
      for (const end of [target, client]) end.on('error', () => {});
      onTestFinished(() => void target.destroy());
    });
    return { seen, port: await listening(server) };
  }

  async function secureMirror(): Promise<number> {
    const tls = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/tls', name));
    // The certificate is nobody's, and for another name.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => void vi.unstubAllEnvs());
    onTestFinished(() => void vi.restoreAllMocks());
    return listening(createSecureServer({ cert: tls('cert.pem'), key: tls('key.pem') }, (_, response) => response.end('the file')));
  }

  test('of the environment is gone through by a tunnel, which sees nothing of what is encrypted', async () => {
    const proxy = await proxyTo(await secureMirror(), { password: 's3cret' });
    const url = 'https://releases.invalid/v1/file';
    const through = (who: string) => download(url, { env: { HTTPS_PROXY: `http://${who}127.0.0.1:${proxy.port}` }, limits: LIMITS });
    expect((await through('me:s3cret@')).toString()).toBe('the file');
    expect(proxy.seen).toEqual(['CONNECT releases.invalid:443']);
    await expect(through('')).rejects.toThrow(`${url}: the server answers 407 Proxy Authentication Required`);
    await expect(download(url, DIRECT)).rejects.toThrow(/getaddrinfo/);
  });

  test('is asked for the whole address of what is not encrypted', async () => {
    const proxy = await proxyTo(0);
    const file = await download('http://releases.invalid/file', { env: { http_proxy: `127.0.0.1:${proxy.port}` }, limits: LIMITS });
    expect([file.toString(), proxy.seen]).toEqual(['by the proxy', ['GET http://releases.invalid/file']]);
  });

  test('is not asked for what NO_PROXY names', async () => {
    const { url } = await mirror(() => 'straight');
    const env = { http_proxy: await closedAddress(), NO_PROXY: 'example.com,127.0.0.1' };
    expect((await download(url, { env, limits: LIMITS })).toString()).toBe('straight');
  });

  const [A, B] = ['http://a:1', 'http://b:2'];
  test.each<[env: NodeJS.ProcessEnv, url: string, proxy: string | null]>([
    [{}, 'https://host/', null],
    [{ HTTPS_PROXY: A, HTTP_PROXY: B }, 'https://host/', A],
    [{ HTTPS_PROXY: A, HTTP_PROXY: B }, 'http://host/', B],
    [{ HTTPS_PROXY: B, https_proxy: A }, 'https://host/', A],
    [{ HTTP_PROXY: A }, 'https://host/', null],
    [{ ALL_PROXY: A }, 'https://host/', A],
    [{ HTTPS_PROXY: 'proxy:3128' }, 'https://host/', 'http://proxy:3128'],
    [{ HTTPS_PROXY: A, NO_PROXY: '*' }, 'https://host/', null],
    [{ HTTPS_PROXY: A, NO_PROXY: 'other, host' }, 'https://host/', null],
    [{ HTTPS_PROXY: A, NO_PROXY: 'host' }, 'https://sub.host/', null],
    [{ HTTPS_PROXY: A, NO_PROXY: '.host' }, 'https://sub.host/', null],
    [{ HTTPS_PROXY: A, NO_PROXY: '*.host' }, 'https://sub.host/', null],
    [{ HTTPS_PROXY: A, NO_PROXY: 'host' }, 'https://ghost/', A],
    [{ HTTPS_PROXY: A, NO_PROXY: 'host:443' }, 'https://host/', null],
    [{ HTTPS_PROXY: A, NO_PROXY: 'host:8443' }, 'https://host/', A],
    [{ HTTPS_PROXY: A, NO_PROXY: '::1,[::2]:443' }, 'https://[::1]/', null],
    [{ HTTPS_PROXY: A, NO_PROXY: '::1,[::2]:443' }, 'https://[::2]/', null],
  ])('by %j for %s is %s', (env, url, proxy) => {
    expect(proxyFor(new URL(url), env)).toBe(proxy);
  });

  test('of another kind is refused, without what is secret in it', () => {
    expect(() => proxyFor(new URL('https://host/'), { HTTPS_PROXY: 'socks5://me:s3cret@host:1' })).toThrow(
      'the proxy of the environment is no http or https address: socks5://host:1',
    );
  });
});
