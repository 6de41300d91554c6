#!/usr/bin/env node
// Starts the command on a Node that can run it: this one, or the one that npm installed beside the package.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 18];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  const cache = codeCache();
  if (cache !== null) module.enableCompileCache?.(cache);
  const { main } = await import('./main.ts');
  await main();
} else {
  const other = process.env.LOCKERROOM_NODE_STARTED ? null : nodeBeside();
  if (other === null) {
    process.stderr.write(
      `lockerroom: this is Node ${process.versions.node}, and Node ${NEEDED.join('.')} or newer is needed; install it, or run: npm install --save-dev node@24\n`,
    );
    process.exitCode = 3;
  } else {
    const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
    const child = spawn(other, args, { stdio: 'inherit', env: { ...process.env, LOCKERROOM_NODE_STARTED: '1' } });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => process.exit(signal === null ? code : 130));
  }
}

/** A folder for compiled code, beside the binaries and not in the temporary folder, where a run leaves nothing; null where none can be made. */
function codeCache() {
  try {
    let folder = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    // One by one: where a folder can be neither made nor found, Node's own way down never ends.
    for (const name of ['', 'lockerroom', 'code']) {
      folder = join(folder, name);
      if (!existsSync(folder)) mkdirSync(folder);
    }
    return folder;
  } catch {
    return null;
  }
}

/** The `node` package's binary; null where npm has not installed it. */
function nodeBeside() {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    return null;
  }
}
