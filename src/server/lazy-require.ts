/** A package, and names of others that it requires and we seldom use → the package at once, and each of those when it is first used. */
import Module from 'node:module';

type Require = (this: unknown, id: string) => unknown;

/** What `load` requires by one of these names stands for the package until something of it is used. */
export function requireLazily<Loaded>(seldom: ReadonlySet<string>, load: () => Loaded): Loaded {
  const prototype = Module.prototype as unknown as { require: Require };
  const plain = prototype.require;
  prototype.require = function (id) {
    return seldom.has(id) ? standIn(() => plain.call(this, id)) : plain.call(this, id);
  };
  try {
    return load();
  } finally {
    prototype.require = plain;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: it is whatever the package is
function standIn(load: () => any): unknown {
  // A function, since a package may be one.
  return new Proxy(() => {}, {
    // Compiled code asks this right away; a package that says no is wrapped, and used in the same way then.
    get: (_, name) => (name === '__esModule' ? undefined : load()[name]),
    has: (_, name) => name in load(),
    apply: (_, self, args) => Reflect.apply(load(), self, args),
    construct: (_, args) => Reflect.construct(load(), args),
  });
}
