#!/usr/bin/env node
// Starts the command on a Node that can run it: this one, or the one that npm installed beside the package.
// Every Node from the oldest on must be able to read this file, so that it can say what it needs: no modern syntax.
// biome-ignore-all lint/style/useNodejsImportProtocol: Node 12 does not know `node:`
const fs = require('fs');
const path = require('path');

const NEEDED = [22, 18];

if (isNewEnough(process.versions.node)) start();
else startElsewhere();

function isNewEnough(version) {
  const parts = version.split('.').map(Number);
  return parts[0] > NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] >= NEEDED[1]);
}

function start() {
  const cache = codeCache();
  if (cache !== null) require('module').enableCompileCache(cache);
  import(commandFile()).then((command) => command.main());
}

/** The built command; in a clone whose sources have changed since, or were never built, the sources themselves. */
function commandFile() {
  const source = path.join(__dirname, 'main.ts');
  const isBuilt = !fs.existsSync(source) || require('../build/fingerprint.cjs').isFresh();
  return isBuilt ? '../../dist/main.js' : './main.ts';
}

/** A folder for compiled code, beside the binaries and not in the temporary folder, where a run leaves nothing; null where none can be made. */
function codeCache() {
  try {
    let folder = process.env.XDG_CACHE_HOME || path.join(require('os').homedir(), '.cache');
    // One by one: where a folder can be neither made nor found, Node's own way down never ends.
    for (const name of ['', 'lockerroom', 'code']) {
      folder = path.join(folder, name);
      if (!fs.existsSync(folder)) fs.mkdirSync(folder);
    }
    return folder;
  } catch (_) {
    return null;
  }
}

function startElsewhere() {
  const other = process.env.LOCKERROOM_NODE_STARTED ? null : nodeBeside();
  if (other === null) {
    const needed = NEEDED.join('.');
    process.stderr.write(
      `lockerroom: this is Node ${process.versions.node}, and Node ${needed} or newer is needed; install it, or run: npm install --save-dev node@24\n`,
    );
    process.exitCode = 3;
    return;
  }
  const env = Object.assign({}, process.env, { LOCKERROOM_NODE_STARTED: '1' });
  const child = require('child_process').spawn(other, [__filename].concat(process.argv.slice(2)), { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 130));
}

/** The `node` package's binary; null where npm has not installed it. */
function nodeBeside() {
  try {
    return require.resolve('node/bin/node');
  } catch (_) {
    return null;
  }
}
