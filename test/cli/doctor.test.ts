/** `lockerroom doctor` → what it says and its exit code, on machines that have everything and nothing. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answers, closedAddress, program, temporaryFolder } from '../unit/server/fakes.ts';
import { lockerroom } from './command.ts';

/** The environment of a machine with these programs and no network. */
async function machine(programs: Record<string, string>) {
  const home = await temporaryFolder();
  for (const [name, body] of Object.entries(programs)) await program(join(home, 'bin', name), body);
  const downloads = await closedAddress();
  const env = {
    HOME: home,
    PATH: join(home, 'bin'),
    XDG_CACHE_HOME: '',
    LOCKERROOM_NATS_SERVER: '',
    LOCKERROOM_NATS: '',
    LOCKERROOM_NATS_DOWNLOADS: downloads,
    LOCKERROOM_NATS_CLI_DOWNLOADS: downloads,
  };
  return { home, env };
}

/** Programs in the cache, which may hold other things. */
async function installed(home: string): Promise<string[]> {
  const names = await readdir(join(home, '.cache/lockerroom')).catch(() => []);
  return names.filter((name) => name.includes('nats'));
}

interface Document {
  ok: boolean;
  checks: { name: string; status: string; version: string | null; path: string | null; detail: string | null; advice: string | null }[];
}

test('where a nats-server is here, lessons can be run', async () => {
  const { home, env } = await machine({ 'nats-server': answers('2.15.2') });
  const { code, stdout, stderr } = await lockerroom(['doctor'], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Node {12}${process.versions.node.replaceAll('.', '\\.')} +/`));
  expect(stdout).toContain(`nats-server     2.15.2        ${home}/bin/nats-server\n`);
  expect(stdout).toMatch(/\nnats {12}missing\n {16}nats >=0\.4: console fences run where it is found; .*\n {16}→ have it on the PATH/);
  expect(stdout).toMatch(/\n\nLessons can be run\.\n$/);
  expect(await installed(home)).toEqual([]);
});

test('where there is nothing, they cannot, and it says what to type', async () => {
  const { env } = await machine({});
  const { code, stdout, stderr } = await lockerroom(['doctor'], { env });
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  expect(stdout).toMatch(/\nnats-server {5}missing\n[\s\S]*→ have it on the PATH \(go install github\.com\/nats-io\/nats-server\/v2@v\d/);
  expect(stdout).toMatch(/\n\nLessons cannot be run here yet\.\n$/);
});

test('--reporter json prints one document, whatever the verdict', async () => {
  const { home, env } = await machine({ nats: 'echo v0.5.1', 'nats-server': "printf '\\033[2Jnats-server: v2.9.0\\n'" });
  const { code, stdout, stderr } = await lockerroom(['doctor', '--reporter', 'json'], { env });
  const { ok, checks } = JSON.parse(stdout) as Document;
  expect({ code, stderr, ok }).toEqual({ code: 3, stderr: '', ok: false });
  expect(checks.map(({ name }) => name)).toEqual(['Node', 'nats-server', 'nats', 'Go', 'Docker', 'Docker engine', 'cache']);
  expect(checks.every((check) => Object.keys(check).join() === 'name,status,version,path,detail,advice')).toBe(true);
  expect(checks[1]).toMatchObject({ status: 'unsuitable', version: null, path: null, advice: expect.stringContaining('LOCKERROOM_NATS_SERVER=') });
  expect(checks[2]).toEqual({ name: 'nats', status: 'ok', version: '0.5.1', path: join(home, 'bin/nats'), detail: null, advice: null });
});

test('where Go could build what is missing, lessons can be run, and nothing is installed', async () => {
  const { home, env } = await machine({ go: '[ "$1" = version ] && echo go version go1.26.8 linux/amd64 || touch "$GOBIN/nats" "$HOME/asked"' });
  const { code, stdout } = await lockerroom(['doctor', '--reporter=json'], { env });
  expect({ code, ok: (JSON.parse(stdout) as Document).ok }).toEqual({ code: 0, ok: true });
  expect(await readdir(home)).not.toContain('asked');
  expect(await installed(home)).toEqual([]);
});

test('wrong usage says so', async () => {
  const many = await lockerroom(['doctor', 'lessons']);
  expect({ code: many.code, stdout: many.stdout }).toEqual({ code: 2, stdout: '' });
  expect(many.stderr).toMatch(/^lockerroom: too many arguments/);
  const unknown = await lockerroom(['doctor', '--reporter', 'json', '--deep']);
  expect({ code: unknown.code, document: JSON.parse(unknown.stdout) }).toEqual({ code: 2, document: { ok: false, checks: [] } });
  const help = await lockerroom(['doctor', '--help']);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('Exit codes:');
});

test('Ctrl-C ends it and what it asks', async () => {
  const { home, env } = await machine({ docker: 'echo $$ > "$HOME/$1"; exec sleep 600' });
  const { code } = await lockerroom(['doctor'], {
    env,
    during: (child) => {
      const timer = setInterval(async () => {
        if (!(await readdir(home)).includes('version')) return;
        clearInterval(timer);
        child.kill('SIGINT');
      }, 20);
    },
  });
  expect(code).toBe(130);
});
