/** What a run was given to run on → its version, where it is, and whether that is elsewhere. */
import type { OwnAccount } from './own-account.ts';
import type { Programs } from './programs.ts';

/** The programs of a run, and the account of a server of one's own; without one there is a local server. */
export type Found = (Programs & { account: null }) | { server: Programs['server'] | null; nats: Programs['nats']; account: OwnAccount };

export function sourceOf(found: Found): string {
  return found.account === null ? (found.server.source ?? 'local') : found.account.url;
}

/** What is no private server of this machine; null where it is one. */
export function elsewhere({ account, server }: Found): { servers: number; source?: string } | null {
  return account ?? (server?.source === undefined ? null : { servers: 1, source: server.source });
}

export function versionOf(found: Found): string {
  return found.account === null ? found.server.version : found.account.version;
}
