/** The package Testcontainers, which the reader installs → loaded, as quickly as it can be. Only `docker-engine` asks for it. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ProblemError, problem } from '../errors.ts';
import { requireLazily } from './lazy-require.ts';

export type Testcontainers = typeof import('testcontainers');

/** What Testcontainers needs for builds, Compose and waits by HTTP: 550 of the 730 files that it reads at its start. */
const SELDOM = new Set(['@grpc/grpc-js', '@grpc/proto-loader', 'archiver', 'docker-compose', 'tar-fs', 'undici']);

/** From beside this package, else from the project in whose folder the command runs. Throws a ProblemError of code `docker`. */
export function loadTestcontainers(): Testcontainers {
  for (const beside of [import.meta.url, join(process.cwd(), 'package.json')]) {
    const require = createRequire(beside);
    const path = tryResolve(require);
    if (path === null) continue;
    try {
      return requireLazily(SELDOM, () => require(path));
    } catch (error) {
      throw doesNotLoad(error);
    }
  }
  const message = '`--server docker` needs the package testcontainers, and it is not installed.';
  throw new ProblemError(problem('docker', message, 'Install it: npm install --save-dev testcontainers@12'));
}

function tryResolve(require: NodeJS.Require): string | null {
  try {
    return require.resolve('testcontainers');
  } catch {
    return null;
  }
}

function doesNotLoad(error: unknown): ProblemError {
  const message = `The package testcontainers does not load: ${error instanceof Error ? error.message : String(error)}`;
  return new ProblemError(problem('docker', message, 'Install a version that your Node runs: npm install --save-dev testcontainers@12'));
}
