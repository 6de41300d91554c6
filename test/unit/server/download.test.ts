import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { download, LIMITS, useProxy } from '../../../src/server/download.ts';
import { mirror } from './fakes.ts';

test('a download goes through the proxy that the environment names, and only as long as it is told to', async ({ skip }) => {
  if (process.getBuiltinModule('node:http').setGlobalProxyFromEnv === undefined) skip('this Node knows no proxies');
  const { url, asked } = await mirror(() => 'the file');
  const tunnels: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, client) => {
    tunnels.push(request.url);
    const target = connect(Number(new URL(url).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(client);
      client.pipe(target);
    });
    onTestFinished(() => void target.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const restore = useProxy({ HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  expect((await download('http://releases.invalid/file', { limits: LIMITS })).toString()).toBe('the file');
  expect({ tunnels, asked }).toEqual({ tunnels: ['releases.invalid:80'], asked: ['/file'] });
  restore();
  await expect(download('http://releases.invalid/file', { limits: LIMITS })).rejects.toThrow(/^http:\/\/releases\.invalid\/file: getaddrinfo /);
});

test('a download follows where it is sent on to, and tells how far it is', async () => {
  const { url } = await mirror((file) => (file === 'old' ? (_, response) => void response.writeHead(302, { location: '/new' }).end() : 'the file'));
  const bytes: [number, number | null][] = [];
  const file = await download(`${url}/old`, { limits: LIMITS, onBytes: (received, total) => bytes.push([received, total]) });
  expect(file.toString()).toBe('the file');
  expect(bytes).toEqual([[8, 8]]);
});
