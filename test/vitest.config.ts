/** The suites that vitest runs: `unit` needs no server, `server` starts its own, `cli` runs the command itself, `docker` the same in containers. */
import { defineConfig } from 'vitest/config';

const suite = (name: string, timeout: number, globalSetup: string[] = []) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: 120_000,
    globalSetup,
    // What is awaited may take as long as the test, on a machine that has other things to do.
    expect: { poll: { timeout } },
  },
});

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    projects: [
      suite('unit', 10_000),
      suite('server', 60_000),
      suite('cli', 120_000, ['test/cli/build.ts']),
      suite('docker', 120_000, ['test/cli/build.ts', 'test/docker/image.ts']),
    ],
  },
});
