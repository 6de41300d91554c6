import { describe, expect, test } from 'vitest';
import { runCodes, runRows, summaryOf } from './lesson.ts';

/** Uses what a step before it may have broken: prints `fine` where all of it is as ever. */
const SANE = `import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
await delay(1);
const list = [3, 1, 2]; list.push(4);
const seen = new Map(Object.entries(JSON.parse(JSON.stringify({ a: list.sort().map(String) }))));
await Promise.all([1, 2].map(async (one) => one)).then(() => new Promise<void>((resolve) => setTimeout(resolve, 1)));
new EventEmitter().on('x', () => seen.delete('a')).emit('x');
const { dirname, filename } = import.meta;
console.log(seen.size === 0 && process.cwd() === dirname && filename.endsWith('.md') && process.env.NATS_URL === 'nats://127.0.0.1:4222' && new Date().getTimezoneOffset() === 0 && Buffer.from('x').toString() === 'x' && !('polluted' in {}) ? 'fine' : 'broken');
process.stdout.write('out\\n');
process.stderr.write('err\\n');`;

async function hostile(code: string, timeout = 10_000): Promise<{ summary: string; message: string }> {
  const [execution, after] = await runCodes([code, SANE], {}, `ts timeout=${timeout}`);
  expect(after).toMatchObject({ output: 'fine\nout\nerr\n', thrown: null, stopped: null });
  return { summary: execution === undefined ? '' : summaryOf(execution), message: execution?.stopped?.message ?? '' };
}

describe('a step that never ends is stopped at its time limit', () => {
  test.each([
    ['an endless loop', 'console.log("before"); for (;;);', 'prints "before\\n", timeout, lost'],
    ['of microtasks', 'const again = (): unknown => Promise.resolve().then(again); await again()', 'timeout, lost'],
    ['of ticks', 'const again = () => process.nextTick(again); again()', 'timeout, lost'],
    ['a promise that never settles', 'await new Promise(() => {})', 'timeout, lost'],
    ['it stops its own process', 'process.kill(process.pid, "SIGSTOP"); await new Promise(() => {})', 'timeout, lost'],
    ['it waits for a child that never ends', 'import { execFileSync } from "node:child_process"; execFileSync("sleep", ["1000"])', 'timeout, lost'],
  ])('%s', async (_title, code, expected) => {
    const { summary, message } = await hostile(code, 400);
    expect(summary).toBe(expected);
    expect(message).toBe('ran longer than its time limit of 400ms and was stopped; await what it starts, or give the step a longer timeout=');
  });
});

describe('a step that ends the process', () => {
  test.each([
    ['process.exit(3)', 'exit, lost', 'called process.exit(3)'],
    ['console.log("x".repeat(10)); process.exit()', 'prints "xxxxxxxxxx\\n", exit, lost', 'called process.exit(0)'],
    ['process.on("exit", () => console.log("bye")); process.exit(1)', 'prints "bye\\n", exit, lost', 'called process.exit(1)'],
    ['(process as any).reallyExit(4)', 'exit, lost', 'process.exit(4)'],
    ['process.kill(process.pid); await new Promise(() => {})', 'exit, lost', 'SIGTERM'],
    ['process.kill(process.pid, "SIGKILL")', 'exit, lost', 'SIGKILL'],
    ['process.kill(-process.pid, "SIGHUP"); await new Promise(() => {})', 'exit, lost', 'SIGHUP'],
    ['process.abort()', 'exit, lost', 'SIGABRT, as process.abort() does'],
    ['import fs from "node:fs"; fs.closeSync(3); await new Promise(() => {})', 'kernel, lost', 'closed file descriptor 3'],
    ['import fs from "node:fs"; fs.closeSync(1);', 'kernel, lost', 'closed its standard output'],
  ])('%s', async (code, expected, sentence) => {
    const { summary, message } = await hostile(code);
    expect(summary.replace(/ \(.*\)/, '')).toBe(expected);
    expect(message).toContain(sentence);
  });
});

