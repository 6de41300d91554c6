/** A private nats-server for a test, which goes with it whatever happens. */
import { findServer } from '../../src/server/find.ts';
import { type LocalServer, startLocalServer } from '../../src/server/local.ts';
import { openRunFolder, type RunFolder } from '../../src/server/run-folder.ts';

let binary: Promise<{ path: string; version: string }> | null = null;

/** The nats-server that the tests use: the one that a run would find, looked for once a file. */
export function serverBinary(): Promise<{ path: string; version: string }> {
  binary ??= findServer({ onProgress: (text) => process.stderr.write(`${text}\n`) });
  return binary;
}

export interface TestServer {
  server: LocalServer;
  /** The run's folder that the server is in; more servers can be started in it. */
  folder: RunFolder;
  /** Ends the server and removes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** For `beforeAll` and `afterAll`: `const { server, stop } = await startTestServer()`. Were `stop` never called, the end of the process would do. */
export async function startTestServer(): Promise<TestServer> {
  const folder = await openRunFolder();
  const atExit = () => folder.closeNow();
  process.once('exit', atExit);
  const stop = async () => {
    await folder.close();
    process.off('exit', atExit);
  };
  try {
    return { server: await startLocalServer({ binary: await serverBinary(), folder }), folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs `use` with a server of its own, and gives what it gives. */
export async function withServer<T>(use: (server: LocalServer, folder: RunFolder) => Promise<T>): Promise<T> {
  const { server, folder, stop } = await startTestServer();
  try {
    return await use(server, folder);
  } finally {
    await stop();
  }
}
