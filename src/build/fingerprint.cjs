// The files that a build is made of → a text that changes with them, so that nobody runs what was built of older ones.
// Plain JavaScript without modules, as the command reads it before it knows what it can run.
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '../..');
const RECORD = path.join(ROOT, 'dist', 'built-of.txt');
/** Beside the sources: what is bundled with them, and the name and version that go into it. */
const OTHERS = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** A line for each file: its name, size and time of change. Contents are not read: this is asked at every start. */
function fingerprint() {
  const lines = OTHERS.map((name) => describe(path.join(ROOT, name), name));
  list(path.join(ROOT, 'src'), 'src', lines);
  return lines.join('');
}

function list(folder, name, lines) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const below = path.join(folder, entry.name);
    if (entry.isDirectory()) list(below, `${name}/${entry.name}`, lines);
    else lines.push(describe(below, `${name}/${entry.name}`));
  }
}

function describe(file, name) {
  const found = fs.statSync(file, { throwIfNoEntry: false });
  return `${name} ${found === undefined ? 'is missing' : `${found.size} ${found.mtimeMs}`}\n`;
}

/** Whether `dist` was built of the files as they are now. */
function isFresh() {
  try {
    return fs.readFileSync(RECORD, 'utf8') === fingerprint();
  } catch (_) {
    return false;
  }
}

module.exports = { ROOT, RECORD, fingerprint, isFresh };
