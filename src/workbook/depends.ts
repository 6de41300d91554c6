/** A lesson → the other files that decide what it does: pages that it comes after, its server's configuration, and the project's code that its steps import. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';
import { configOfPage } from './config.ts';
import type { LoadedLesson } from './load.ts';

/** Absolute path → a digest of what stands in it; of a file that is not there, the empty text. */
export type Dependencies = Map<string, string>;

const CODE = /\.[cm]?[jt]sx?$/;

/** Files are followed through their own imports, packages are not. Files that are not there are among them: they may come. */
export async function dependenciesOf(loaded: LoadedLesson): Promise<Dependencies> {
  const found: Dependencies = new Map();
  const follow = async (path: string): Promise<void> => {
    if (found.has(path)) return;
    found.set(path, '');
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return;
    found.set(path, createHash('sha256').update(text).digest('hex'));
    if (CODE.test(path)) await Promise.all(importsIn(text, path).map(follow));
  };
  for (let one: LoadedLesson | 'invalid' | null = loaded; one !== null && one !== 'invalid'; one = one.after) {
    if (one !== loaded) await follow(one.path);
    const config = configOfPage(one.lesson, one.path);
    if (config !== null) await follow(config.path);
    for (const { code, starter } of one.lesson.steps)
      for (const part of [code, starter]) if (part !== null) await Promise.all(importsIn(part.fence.text, `${one.path}.${part.language}`).map(follow));
  }
  return found;
}

/** The files that the code imports by a relative name, by `import` as a word of the language or as a call. */
function importsIn(code: string, path: string): string[] {
  if (!/\.{1,2}\//.test(code)) return [];
  const { module } = parseSync(path, code);
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
    ...module.dynamicImports.map(({ moduleRequest }) => code.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ];
  return specifiers.filter((one) => /^\.{1,2}\//.test(one)).map((one) => placeOf(one, path));
}

function placeOf(specifier: string, path: string): string {
  try {
    const url = new URL(specifier, pathToFileURL(path));
    return fileURLToPath(new URL(url.pathname, url));
  } catch {
    return resolve(dirname(path), specifier);
  }
}
