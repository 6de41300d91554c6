/** What a step left running → whether it is something that will end by itself. */

/** What may stay for ever, and does nothing by itself: connections, servers, watchers. */
const IDLE = new Set([
  // Our own channel, and standard output and error once something was printed; a child process shows as a ProcessWrap beside its pipes.
  'PipeWrap',
  'TCPSocketWrap',
  'TLSSocketWrap',
  'TLSWRAP',
  'TCPServerWrap',
  'PipeServerWrap',
  'UDPWrap',
  'FSEventWrap',
  'StatWatcher',
  'SignalWrap',
  'MessagePort',
]);

/** How often is looked, in milliseconds. */
const EVERY = 5;

const { setTimeout, setImmediate } = globalThis;
const { getActiveResourcesInfo } = process;

/** Calls back once nothing runs that ends by itself, or after `wait` milliseconds; at once where only idle connections are left. */
export function atRest(wait: number, callback: () => void): void {
  const until = performance.now() + wait;
  const look = () => {
    if (performance.now() >= until || !isBusy()) callback();
    else setTimeout(look, EVERY).unref();
  };
  if (wait === 0) callback();
  else setImmediate(look);
}

/** An idle NATS connection is a socket and the timer of its pings. */
function isBusy(): boolean {
  const counts = new Map<string, number>();
  for (const kind of getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const count = (kind: string) => counts.get(kind) ?? 0;
  if (count('Timeout') > count('TCPSocketWrap')) return true;
  return [...counts.keys()].some((kind) => kind !== 'Timeout' && !IDLE.has(kind));
}
