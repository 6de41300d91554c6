/** The whole workbook on a server of one's own that has TLS and takes only credentials of an operator's account: the pages stay as they are. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectWorkbook } from '../docker/workbook.ts';
import { createCertificates } from '../server/certificates.ts';
import { createCredentials } from '../server/creds.ts';
import { startTestServer, type TestServer } from '../server/start.ts';
import { lockerroom } from './command.ts';
import { fileIn, serverWith } from './own.ts';

let own: TestServer;

beforeAll(async () => {
  own = await startTestServer();
});

afterAll(() => own.stop());

test('passes but for what needs a private server, and leaves the account empty', async () => {
  const { ca, server } = createCertificates(join(own.folder.path, 'tls'));
  const { config, creds } = createCredentials();
  const { url } = await serverWith(own.folder, 'workbook', `tls { cert_file: "${server.cert}", key_file: "${server.key}" }\n${config}`);
  const letIn = ['--tlsca', ca, '--creds', fileIn(own.folder, 'captain.creds', creds)];
  const at = url.replace('nats://', 'tls://');
  await expectWorkbook(at, { letIn });
  const { stdout } = await lockerroom(['show', '--server', at, ...letIn, '--plain']);
  expect(stdout).toContain('The building is empty');
}, 900_000);
