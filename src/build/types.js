/** Declarations of all files that an entry uses → those that its own declarations lead to: what only its code uses is nobody's business. */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `entries` are files below `folder`; everything else there that they do not lead to is removed. */
export function pruneTypes(folder, entries) {
  const kept = new Set();
  const follow = (file) => {
    if (kept.has(file)) return;
    kept.add(file);
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
      const target = join(dirname(file), specifier.replace(/\.ts$/, '.d.ts'));
      if (!existsSync(target)) throw new Error(`${file} needs ${target}, which is not there`);
      follow(target);
    }
  };
  for (const entry of entries) follow(join(folder, entry));
  removeOthers(folder, kept);
}

function removeOthers(folder, kept) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeOthers(path, kept);
    else if (!kept.has(path)) rmSync(path);
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
