/** An operator made on the spot → a nats-server configuration that trusts it, and a credentials file of one of its users. */
import { createHash, randomUUID } from 'node:crypto';
import { nkeys } from '@nats-io/nats-core';

export interface Credentials {
  /** For the server's configuration. */
  config: string;
  /** The text of the user's `.creds` file. */
  creds: string;
}

type KeyPair = ReturnType<typeof nkeys.createUser>;

const UNLIMITED = {
  subs: -1,
  data: -1,
  payload: -1,
  imports: -1,
  exports: -1,
  wildcards: true,
  conn: -1,
  leaf: -1,
  mem_storage: -1,
  disk_storage: -1,
  streams: -1,
  consumer: -1,
};

export function createCredentials(): Credentials {
  const [operator, account, system, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount(), nkeys.createUser()];
  const accountOf = (pair: KeyPair, name: string, limits: object) => sign(operator, pair, name, { type: 'account', version: 2, limits });
  const operatorJwt = sign(operator, operator, 'operator', { type: 'operator', version: 2, system_account: system.getPublicKey() });
  const { mem_storage: _, disk_storage: __, streams: ___, consumer: ____, ...plain } = UNLIMITED;
  const config = [
    `operator: "${operatorJwt}"`,
    `system_account: ${system.getPublicKey()}`,
    'resolver: MEMORY',
    'resolver_preload: {',
    `  ${account.getPublicKey()}: "${accountOf(account, 'team', UNLIMITED)}"`,
    `  ${system.getPublicKey()}: "${accountOf(system, 'system', plain)}"`,
    '}',
  ].join('\n');
  const jwt = sign(account, user, 'captain', { type: 'user', version: 2, subs: -1, data: -1, payload: -1 });
  const seed = new TextDecoder().decode(user.getSeed());
  const block = (kind: string, text: string, dashes: string) => `-----BEGIN ${kind}-----\n${text}\n${dashes}END ${kind}${dashes}\n`;
  return { config, creds: `${block('NATS USER JWT', jwt, '------')}\n${block('USER NKEY SEED', seed, '------')}` };
}

function sign(issuer: KeyPair, subject: KeyPair, name: string, nats: object): string {
  const claims = {
    jti: createHash('sha256').update(randomUUID()).digest('hex'),
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    name,
    sub: subject.getPublicKey(),
    nats,
  };
  const body = [{ typ: 'JWT', alg: 'ed25519-nkey' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${body}.${Buffer.from(issuer.sign(new TextEncoder().encode(body))).toString('base64url')}`;
}
