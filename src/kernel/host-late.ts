/** What the clients ask for of `node:tls` → a stand-in that loads it at the first connection with TLS. */
import Module from 'node:module';

type Load = (this: unknown, request: string, parent?: { filename?: string | null }, ...rest: unknown[]) => unknown;

const CLIENT = /[\\/]node_modules[\\/](?:nats|@nats-io[\\/]transport-node)[\\/](?!.*[\\/]node_modules[\\/])/;
const { apply, get } = Reflect;
const { getBuiltinModule } = process;

/** Not by a hook of Node's for modules, which knows none that is made of values. */
export function loadTlsLate(): void {
  const modules = Module as unknown as { _load: Load };
  const load = modules._load;
  modules._load = function (request, parent, ...rest) {
    const isClients = /^(?:node:)?tls$/.test(request) && CLIENT.test(parent?.filename ?? '');
    return isClients ? lateTls() : apply(load, this, [request, parent, ...rest]);
  };
}

/** Loading it takes a sixth of a kernel's start, as Node then reads the certificates of all authorities. Before the client's first connection with TLS no socket of its is one of TLS. */
function lateTls(): object {
  let isLoaded = false;
  return new Proxy(
    {},
    {
      get(_target, name) {
        if (name === 'TLSSocket' && !isLoaded) return class TLSSocket {};
        isLoaded = true;
        return get(getBuiltinModule('node:tls'), name);
      },
    },
  );
}
