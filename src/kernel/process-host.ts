/** The process that runs the steps of one lesson: requests on descriptor 3 → evaluated modules, and answers there. */
import { stripTypeScriptTypes } from 'node:module';
import net from 'node:net';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { restoreBuiltins, saveBuiltins } from './host-builtins.ts';
import { describeError } from './host-error.ts';
import { addStep, failedImport, hookModules, isLinked, isOwnCode, preload } from './host-modules.ts';
import { writeAll } from './host-output.ts';
import { atRest } from './host-rest.ts';
import { type Failure, type HostReply, type HostRequest, markOf, type Setup } from './protocol.ts';

const CONTROL = 3;
/** What a stopped page's process ends with; the runner goes by the message before it. */
const FAULT_EXIT = 70;

const { setImmediate } = globalThis;
const { then } = Promise.prototype;
const { apply, defineProperty } = Reflect;
const { reallyExit } = process as unknown as { reallyExit(code: number): never };
const { chdir, cwd, kill, env } = process;
const { execPath, pid, listeners } = process;
const theProcess = process;

let token = '';
let folder = '';
let lessonUrl = '';

function send(reply: HostReply): void {
  // The line end before it keeps it apart from whatever a step may have written there.
  writeAll(CONTROL, Buffer.from(`\n${token} ${JSON.stringify(reply)}\n`));
}

function answer(id: number, failure: Failure | null): void {
  try {
    writeAll(1, Buffer.from(markOf(token, id)));
  } catch (error) {
    fault('output', error);
  }
  send({ type: 'done', id, failure });
}

function fault(kind: 'rejection' | 'exception' | 'output', error: unknown): void {
  restoreBuiltins();
  send({ type: 'fault', kind, error: describeError(error, lessonUrl) });
  reallyExit(FAULT_EXIT);
}

/** A step that listens itself handles it itself, as it would in a program of its own. */
function onRejection(reason: unknown): void {
  if (apply(listeners, theProcess, ['unhandledRejection']).length === 1) fault('rejection', reason);
}

/** Not a listener: a step cannot take it away. */
function onException(error: unknown): void {
  const own = apply(listeners, theProcess, ['uncaughtException']) as ((error: unknown, origin: string) => void)[];
  if (own.length === 0) fault('exception', error);
  for (let index = 0; index < own.length; index += 1) own[index]?.(error, 'uncaughtException');
}

/** Before each step the world is as it was before the first, but for names, files and the server. */
function prepare(given: Record<string, string>): void {
  restoreBuiltins();
  if (!process.listeners('unhandledRejection').includes(onRejection)) process.on('unhandledRejection', onRejection);
  for (const name of Object.keys(env)) if (isForeign(name) && given[name] === undefined) delete env[name];
  for (const [name, value] of Object.entries(given)) if (env[name] !== value) env[name] = value;
  if (whereabouts() !== folder) chdir(folder);
}

function isForeign(name: string): boolean {
  return /^(?:NATS_|LC_|FORCE_COLOR$)/.test(name);
}

function whereabouts(): string | null {
  try {
    return cwd();
  } catch {
    return null;
  }
}

function run({ id, url, language, source, env: given }: HostRequest & { type: 'run' }): void {
  prepare(given);
  const end = (failure: Failure | null) => answer(id, failure);
  try {
    addStep(url, language, source, id);
  } catch (error) {
    end({ phase: 'syntax', error: describeError(error, lessonUrl), specifier: null });
    return;
  }
  const evaluated = import(url);
  // So that `then` asks nobody for the constructor, which a step may have patched.
  defineProperty(evaluated, 'constructor', { __proto__: null, value: undefined } as PropertyDescriptor);
  // In its own turn a rejection that the step left is reported before this.
  const later = (failure: () => Failure | null) => () =>
    setImmediate(() => {
      restoreBuiltins();
      end(failure());
    });
  apply(then, evaluated, [later(() => null), (error: unknown) => later(() => failureOf(id, url, error))()]);
}

function failureOf(id: number, url: string, thrown: unknown): Failure {
  const error = describeError(thrown, lessonUrl);
  if (isLinked(id)) return { phase: 'run', error, specifier: null };
  const isSyntax = error.name === 'SyntaxError' && isOwnCode(url) && !/ export named |^Named export |conflicting star exports/.test(error.message);
  return isSyntax ? { phase: 'syntax', error, specifier: null } : { phase: 'link', error, specifier: failedImport(url) };
}

function begin(setup: Setup): void {
  ({ token } = setup);
  folder = dirname(setup.lessonFile);
  lessonUrl = pathToFileURL(setup.lessonFile).href;
  process.argv = [execPath, setup.lessonFile];
  saveBuiltins();
  hookModules(setup.lessonFile);
  process.setUncaughtExceptionCaptureCallback(onException);
  send({ type: 'ready' });
  preload(lessonUrl, setup.preload);
  // The first time costs tens of milliseconds, which nobody waits for yet.
  stripTypeScriptTypes('');
}

function onMessage(line: string): void {
  restoreBuiltins();
  if (token === '') begin(JSON.parse(line) as Setup);
  else {
    const request = JSON.parse(line) as HostRequest;
    if (request.type === 'run') run(request);
    else atRest(request.wait, () => answer(request.id, null));
  }
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
