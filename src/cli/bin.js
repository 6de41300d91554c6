#!/usr/bin/env node
// Starts the command on a Node that can run it: this one, or the one that npm installed beside the package.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 18];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  // Beside the binaries and not in the temporary folder, where a run leaves nothing.
  module.enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lockerroom', 'code'));
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

/** The `node` package's binary; null where npm has not installed it. */
function nodeBeside() {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    return null;
  }
}
