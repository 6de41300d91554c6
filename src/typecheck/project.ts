/** Lessons → a temporary TypeScript project: each step a file that sees the packages and files that the lesson's own folder sees. */
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { anyModuleOf, moduleOf, scopesOf } from './module.ts';
import type { TypedLesson, TypedStep } from './steps.ts';

/** A step's module in the project. */
export interface StepFile {
  lesson: TypedLesson;
  step: TypedStep;
}

export interface Project {
  configuration: string;
  /** Absolute path of a module → its step. */
  files: Map<string, StepFile>;
}

/** Where the steps of one folder's lessons lie: `root`, followed by the folder's own absolute path. */
interface Place {
  root: string;
  /** Where packages are looked for, in that order. */
  packages: string[];
}

const OPTIONS = {
  target: 'esnext',
  lib: ['esnext'],
  module: 'nodenext',
  moduleDetection: 'force',
  strict: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
} as const;

/** Writes the project into `folder`, which must be there. Nothing is written elsewhere. Steps in `unchecked` count as not to be checked. */
export async function writeProject(lessons: TypedLesson[], folder: string, unchecked: Set<TypedStep>): Promise<Project> {
  const places = new Map<string, Place>();
  for (const lesson of new Set(lessons.map(({ path }) => dirname(path)))) places.set(lesson, await makePlace(lesson, join(folder, String(places.size))));
  const files = new Map<string, StepFile>();
  for (const lesson of lessons) {
    const place = places.get(dirname(lesson.path));
    if (place !== undefined) await writeSteps(lesson, join(place.root, dirname(lesson.path)), unchecked, files);
  }
  const types = [...places.values()].flatMap(({ packages }) => packages.map((one) => join(one, '@types/node'))).find((one) => existsSync(one));
  // Relative imports are looked for in the lesson's own folder, too: the root of a place and that of the file system count as one.
  const rootDirs = [...[...places.values()].map(({ root }) => root), '/'];
  const configuration = join(folder, 'tsconfig.json');
  const compilerOptions = { ...OPTIONS, types: types === undefined ? [] : [types], rootDirs };
  await writeFile(configuration, JSON.stringify({ compilerOptions, files: [...files.keys()] }));
  return { configuration, files };
}

async function writeSteps(lesson: TypedLesson, folder: string, unchecked: Set<TypedStep>, files: Map<string, StepFile>): Promise<void> {
  const nameOf = (step: TypedStep) => `${basename(lesson.path)}.step-${lesson.steps.indexOf(step) + 1}.ts`;
  await mkdir(folder, { recursive: true });
  for (const [step, scope] of scopesOf(lesson.steps)) {
    const isChecked = step.checked && !unchecked.has(step);
    const path = join(folder, nameOf(step));
    // Thousands of small files: one after the other through the thread pool takes ten times as long.
    writeFileSync(path, isChecked ? moduleOf(step, scope, (owner) => `./${nameOf(owner)}`) : anyModuleOf(step));
    files.set(path, { lesson, step });
  }
}

/**
 * One folder inside the other for each `node_modules` that Node would search, the nearest one innermost, as TypeScript too searches upwards. Innermost is the
 * lesson's package.json, as far as it says what imports mean; a step is a module whatever that file says.
 */
async function makePlace(lessons: string, folder: string): Promise<Place> {
  const packages = [...new Set([...nodeModulesAbove(lessons), ...nodeModulesAbove(import.meta.dirname)])];
  let innermost = folder;
  for (const one of packages.toReversed()) {
    await mkdir(innermost, { recursive: true });
    await symlink(one, join(innermost, 'node_modules'));
    innermost = join(innermost, 'in');
  }
  const scope = ancestors(lessons).find((one) => existsSync(join(one, 'package.json')));
  const { name, exports, imports } = scope === undefined ? {} : await readPackage(join(scope, 'package.json'));
  await mkdir(innermost, { recursive: true });
  if (scope !== undefined && imports !== undefined) {
    for (const entry of await readdir(scope))
      if (entry !== 'node_modules' && entry !== 'package.json') await symlink(join(scope, entry), join(innermost, entry));
  }
  if (scope !== undefined && exports !== undefined && typeof name === 'string' && /^(@[\w.-]+\/)?[\w.-]+$/.test(name)) {
    const itself = join(innermost, 'node_modules', name);
    await mkdir(dirname(itself), { recursive: true });
    await symlink(scope, itself);
  }
  await writeFile(join(innermost, 'package.json'), JSON.stringify({ type: 'module', imports }));
  return { root: join(innermost, '.steps'), packages };
}

function nodeModulesAbove(folder: string): string[] {
  return ancestors(folder)
    .filter((one) => basename(one) !== 'node_modules')
    .map((one) => join(one, 'node_modules'))
    .filter((one) => existsSync(one));
}

/** The folder and all above it. */
function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

/** Of a file that is no package.json, nothing: npm itself says so. */
async function readPackage(path: string): Promise<{ name?: unknown; exports?: unknown; imports?: unknown }> {
  try {
    return Object(JSON.parse(await readFile(resolve(path), 'utf8')));
  } catch {
    return {};
  }
}
