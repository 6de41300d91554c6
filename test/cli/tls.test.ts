/** A server of one's own that has TLS: what is built loads TLS only for such a one, and must then do all the same. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../src/server/local.ts';
import { serverBinary, startTestServer, type TestServer } from '../server/start.ts';
import { lockerroom } from './command.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/tls');
const CERTIFICATE = join(FIXTURES, 'cert.pem');

let own: TestServer;
let server: LocalServer;

beforeAll(async () => {
  own = await startTestServer();
  const config = join(own.folder.path, 'tls.conf');
  writeFileSync(config, `tls { cert_file: ${JSON.stringify(CERTIFICATE)}, key_file: ${JSON.stringify(join(FIXTURES, 'key.pem'))} }\n`);
  server = await startLocalServer({ binary: await serverBinary(), folder: own.folder, config });
});

afterAll(() => own.stop());

test('one whose certificate is trusted is let in to', async () => {
  const { code, stdout, stderr } = await lockerroom(['show', '--server', server.url, '--plain'], { env: { NODE_EXTRA_CA_CERTS: CERTIFICATE } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('nats-server');
});

test.each(['nats', '@nats-io/transport-node'])('a page is let in to it by %s', async (client) => {
  const page = join(own.folder.path, 'a.md');
  const code = `import { connect } from '${client}';
const nc = await connect({ servers: '${server.url}', tls: { caFile: ${JSON.stringify(CERTIFICATE)} } });
console.log(nc.info?.tls_required, nc.getServer());`;
  writeFileSync(page, `# A\n\n\`\`\`ts\n${code}\n\`\`\`\n\n\`\`\`text output\ntrue <any>\n\`\`\`\n`);
  const { code: exit, stdout } = await lockerroom(['run', page]);
  expect(exit, stdout).toBe(0);
});

test('a certificate that nobody known has signed is refused', async () => {
  const { code, stderr } = await lockerroom(['show', '--server', server.url, '--plain']);
  expect(code).toBe(3);
  expect(stderr).toMatch(/certificate/i);
});
