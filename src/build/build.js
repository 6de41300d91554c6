/**
 * The sources → `dist`: bundled JavaScript for the command, the kernel's host and the entries that others import, with types for the latter. Plain
 * JavaScript, as npm runs it on whatever Node is there. `--fresh`: only where the sources have changed; `--if-possible`: it is no error where the bundler
 * is not installed, as the command then runs from its sources.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import fingerprints from './fingerprint.cjs';
import { notices } from './notices.js';
import { directBuiltins, earlyBuiltins, lateEntities, withoutLibraries } from './plugins.js';
import { pruneTypes } from './types.js';

const { ROOT, RECORD, fingerprint, isFresh } = fingerprints;
const require = createRequire(import.meta.url);

/** What is run or imported by its name; what has code in common shares files. */
const ENTRIES = { main: 'src/cli/main.ts', vitest: 'src/vitest/index.ts' };
/** What processes of their own run, each of which is one file: one that they shared with the command would bring all of it, and double a kernel's start. */
const HOSTS = ['src/kernel/process-host.ts', 'src/server/container-reaper-host.ts'];
/** Packages that stay packages: with binaries of their own, or for steps to import, or the project's own. */
const EXTERNAL = [/^(?:@lydell\/node-pty|oxc-parser|testcontainers|typescript|vitest|zx)(?:\/|$)/];

/** What every start loads is one file, what a run starts at once another, and what reads pages a third; the bundler itself would make many small ones. */
const GROUPS = [
  {
    name: 'processes',
    test: /src[\\/](?:server[\\/](?!install|doctor|docker|container|release|download|go|archive)|kernel[\\/](?:start|parent|child|memory|output|protocol)\.)/,
  },
  {
    name: 'base',
    // Before the others, which would take with them what they need of it.
    priority: 1,
    test: /src[\\/](?:errors|cli[\\/](?:manifest|problems|options)|report[\\/](?:json|printable|reporter|sentences)|document[\\/](?:pointer|json|duration)|server[\\/]version|workbook[\\/]server-choice)\.ts|node_modules[\\/]semver[\\/]|strip-ansi|ansi-regex|commander|builtin:/,
  },
  {
    name: 'pages',
    test: /src[\\/](?:lesson|document|kernel[\\/](?:link|names|place|recover|typescript))[\\/.]|node_modules[\\/](?:yaml|markdown-it|tinyglobby|@typescript-eslint)[\\/]/,
  },
];

const flags = process.argv.slice(2);
async function build() {
  const rolldown = await import('rolldown').catch((error) => {
    if (!flags.includes('--if-possible')) throw error;
    return null;
  });
  if (rolldown === null) {
    process.stdout.write('lockerroom: not built, as the bundler is not installed; it runs from its sources\n');
    return;
  }
  // Of the files as they were before: what changes meanwhile makes the build an old one.
  const made = fingerprint();
  const folder = join(ROOT, 'node_modules', '.cache', 'lockerroom', `build-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    const modules = await bundle(rolldown, folder, { input: ENTRIES, groups: GROUPS, plugins: [directBuiltins, withoutLibraries, lateEntities] });
    for (const host of HOSTS)
      modules.push(...(await bundle(rolldown, folder, { input: { [basename(host, '.ts')]: host }, groups: [], plugins: [earlyBuiltins] })));
    writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), notices(modules));
    declareTypes(join(folder, 'types'));
    writeFileSync(join(folder, relative(join(ROOT, 'dist'), RECORD)), made);
    rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
    renameSync(folder, join(ROOT, 'dist'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers with the files that were bundled. Not minified, so that a stack can be read; that costs no time. */
async function bundle({ rolldown }, folder, { input, groups, plugins }) {
  const bundler = await rolldown({
    cwd: ROOT,
    platform: 'node',
    tsconfig: false,
    input,
    external: EXTERNAL,
    plugins,
    onLog(level, log) {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  const { output } = await bundler.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: { groups },
  });
  await bundler.close();
  return output.flatMap(({ moduleIds = [] }) => moduleIds);
}

function declareTypes(folder) {
  const manifest = require.resolve('typescript/package.json');
  const tsc = join(manifest, '..', require(manifest).bin.tsc);
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(import.meta.dirname, 'types.tsconfig.json'), '--outDir', folder], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the types could not be made');
  pruneTypes(folder, ['vitest/index.d.ts']);
}

if (!(flags.includes('--fresh') && isFresh())) await build();
