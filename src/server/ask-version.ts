/** A program's file → its version, or why it is of no use. */
import { runCommand } from './command.ts';
import type { Program } from './version.ts';

/** Milliseconds. A first run may be slow: systems look new programs over. */
const LIMIT = 10_000;

export type VersionAnswer = { version: string } | { reason: string };

/** Runs `PATH --version`. Rejects only with the signal's reason; `limit` in milliseconds. */
export async function askVersion(
  program: Program,
  path: string,
  { env, signal, limit = LIMIT }: { env?: NodeJS.ProcessEnv; signal?: AbortSignal | undefined; limit?: number } = {},
): Promise<VersionAnswer> {
  const result = await runCommand(path, ['--version'], { ...(env && { env }), signal, limit });
  if (result.error !== null) return { reason: startReason(result.error) };
  if (result.timedOut) return { reason: `it did not answer --version within ${limit / 1_000} s` };
  if (result.code !== 0) {
    const how = result.signal === null ? `exit code ${result.code}` : `signal ${result.signal}`;
    const said = result.lines.find((line) => line !== '');
    return { reason: `--version ended with ${how}${said === undefined ? '' : `: ${said}`}` };
  }
  for (const line of result.lines) {
    const version = program.versionPattern.exec(line)?.[1];
    if (version !== undefined) return { version };
  }
  const said = result.lines.find((line) => line !== '');
  return { reason: said === undefined ? '--version printed nothing' : `--version printed "${said.slice(0, 100)}", which is no version of ${program.name}` };
}

function startReason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'it is not there, or what runs it is not';
    case 'EACCES':
      return 'it may not be run (is it a program, with the right to execute?)';
    case 'ENOEXEC':
      return 'it is no program for this system';
    default:
      return `it does not start: ${error.message}`;
  }
}
