/** An address and the proxy variables of the environment → the agent that goes through the proxy; none where the address is reached without. */
import type { Agent } from 'node:http';

/** Undefined: straight. Throws where the proxy that is named is no address. */
export async function agentFor(url: URL, env: NodeJS.ProcessEnv): Promise<Agent | undefined> {
  const proxy = proxyFor(url, env);
  if (proxy === null) return undefined;
  // Loaded only here: most downloads go straight. A tunnel for what is encrypted, else the proxy is asked for the address itself.
  if (url.protocol === 'https:') return new (await import('https-proxy-agent')).HttpsProxyAgent(proxy);
  return new (await import('http-proxy-agent')).HttpProxyAgent(proxy);
}

/** The proxy by the variables that curl and Go heed, the small letters first; null: none. */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): string | null {
  const named = (name: string) => env[name] || env[name.toUpperCase()] || null;
  const proxy = named(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? named('all_proxy');
  if (proxy === null || isExcepted(url, named('no_proxy') ?? '')) return null;
  const whole = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (!/^https?:$/.test(URL.parse(whole)?.protocol ?? ''))
    throw new Error(`the proxy of the environment is no http or https address: ${withoutSecrets(proxy)}`);
  return whole;
}

function withoutSecrets(proxy: string): string {
  return proxy.replace(/[^/@]*@/, '');
}

/** `NO_PROXY`: hosts with commas between, each with its subdomains, with a port only that; `*` is all. */
function isExcepted({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return list.split(/[\s,]+/).some((one) => {
    if (one === '*') return true;
    const [, bracketed, plain, onlyPort] = /^(?:\[([^\]]+)\]|((?:[^:]*:){2,}[^:]*|[^:]+))(?::(\d+))?$/.exec(one.toLowerCase()) ?? [];
    const name = (bracketed ?? plain ?? '').replace(/^\*?\./, '');
    if (name === '' || (onlyPort !== undefined && onlyPort !== ownPort)) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}
