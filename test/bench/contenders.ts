/** A shape → the contenders, each able to do it as whole processes, with the nats-server's start and end counted for every one of them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBareServer } from './bare-server.ts';
import { type Ground, REPOSITORY } from './ground.ts';
import { type Command, type Cost, type Memory, timeCommand, watchMemory } from './processes.ts';
import { pageOf, type Shape, scriptOf, testOf } from './shapes.ts';

export interface Contender {
  name: string;
  time(): Promise<Pick<Cost, 'wall' | 'cpu'>>;
  memory(): Promise<Memory>;
}

export const OURS = 'lockerroom run';

const VITEST_CONFIG = "export default { test: { include: ['*.test.js'], cache: false } };\n";

export async function contendersOf(shape: Shape, steps: number, ground: Ground): Promise<Contender[]> {
  const folder = await ground.folder();
  const packages = join(REPOSITORY, 'node_modules');
  await writeFile(join(folder, 'page.md'), pageOf(shape, steps));
  await writeFile(join(folder, 'script.mjs'), scriptOf(shape, steps));
  await writeFile(join(folder, 'steps.test.js'), testOf(shape, steps));
  await writeFile(join(folder, 'vitest.config.js'), VITEST_CONFIG);
  const command = (argv: string[]): Command => ({ argv, cwd: folder, env: ground.env });
  const node = process.execPath;
  return [
    selfServed(OURS, command(ground.lockerroom('run', '--twin', 'off', 'page.md'))),
    served('script with asserts', command([node, 'script.mjs']), ground),
    served('zx page.md', command([node, join(packages, 'zx/build/cli.js'), 'page.md']), ground),
    served('vitest', command([node, join(packages, 'vitest/vitest.mjs'), 'run', '--config', 'vitest.config.js']), ground),
  ];
}

/** Ours as it runs for the first time after an installation: no code is compiled yet. */
export async function firstRun(shape: Shape, steps: number, ground: Ground): Promise<Contender> {
  const folder = await ground.folder();
  await writeFile(join(folder, 'page.md'), pageOf(shape, steps));
  const command = async () => ({
    argv: ground.lockerroom('run', '--twin', 'off', 'page.md'),
    cwd: folder,
    env: { ...ground.env, XDG_CACHE_HOME: await ground.freshCache() },
  });
  return { name: 'lockerroom run, the very first', time: async () => timeCommand(await command()), memory: async () => watchMemory(await command()) };
}

function selfServed(name: string, command: Command): Contender {
  return { name, time: () => timeCommand(command), memory: () => watchMemory(command) };
}

/** The server is started before the command and ended after it, and both are counted. */
function served(name: string, command: Command, ground: Ground): Contender {
  const withServer = async <Result>(use: (own: Command) => Promise<Result>) => {
    const server = await startBareServer(ground);
    const result = await use({ ...command, env: { ...command.env, NATS_URL: server.url } }).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return { result, start: server.start, ...(await server.stop()) };
  };
  return {
    name,
    async time() {
      const { result, start, end, cpu } = await withServer(timeCommand);
      return { wall: start + result.wall + end, cpu: result.cpu + cpu };
    },
    memory: async () => (await withServer(watchMemory)).result,
  };
}
