/** Go, where it is present → the program's file, built from the source of the pinned version. */
import { describeEnding } from './child.ts';
import { runCommand } from './command.ts';
import { onPath } from './search-path.ts';
import type { Program } from './version.ts';

export interface GoOptions {
  env: NodeJS.ProcessEnv;
  onProgress: (text: string) => void;
  signal?: AbortSignal | undefined;
}

/** Milliseconds: a small machine that also fetches a newer Go takes minutes. */
const LIMIT = 15 * 60 * 1_000;
/** Milliseconds between two signs of life. */
const SIGN_OF_LIFE = 5_000;

/** Puts the program's file into `folder`. Rejects with one sentence that says what went wrong, or with the signal's reason. */
export async function fromGo(program: Program, folder: string, { env, onProgress, signal }: GoOptions): Promise<void> {
  const [go] = await onPath('go', env);
  if (go === undefined) throw new Error('there is no go on the PATH');
  const target = `${program.goPackage}@v${program.version}`;
  onProgress(`Building ${program.name} ${program.version}: go install ${target}`);
  const started = Date.now();
  const sign = setInterval(() => onProgress(`${program.name} ${program.version}: built for ${Math.round((Date.now() - started) / 1_000)} s`), SIGN_OF_LIFE);
  try {
    const result = await runCommand(go, ['install', target], { env: goEnvironment(env, folder), cwd: folder, limit: LIMIT, signal, onLine: onProgress });
    if (result.timedOut) throw new Error(`go install ${target} did not end within ${LIMIT / 60_000} minutes`);
    if (result.code !== 0) throw new Error([`go install ${target} ended with ${describeEnding(result)}`, ...result.lines.slice(-5)].join('\n    '));
  } finally {
    clearInterval(sign);
  }
}

/** Static, for this machine, into the folder, where what Go leaves when it is killed goes too: a cross-compiling environment would not install at all. */
function goEnvironment(env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const { GOOS: _os, GOARCH: _arch, ...rest } = env;
  return { ...rest, CGO_ENABLED: '0', GOBIN: folder, GOTMPDIR: folder };
}
