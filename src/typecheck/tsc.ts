/** A TypeScript project → what `tsc` says of it. TypeScript 7 has no classic API: its command is the interface. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { ProblemError, problem } from '../errors.ts';

export interface Diagnostic {
  /** Absolute. */
  path: string;
  /** Both from 1, columns in UTF-16 units. */
  line: number;
  column: number;
  code: number;
  /** Further lines are indented. */
  message: string;
}

export interface TscOptions {
  signal: AbortSignal;
  /** The process has been started. */
  onStart: (pid: number) => void;
  /** Another `tsc` than this package's: a program and its first arguments. */
  command?: string[];
}

const MOST_OUTPUT = 64 * 2 ** 20;

/** Runs `tsc` once, in the configuration's folder. Rejects with a ProblemError of code `typescript` where it is not there or gives no result, and with the signal's reason. */
export async function runTsc(configuration: string, { signal, onStart, command = findTsc() }: TscOptions): Promise<Diagnostic[]> {
  signal.throwIfAborted();
  const folder = dirname(configuration);
  const { code, stdout, stderr } = await new Promise<{ code: number | string; stdout: string; stderr: string }>((done) => {
    const [program = '', ...first] = command;
    const args = [...first, '--project', configuration, '--pretty', 'false', '--locale', 'en'];
    const env = { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' };
    const child = execFile(program, args, { cwd: folder, env, signal, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT }, async (error, out, err) => {
      // An abort is answered before the process has ended, and what it still writes would outlive the folder.
      await ended;
      done({ code: error?.signal ?? error?.code ?? (error === null ? 0 : error.message), stdout: out, stderr: err });
    });
    const ended = new Promise((resolve) => child.once('exit', resolve).once('error', () => child.pid ?? resolve(null)));
    if (child.pid !== undefined) onStart(child.pid);
  });
  signal.throwIfAborted();
  const diagnostics = parseDiagnostics(stdout, folder);
  const isResult = code === 0 || ((code === 1 || code === 2) && diagnostics.length > 0);
  if (isResult) return diagnostics;
  const said = `${stdout}\n${stderr}`.trim().split('\n', 1)[0] ?? '';
  throw noTypeScript(`TypeScript's tsc ended with ${code} and no result${said === '' ? '' : `: ${said}`}`);
}

/** The lines `FILE(LINE,COLUMN): error TSCODE: MESSAGE` of `tsc --pretty false`, each with the indented ones below it. Errors without a file are left out. */
export function parseDiagnostics(output: string, folder: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const line of output.split(/\r?\n/)) {
    const [, path, at, column, code, message] = /^(\S.*?)\((\d+),(\d+)\): error TS(\d+): (.*)$/.exec(line) ?? [];
    const last = diagnostics.at(-1);
    if (path !== undefined && message !== undefined) {
      diagnostics.push({ path: resolve(folder, path), line: Number(at), column: Number(column), code: Number(code), message });
    } else if (last !== undefined && /^\s+\S/.test(line)) last.message += `\n${line}`;
  }
  return diagnostics;
}

/** The program itself: the script that TypeScript has for its command only looks for it, with a Node of its own. */
function findTsc(): string[] {
  const require = createRequire(import.meta.url);
  let manifest: string;
  try {
    manifest = require.resolve('typescript/package.json');
  } catch {
    throw noTypeScript('TypeScript is not installed');
  }
  try {
    const platform = createRequire(manifest).resolve(`@typescript/typescript-${process.platform}-${process.arch}/package.json`);
    const program = join(dirname(platform), 'lib', 'tsc');
    if (existsSync(program)) return [program];
  } catch {
    // A version that keeps it elsewhere has its script all the same.
  }
  const { bin } = require(manifest) as { bin?: { tsc?: string } };
  if (bin?.tsc === undefined) throw noTypeScript('the TypeScript that is installed has no tsc');
  return [process.execPath, join(dirname(manifest), bin.tsc)];
}

function noTypeScript(message: string): ProblemError {
  return new ProblemError(problem('typescript', message, 'it is a dependency of lockerroom: npm install brings it'));
}
