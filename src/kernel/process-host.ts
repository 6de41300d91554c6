/** The process that runs the steps of one lesson: requests on descriptor 3 → evaluated modules, and answers there. */
import { enableCompileCache, stripTypeScriptTypes } from 'node:module';
import net from 'node:net';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { restoreBuiltins, saveBuiltins } from './host-builtins.ts';
import { CONTROL, isOpen, open, send, sendAnswer } from './host-channel.ts';
import { describeError } from './host-error.ts';
import { beginStep, catchFaults, endByFault, endStep } from './host-faults.ts';
import { loadTlsLate } from './host-late.ts';
import { addStep, askLinked, failedImport, hasBegun, hookModules, isOwnCode, preload } from './host-modules.ts';
import { useOwnServer } from './host-own-server.ts';
import { atRest } from './host-rest.ts';
import { type ErrorReport, type Failure, type HostRequest, type Needs, type Setup, sourceText } from './protocol.ts';

/** For modules that import them from where these stand: where this is bundled, that is this file. */
export { begun } from './host-modules.ts';
export { completeConnect } from './host-own-server.ts';

const { setImmediate } = globalThis;
const { then } = Promise.prototype;
const { apply, defineProperty } = Reflect;
const { chdir, cwd, kill, env, execPath, pid } = process;

let folder = '';
let lessonUrl = '';

function answer(id: number, failure: Failure | null): void {
  try {
    sendAnswer(id, failure);
  } catch (error) {
    endByFault('output', error);
  }
}

/** Before each step the world is as it was before the first, but for names, files and the server. */
function prepare(given: Record<string, string>): void {
  for (const name of Object.keys(env)) if (isForeign(name) && given[name] === undefined) delete env[name];
  for (const [name, value] of Object.entries(given)) if (env[name] !== value) env[name] = value;
  try {
    if (cwd() !== folder) chdir(folder);
  } catch {
    // A step has removed it: there is nowhere to go back to.
  }
}

function isForeign(name: string): boolean {
  return /^(?:NATS_|LC_|FORCE_COLOR$)/.test(name);
}

function run({ id, index, url, language, source, env: given }: HostRequest & { type: 'run' }): void {
  prepare(given);
  const end = (failure: Failure | null) => {
    endStep();
    answer(id, failure);
  };
  try {
    addStep(url, language, sourceText(source), id);
  } catch (error) {
    end({ phase: 'syntax', error: describeError(error, lessonUrl), specifier: null });
    return;
  }
  const evaluated = beginStep(index, () => import(url));
  // So that `then` asks nobody for the constructor, which a step may have patched.
  defineProperty(evaluated, 'constructor', { __proto__: null, value: undefined } as PropertyDescriptor);
  // A turn later, so that a rejection that the step left is reported before.
  const later = (then: () => void) =>
    setImmediate(() => {
      restoreBuiltins();
      then();
    });
  apply(then, evaluated, [() => later(() => end(null)), (thrown: unknown) => later(() => explain({ id, url }, thrown, end))]);
}

function explain({ id, url }: { id: number; url: string }, thrown: unknown, end: (failure: Failure) => void): void {
  const error = describeError(thrown, lessonUrl);
  const ran: Failure = { phase: 'run', error, specifier: null };
  if (hasBegun(id)) {
    end(ran);
    return;
  }
  const unlinked = linkFailure(url, error);
  askLinked(id, url, (isLinked) => end(isLinked ? ran : unlinked));
}

function linkFailure(url: string, error: ErrorReport): Failure {
  const isSyntax = error.name === 'SyntaxError' && isOwnCode(url) && !/ export named |^Named export |conflicting star exports/.test(error.message);
  return isSyntax ? { phase: 'syntax', error, specifier: null } : { phase: 'link', error, specifier: failedImport(url) };
}

function begin(setup: Setup): void {
  folder = dirname(setup.lessonFile);
  lessonUrl = pathToFileURL(setup.lessonFile).href;
  process.argv = [execPath, setup.lessonFile];
  // Enough frames to get from deep inside a library, over its `await`s, to the page.
  Error.stackTraceLimit = 100;
  saveBuiltins();
  useOwnServer(setup.own);
  hookModules(setup.lessonFile);
  loadTlsLate();
  catchFaults(lessonUrl);
  open(setup.token);
  send({ type: 'ready' });
  if (setup.codeCache !== null) enableCompileCache(setup.codeCache);
  makeReady(setup);
}

function makeReady({ preload: packages, types }: Needs): void {
  preload(packages);
  // The first time costs tens of milliseconds, which nobody waits for yet.
  if (types) stripTypeScriptTypes('');
}

function onMessage(line: string): void {
  if (!isOpen()) {
    begin(JSON.parse(line) as Setup);
    return;
  }
  const request = JSON.parse(line) as HostRequest;
  if (request.type === 'prepare') makeReady(request);
  else if (request.type === 'run') run(request);
  else atRest(request.wait, () => answer(request.id, null));
}

let pending = '';
const socket = new net.Socket({
  fd: CONTROL,
  onread: {
    buffer: new Uint8Array(64 * 1024),
    callback(length, bytes) {
      restoreBuiltins();
      // The runner sends ASCII only.
      pending += Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
      const lines = pending.split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) onMessage(line);
      return true;
    },
  },
});
// The runner is gone: nobody is left to run for, and this process leads a group of its own.
socket.on('close', () => kill(-pid, 'SIGKILL'));
socket.on('error', () => kill(-pid, 'SIGKILL'));
socket.resume();
