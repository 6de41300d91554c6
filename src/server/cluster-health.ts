/** The servers of a cluster → whether they have come to rest, and which of them leads, by what their monitoring says. */
import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Where each server of a cluster answers questions about itself. */
export interface Monitored {
  readonly name: string;
  /** `http://127.0.0.1:PORT` */
  readonly monitor: string;
}

interface JetStream {
  meta_cluster?: { leader?: string; replicas?: Replica[] | null };
  account_details?: { stream_detail?: { cluster?: { leader?: string; replicas?: Replica[] | null } }[] | null }[] | null;
}

interface Replica {
  current: boolean;
  offline?: boolean;
}

interface Waiting {
  limit: number;
  signal: AbortSignal;
  /** What became of one that is lost; null: all are there. */
  lost: () => string | null;
}

/** What all servers say of themselves is fine by then; only a leader has not heard it of a copy, as happens (2.11) until something is written. */
const BEHIND = 'not all copies of its streams are known to be up to date';
/** Milliseconds for which that is waited for. */
const HEARSAY = 5_000;

/** Milliseconds between two looks: a server answers nine questions at each. */
const LOOK_EVERY = 100;
/** Milliseconds for an answer. */
const ANSWER_WITHIN = 2_000;

/**
 * Waits until the servers agree who leads, all streams have a leader, and everybody has what the leaders have. Rejects with one sentence where that takes longer than
 * `limit` milliseconds, or one of them is lost, and with the signal's reason.
 */
export async function awaitCluster(members: readonly Monitored[], waiting: Waiting): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  try {
    await comeToRest(members, waiting, agent);
  } finally {
    agent.destroy();
  }
}

async function comeToRest(members: readonly Monitored[], { limit, signal, lost }: Waiting, agent: Agent): Promise<void> {
  const until = performance.now() + limit;
  let behind: number | null = null;
  for (let reason = await unrest(members, agent); reason !== null; reason = await unrest(members, agent)) {
    signal.throwIfAborted();
    const loss = lost();
    if (loss !== null) throw new Error(loss);
    const now = performance.now();
    behind = reason === BEHIND ? (behind ?? now) : null;
    if (behind !== null && now - behind > HEARSAY) return;
    if (now > until) throw new Error(`the cluster did not come to rest within ${limit / 1_000} s: ${reason}`);
    await delay(LOOK_EVERY);
  }
}

/** The index of the server that leads the most streams; of several, the first. */
export async function busiestLeader(members: readonly Monitored[]): Promise<number> {
  const seen = await Promise.all(members.map((one) => askJetStream(one, false)));
  const leads = members.map(({ name }, at) => streamsOf(seen[at]).filter(({ leader }) => leader === name).length);
  return leads.indexOf(Math.max(...leads));
}

/** What is still to come; null where nothing is. */
async function unrest(members: readonly Monitored[], agent: Agent): Promise<string | null> {
  const healthy = await Promise.all(members.map(({ monitor }) => ask(`${monitor}/healthz`, agent)));
  if (healthy.some((one) => one?.status !== 'ok')) return 'not all of its servers are healthy';
  const routes = await Promise.all(members.map(({ monitor }) => ask(`${monitor}/routez`, agent)));
  if (!areJoined(members, routes)) return 'not all of its servers know each other';
  const seen = await Promise.all(members.map((one) => askJetStream(one, agent)));
  const leaders = new Set(seen.map((one) => one?.meta_cluster?.leader ?? ''));
  const [leader] = leaders;
  if (leaders.size !== 1 || leader === '') return 'its servers do not agree who leads';
  // Who leads knows how far the others are.
  const meta = seen[members.findIndex(({ name }) => name === leader)]?.meta_cluster;
  if (!areCurrent(meta?.replicas, members.length)) return 'not all of its servers have heard from the leader';
  const streams = members.flatMap(({ name }, at) => streamsOf(seen[at]).map((stream) => ({ ...stream, isLed: stream.leader === name })));
  if (streams.some(({ leader }) => !leader)) return 'not all of its streams have a leader';
  return streams.every(({ isLed, replicas }) => !isLed || (replicas ?? []).every(isCurrent)) ? null : BEHIND;
}

/** Servers are joined by several routes, and what is said while some are being made can be lost. */
function areJoined(members: readonly Monitored[], seen: ({ routes?: { remote_name?: string }[] } | null)[]): boolean {
  const names = members.map(({ name }) => name);
  const routes = seen.map((one, at) =>
    names.filter((_, other) => other !== at).map((name) => one?.routes?.filter((route) => route.remote_name === name).length ?? 0),
  );
  const [most = 0] = routes.flat().sort((one, other) => other - one);
  return most > 0 && routes.flat().every((count) => count === most);
}

function streamsOf(seen: JetStream | null | undefined): { leader?: string; replicas?: Replica[] | null }[] {
  return (seen?.account_details ?? []).flatMap(({ stream_detail }) => stream_detail ?? []).map(({ cluster }) => cluster ?? {});
}

function areCurrent(replicas: Replica[] | null | undefined, servers: number): boolean {
  return replicas?.length === servers - 1 && replicas.every(isCurrent);
}

function isCurrent({ current, offline }: Replica): boolean {
  return current && offline !== true;
}

function askJetStream({ monitor }: Monitored, agent: Agent | false): Promise<JetStream | null> {
  return ask(`${monitor}/jsz?accounts=true&streams=true`, agent);
}

/** Null where nobody answers. An agent of its own, or none, knows nothing of a proxy. */
function ask(url: string, agent: Agent | false): Promise<Record<string, unknown> | null> {
  return new Promise((resolve) => {
    const request = get(url, { agent, timeout: ANSWER_WITHIN }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (more: string) => (text += more));
      response.on('end', () => resolve(parse(text)));
      response.on('error', () => resolve(null));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
  });
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