describe('errors that nobody catches', () => {
  test.each([
    ['a rejection', 'Promise.reject(new TypeError("no"))', 'rejection (TypeError: no) @2:16, lost'],
    ['of an async function', 'async function f() { throw new Error("no") }\n  f();', 'rejection (Error: no) @2:28, lost'],
    ['with no error', 'Promise.reject("no"); await new Promise(() => {})', 'rejection (: no), lost'],
    ['with nothing', 'Promise.reject()', 'rejection (: undefined), lost'],
    [
      'the rest does not run on',
      'Promise.reject(new Error("no")); await 1; await new Promise((r) => setTimeout(r, 20)); console.log("on")',
      'rejection (Error: no) @2:16, lost',
    ],
    ['in a timer', 'setTimeout(() => { throw new Error("late") }, 5); await new Promise((r) => setTimeout(r, 1000))', 'exception (Error: late) @2:26, lost'],
    [
      'in an emitter',
      'import { EventEmitter } from "node:events";\nconst e = new EventEmitter(); setImmediate(() => e.emit("error", new RangeError("r")));\nawait new Promise(() => {})',
      'exception (RangeError: r) @3:66, lost',
    ],
    [
      'though its listeners are taken away',
      'process.removeAllListeners(); Promise.reject(new Error("no")); await new Promise(() => {})',
      'exception (Error: no) @2:46, lost',
    ],
    ['no error in a timer', 'setTimeout(() => { throw null }, 1); await new Promise(() => {})', 'exception (: null), lost'],
    ['handled in time', 'const p = Promise.reject(new Error("no")); p.catch(() => console.log("caught"))', 'prints "caught\\n"'],
    [
      'handled by the page',
      'process.once("unhandledRejection", () => console.log("mine")); Promise.reject(1); await new Promise((r) => setTimeout(r, 5))',
      'prints "mine\\n"',
    ],
    [
      'handled by the page, an exception',
      'process.once("uncaughtException", () => console.log("mine")); setTimeout(() => { throw 1 }, 1); await new Promise((r) => setTimeout(r, 9))',
      'prints "mine\\n"',
    ],
  ])('%s', async (_title, code, expected) => {
    expect((await hostile(code)).summary).toBe(expected);
  });
});

