/** A ground → a nats-server as a script's author would start one, for the contenders that do not start their own. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ground } from './ground.ts';
import { processorTime } from './processes.ts';

export interface BareServer {
  url: string;
  /** Milliseconds from its start until it was ready. */
  start: number;
  /** Ends it, and says what its end took and what processor it had, in milliseconds. */
  stop(): Promise<{ end: number; cpu: number }>;
}

export async function startBareServer({ server, env }: Ground): Promise<BareServer> {
  const home = await mkdtemp(join(env.TMPDIR ?? '/tmp', 'bare-'));
  const started = performance.now();
  const child = spawn(server.path, ['-a', '127.0.0.1', '-p', '-1', '-js', '-sd', home], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  const port = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const found = /client connections on 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (found !== undefined && log.includes('Server is ready')) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the nats-server does not start:\n${log}`)));
  });
  const start = performance.now() - started;
  return {
    url: `nats://127.0.0.1:${port}`,
    start,
    async stop() {
      const cpu = processorTime(child.pid ?? 0);
      const asked = performance.now();
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      await rm(home, { recursive: true, force: true });
      return { end: performance.now() - asked, cpu };
    },
  };
}
