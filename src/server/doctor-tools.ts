/** Go and Docker → whether they are here and answer. */
import { describeEnding } from './child.ts';
import { runCommand } from './command.ts';
import type { Check } from './doctor.ts';
import { onPath } from './search-path.ts';

interface ToolContext {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal | undefined;
  /** Milliseconds. */
  limit: number;
}

const GO = {
  name: 'Go',
  use: 'builds what cannot be downloaded; nothing else needs it',
  missing: 'where downloads are blocked, install it from https://go.dev/dl',
};
const DOCKER = {
  name: 'Docker',
  use: 'only `--server docker` needs it',
  missing: 'to use it, see https://docs.docker.com/engine/install',
};

export async function checkGo(context: ToolContext): Promise<Check> {
  const [path] = await onPath('go', context.env);
  if (path === undefined) return check(GO.name, 'missing', { detail: GO.use, advice: GO.missing });
  const answer = await ask(path, ['version'], /^go version (?:go)?(\S+)/, context);
  if ('version' in answer) return check(GO.name, 'ok', { path, version: answer.version });
  return check(GO.name, 'unsuitable', { path, detail: answer.reason, advice: GO.missing });
}

/** The command and, beside it, the engine that it talks to. */
export async function checkDocker(context: ToolContext): Promise<Check[]> {
  const [path] = await onPath('docker', context.env);
  const engine = `${DOCKER.name} engine`;
  if (path === undefined) {
    return [
      check(DOCKER.name, 'missing', { detail: DOCKER.use, advice: DOCKER.missing }),
      check(engine, 'missing', { detail: 'without the docker command it cannot be asked for', advice: null }),
    ];
  }
  const [client, server] = await Promise.all([
    ask(path, ['--version'], /^Docker version ([^\s,]+)/, context),
    ask(path, ['version', '--format', '{{.Server.Version}}'], /^v?(\d\S*)$/, context),
  ]);
  return [
    'version' in client
      ? check(DOCKER.name, 'ok', { path, version: client.version })
      : check(DOCKER.name, 'unsuitable', { path, detail: client.reason, advice: DOCKER.missing }),
    'version' in server
      ? check(engine, 'ok', { version: server.version })
      : check(engine, 'missing', { detail: `${server.reason}\n${DOCKER.use}`, advice: 'to use it, start it: sudo systemctl start docker, or Docker Desktop' }),
  ];
}

function check(name: string, status: Check['status'], rest: Partial<Check>): Check {
  return { name, status, version: null, path: null, detail: null, advice: null, ...rest };
}

async function ask(path: string, args: string[], pattern: RegExp, { env, signal, limit }: ToolContext): Promise<{ version: string } | { reason: string }> {
  const command = [path, ...args].join(' ');
  const result = await runCommand(path, args, { env, signal, limit });
  if (result.timedOut) return { reason: `\`${command}\` did not answer within ${limit / 1_000} s` };
  const version = result.lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
  if (result.code === 0 && version !== undefined) return { version };
  const said = result.lines.find((line) => line !== '');
  const how = result.code === 0 ? 'tells no version' : `ended with ${describeEnding(result)}`;
  return { reason: `\`${command}\` ${how}${said === undefined ? '' : `: ${said.slice(0, 200)}`}` };
}