describe('whatever is thrown is that step’s error', async () => {
  const table = [
    ['throw new TypeError("no")', 'throws TypeError: no @2:7'],
    ['throw Object.assign(new Error("no"), { code: "E_X" })', 'throws Error [E_X]: no @2:21'],
    ['throw Object.assign(new Error("no"), { code: 404 })', 'throws Error [404]: no @2:21'],
    ['throw "text"', 'throws : text @2:1'],
    ['throw null', 'throws : null @2:1'],
    ['throw undefined', 'throws : undefined @2:1'],
    ['throw Symbol("s")', 'throws : Symbol(s) @2:1'],
    ['throw 1n', 'throws : 1 @2:1'],
    ['throw { a: 1 }', 'throws : [object Object] @2:1'],
    ['throw Object.create(null)', 'throws : [object Object] @2:1'],
    ['throw { toString() { throw 1 } }', 'throws : [object Object]'],
    ['throw { toString() { throw 1 }, get [Symbol.toStringTag]() { throw 2 } }', 'throws : (its text cannot be read)'],
    ['throw Object.defineProperty(new Error(), "message", { get() { throw 1 } })', 'throws Error: (its text cannot be read) @2:29'],
    // Node itself reads the name of what a module throws, so there it is the getter's error.
    ['throw Object.defineProperty(new Error("m"), "name", { get() { throw 1 } })', 'throws : 1'],
    ['throw new (class extends Error { override get message(): string { throw new Error("inner") } })()', 'throws Error: (its text cannot be read) @2:7'],
    ['throw Object.defineProperty(new Error("m"), "stack", { get() { throw 1 } })', 'throws Error: m'],
    ['throw Object.defineProperty(new Error("m"), "code", { get() { throw 1 } })', 'throws Error: m @2:29'],
    ['throw Object.assign(new Error("m"), { name: undefined, message: 5, stack: 7 })', 'throws Error: 5 @2:1'],
    ['throw new Proxy(new Error("m"), {})', 'throws Error: m @2:1'],
    ['throw new Proxy({}, { getPrototypeOf() { throw 1 }, get() { throw 1 } })', 'throws : 1'],
    ['throw Object.assign(() => {}, { toString: null, valueOf: null })', 'throws : [object Function] @2:1'],
    ['throw new (class Mine extends Error { override name = "Mine" })("m")', 'throws Mine: m @2:7'],
    ['throw new DOMException("m", "AbortError")', 'throws AbortError [20]: m @2:7'],
    ['throw new AggregateError([new Error("a")], "both")', 'throws AggregateError: both @2:7'],
    ['import vm from "node:vm"; vm.runInNewContext("throw new Error(\'other realm\')")', 'throws Error: other realm @2:30'],
    ['throw new Error("    at file:///x.md?step=0:9:9\\n    at f (y)")', 'throws Error:     at file:///x.md?step=0:9:9\n    at f (y) @2:7'],
    ['await import("no-such-package")', "throws Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'no-such-package' imported from FILE @2:1"],
    ['(0, eval)("}")', "throws SyntaxError: Unexpected token '}' @2:10"],
    ['notDeclared', 'throws ReferenceError: notDeclared is not defined @2:1'],
    ['const a = a + 1', "throws ReferenceError: Cannot access 'a' before initialization @2:11"],
  ];
  const { rows, checks } = await runRows(
    table.map(([code = '']) => code),
    'console.log("next")',
  );

  test.each(table.map(([code, expected], index) => [code, expected, rows[index], checks[index]] as const))('%s', (_code, expected, row, check) => {
    expect(row?.replace(/\S+ \S+ \S+ lesson\.md/, 'FILE')).toBe(expected);
    expect(check).toMatchObject({ output: 'next\n', thrown: null, stopped: null });
  });

  test('a very long message is cut', async () => {
    const [execution] = await runCodes(['throw new Error("x".repeat(5_000_000))']);
    expect(execution?.thrown?.message).toHaveLength(64 * 1024 + 1);
    expect(execution?.thrown?.place).toEqual({ line: 2, column: 7 });
  });
});

