/** The code of steps → modules of the lesson's folder; which import failed, and by which import of the step it came. */
import { readFileSync } from 'node:fs';
import { flushCompileCache, registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { standIn } from './host-own-server.ts';

/** What a step's module calls before its own code; one for all, as each further module costs a quarter of a millisecond a step. */
const BEGUN = 'lockerroom:begun';
/** A module that imports another one behind one of its own: that its own was evaluated says that all imports of the other were found. */
const PROBE = 'lockerroom:probe?';
/** A module for each package that is loaded before any step asks. No file's, so that what is compiled of it is not kept for each lesson. */
const PRELOAD = 'lockerroom:preload?';

interface Asked {
  specifier: string;
  by: string | undefined;
}

const sources = new Map<string, string>();
/** A module → who imported it first. */
const importers = new Map<string, Asked>();
const allSettled = Promise.allSettled.bind(Promise);
let failed: Asked | null = null;
let loading = '';
let begunCount = 0;
let preloaded = 0;

/** Called by every step's module before its own code. */
export function begun(count: number): void {
  begunCount = count;
}

/** Finds and loads what the steps of this lesson import: from its folder and, where that finds nothing, from this package. */
export function hookModules(lessonFile: string): void {
  const lessonUrl = pathToFileURL(lessonFile).href;
  const folder = new URL('.', lessonUrl).href;
  registerHooks({
    resolve(specifier, given, next) {
      if (sources.has(specifier)) return { url: specifier, format: 'module', shortCircuit: true };
      const by = given.parentURL;
      const context = by?.startsWith(PRELOAD) ? { ...given, parentURL: lessonUrl } : given;
      let found: ReturnType<typeof next>;
      try {
        found = next(specifier, context);
      } catch (error) {
        const again = isElsewhere(specifier, by, error) ? tryHere(() => next(specifier, { ...context, parentURL: import.meta.url })) : null;
        if (again === null) {
          failed = { specifier, by };
          throw error;
        }
        found = again;
      }
      if (!importers.has(found.url) || isStep(by)) importers.set(found.url, { specifier, by });
      const instead = given.conditions?.includes('require') ? null : standIn(specifier, found);
      if (instead === null) return found;
      sources.set(instead.url, instead.source);
      return { url: instead.url, format: 'module', shortCircuit: true };
    },
    load(url, context, next) {
      loading = url;
      const source = sources.get(url) ?? stripUnderNodeModules(url, folder);
      return source === null ? next(url, context) : { format: 'module', source, shortCircuit: true };
    },
  });
  sources.set(BEGUN, `export { begun } from ${JSON.stringify(import.meta.url)};`);
  void import(BEGUN);
}

/** Makes a step's code a module; throws where Node cannot strip its types. */
export function addStep(url: string, language: 'ts' | 'js', source: string, count: number): void {
  const stripped = language === 'ts' ? stripTypeScriptTypes(source, { mode: 'strip', sourceUrl: url }) : source;
  sources.set(url, `import { begun as $begun } from '${BEGUN}'; $begun(${count}); ${stripped}`);
  failed = null;
}

/** Loads packages as a step would, so that the first step finds them loaded. A failure is the step's to meet. */
export function preload(specifiers: readonly string[]): void {
  const loading = specifiers.map((specifier) => {
    const url = `${PRELOAD}${preloaded++}`;
    sources.set(url, `import ${JSON.stringify(specifier)};`);
    return import(url).catch(() => {});
  });
  const before = sources.size;
  // This process is going to be killed, and would never write what it compiled. Steps are not kept: there is no end of them.
  allSettled(loading).then(() => {
    if (sources.size === before) flushCompileCache();
  });
}

export function hasBegun(count: number): boolean {
  return begunCount === count;
}

/** Calls back, of a step that failed before its own code began, with whether that was in something that it imports; else its imports were not found. Nothing runs twice. */
export function askLinked(count: number, url: string, callback: (isLinked: boolean) => void): void {
  const outer = `${PROBE}${count}`;
  const inner = `${outer}&linked`;
  sources.set(inner, `import { begun } from '${BEGUN}'; begun(${count});`);
  sources.set(outer, `import '${inner}'; import ${JSON.stringify(url)};`);
  const answer = () => callback(hasBegun(count));
  import(outer).then(answer, answer);
}

/** Whether the code that could not be compiled is that of the step itself. */
export function isOwnCode(url: string): boolean {
  return loading === url;
}

/** By which import of the step at `url` its linking failed; null where it was not by an import. */
export function failedImport(url: string): string | null {
  let asked: Asked | undefined = failed ?? importers.get(loading);
  const seen = new Set<Asked>();
  while (asked !== undefined && asked.by !== url && !seen.has(asked)) {
    seen.add(asked);
    asked = importers.get(asked.by ?? '');
  }
  return asked?.by === url ? asked.specifier : null;
}

function isStep(url: string | undefined): boolean {
  return url !== undefined && sources.has(url);
}

function isElsewhere(specifier: string, by: string | undefined, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  const isBare = !/^(?:\.{0,2}\/|\.\.?$|#|[a-z][a-z0-9+.-]*:)/i.test(specifier);
  const isOurs = by !== undefined && (isStep(by) || !by.includes('/node_modules/'));
  return isBare && isOurs && (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND');
}

function tryHere<Found>(find: () => Found): Found | null {
  try {
    return find();
  } catch {
    return null;
  }
}

/** Node strips no types below node_modules; what a lesson there imports from beside it may have types all the same. */
function stripUnderNodeModules(url: string, folder: string): string | null {
  const isBeside = folder.includes('/node_modules/') && url.startsWith(folder) && !url.slice(folder.length).includes('/node_modules/');
  if (!isBeside || !/\.m?ts$/.test(url)) return null;
  return stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'), { mode: 'strip', sourceUrl: url });
}
