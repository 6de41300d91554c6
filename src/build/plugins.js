/** What the bundler would have load at every start → only what is used. Each of these was measured in whole starts of the command. */
import { isBuiltin } from 'node:module';

const BUILTIN = '\0builtin:';
/** The bundler's own start. */
const AS_IT_IS = /^\0rolldown/;

/** `import` of a built-in module reads all its properties, and so loads what nobody uses: of `fs` and `process` the streams, seven milliseconds. */
export const directBuiltins = {
  name: 'direct-builtins',
  resolveId(source, importer = '') {
    if (!isBuiltin(source) || AS_IT_IS.test(importer)) return null;
    const name = source.replace(/^node:/, '');
    const late = LATE.find((one) => one.name === name && one.by.test(importer));
    return `${BUILTIN}${name}${late === undefined ? '' : ' late'}`;
  },
  load(id) {
    if (!id.startsWith(BUILTIN)) return null;
    const [name, isLate] = id.slice(BUILTIN.length).split(' ');
    const module = `process.getBuiltinModule('node:${name}')`;
    return `module.exports = ${isLate ? LATE.find((one) => one.name === name).code(module) : module};`;
  },
};

/**
 * The same for a kernel's host, fourteen milliseconds of processor. What it uses of them is taken when it starts, so that it stays what it was when a step
 * patches them.
 */
export const earlyBuiltins = {
  name: 'early-builtins',
  renderChunk: (code) =>
    code.replace(/^import (?:(\w+)(?:, )?)?(?:\{(.*)\})? ?from "(node:[\w/]+)";$/gm, (_whole, whole, named, module) => taken(module, whole, named)),
};

function taken(module, whole, named) {
  const names = [whole, named && `{${named.replaceAll(' as ', ': ')}}`].filter((one) => one !== undefined);
  return names.map((one) => `const ${one} = process.getBuiltinModule('${module}');`).join(' ');
}

/** Built-in modules that packages load whether or not they are going to use them, with what these packages use of them. */
const LATE = [
  // Three milliseconds, for subcommands that are programs of their own.
  { name: 'child_process', by: /[\\/]commander[\\/]/, code: (module) => `{ spawn: (...args) => ${module}.spawn(...args) }` },
  // Five milliseconds, for signing with a key; and before anything is started for what is needed behind that.
  {
    name: 'crypto',
    by: /[\\/]tweetnacl[\\/]|src[\\/]kernel[\\/]parent\.ts$|src[\\/]server[\\/]release\.ts$/,
    code: (module) => `{ randomBytes: (size) => ${module}.randomBytes(size), createHash: (name) => ${module}.createHash(name) }`,
  },
  // Twelve milliseconds, for a server of one's own that has TLS. Before its first connection no socket is one of TLS.
  {
    name: 'tls',
    by: /[\\/]transport-node[\\/]/,
    code: (tls) => `{
  connect(...args) { module.exports.TLSSocket = ${tls}.TLSSocket; return ${tls}.connect(...args); },
  TLSSocket: class {},
}`,
  },
];

/** Of the scope manager the names of TypeScript's libraries, half of its size: it is never asked for one. */
export const withoutLibraries = {
  name: 'without-libraries',
  load: { filter: { id: /scope-manager[\\/]dist[\\/]lib[\\/]index\.js$/ }, handler: () => 'exports.lib = new Map();' },
};

/** The names of HTML's characters are unpacked, four milliseconds, when a page has the first `&`. */
export const lateEntities = {
  name: 'late-entities',
  transform: {
    filter: { id: /[\\/]entities[\\/]dist[\\/](?:decode|generated[\\/]decode-data-html)\.js$/ },
    handler(code, id) {
      if (!id.endsWith('decode.js')) return once(code, /export const htmlDecodeTree = (.*);/, 'let tree;\nexport const htmlDecodeTree = () => (tree ??= $1);');
      return once(code, / = htmlDecodeTree;/, ' = htmlDecodeTree();');
    },
  },
};

/** Throws where a new version of the package says it otherwise. */
function once(code, pattern, replacement) {
  if ([...code.matchAll(new RegExp(pattern, 'g'))].length !== 1) throw new Error(`${pattern} is not there once`);
  return code.replace(pattern, replacement);
}