describe('what a step patches, deletes or freezes is nothing to the steps after it', async () => {
  const table = [
    'console.log = () => {}; console.error = null as never',
    'delete (console as Partial<Console>).log',
    'console.log = () => {}; Object.freeze(console)',
    'globalThis.console = {} as never',
    'process.stdout.write = () => true; process.stderr.write = () => true',
    'Object.freeze(process.stdout)',
    'process.stdout.end(); process.stderr.destroy()',
    'Object.defineProperty(process, "stdout", { value: null })',
    'process.chdir("/")',
    'process.cwd = () => "/"; process.chdir("/"); process.chdir = () => {}',
    'process.env.NATS_URL = "nats://elsewhere"; process.env.TZ = "Asia/Tokyo"; process.env.NATS_USER = "me"',
    'delete process.env.NATS_URL; delete process.env.TZ',
    'process.env = {}',
    'process.send?.("stray")',
    'import fs from "node:fs"; fs.writeSync(3, "stray {}\\nno line end")',
    'import fs from "node:fs"; fs.writeSync = () => { throw 1 }; fs.write = (() => {}) as never',
    'JSON.stringify = () => { throw 1 }; JSON.parse = null as never',
    'delete (globalThis as any).JSON; delete (globalThis as any).Promise',
    'Promise.prototype.then = () => { throw 1 }; Promise.prototype.catch = null as never',
    'Object.defineProperty(Promise.prototype, "then", { get() { throw 1 } })',
    'globalThis.Promise = class {} as never',
    'Array.prototype.push = () => { throw 1 }; Array.prototype.map = null as never; Array.prototype[Symbol.iterator] = null as never',
    'String.prototype.split = () => { throw 1 }; String.prototype.startsWith = () => false; RegExp.prototype.exec = () => null',
    'Map.prototype.get = () => { throw 1 }; Set.prototype.has = () => false; Function.prototype.call = () => 1; Function.prototype.apply = () => 1',
    'for (const name of ["get", "set", "value", "writable", "toJSON", "polluted", "url", "format"]) Object.defineProperty(Object.prototype, name, Object.setPrototypeOf({ get() { throw new Error(name) }, configurable: true }, null))',
    'Object.prototype.toString = () => { throw 1 }; (Object.prototype as any).polluted = 1',
    'process.on = () => { throw 1 }; process.exit = null as never; process.emit = () => false; process.kill = () => true',
    '(globalThis as any).process = undefined',
    'delete (globalThis as any).process; (globalThis as any).Buffer = null',
    'globalThis.setTimeout = null as never; globalThis.setImmediate = () => { throw 1 }; globalThis.queueMicrotask = () => {}',
    'import { EventEmitter } from "node:events"; EventEmitter.prototype.emit = () => false; EventEmitter.prototype.on = () => { throw 1 }',
    'import { syncBuiltinESMExports } from "node:module"; import fs from "node:fs"; import net from "node:net"; fs.writeSync = null as never; net.Socket = null as never; syncBuiltinESMExports()',
    'Error.stackTraceLimit = 0; Error.prepareStackTrace = () => "mine"; Error.captureStackTrace = () => {}',
    'globalThis.Error = class {} as never; globalThis.Reflect = null as never; globalThis.Object = null as never; Symbol.prototype.toString = () => "x"',
    'Date.now = () => 0; globalThis.Date = null as never; performance.now = () => 0; Math.random = () => 0',
    'Buffer.from = () => { throw 1 }; Uint8Array.prototype.subarray = () => { throw 1 }',
    'process.removeAllListeners(); process.exitCode = 9; process.title = "mine"',
    'process.setUncaughtExceptionCaptureCallback?.(null)',
    '(process as any)._getActiveHandles = null; process.getActiveResourcesInfo = () => { throw 1 }',
    'Object.freeze(Array.prototype); Object.freeze(JSON); Object.freeze(Promise.prototype); Object.seal(process)',
    'process.umask(0); process.argv.length = 0; process.execArgv.length = 0; process.execPath = "/x"',
  ];
  const { rows, checks } = await runRows(table, SANE);

  test.each(table.map((code, index) => [code, rows[index], checks[index]] as const))('%s', (_code, row, check) => {
    expect(row).toBe('');
    expect(check).toMatchObject({ output: 'fine\nout\nerr\n', thrown: null, stopped: null });
  });

  test('where it breaks what reports its own error, the error is reported all the same', async () => {
    const breaks =
      'Promise.prototype.then = null as never; JSON.stringify = null as never; Array.prototype.push = null as never; (globalThis as any).process = null;';
    expect((await hostile(`${breaks} throw new Error("no")`)).summary).toBe(`throws Error: no @2:${breaks.length + 8}`);
    expect((await hostile(`${breaks} (globalThis as any).Object = null; Promise.reject(new Error("no")); await 1`)).summary).toContain(
      'rejection (Error: no) @2:',
    );
  });

  test('its own stack limit does not harm the places of later steps', async () => {
    const [, after] = await runCodes(['Error.stackTraceLimit = 0; Error.prepareStackTrace = () => "mine"', 'throw new Error("x")']);
    expect(after?.thrown?.place).toEqual({ line: 6, column: 7 });
  });
});
