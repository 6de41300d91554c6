/** The command on a terminal: what stands on its screen, which keys are pressed, and how it ends. */
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { BIN } from './command.ts';

export interface TerminalOptions {
  columns: number;
  rows: number;
  /** Where the command is typed. */
  folder?: string;
}

/** `until` waits for a screen, of which it gives the lines. */
export function openTerminal(args: string[], { columns, rows, folder }: TerminalOptions) {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const env = { ...process.env, TERM: 'xterm-256color', NO_COLOR: '' };
  const child = spawn(process.execPath, [BIN, ...args], { cols: columns, rows, env, ...(folder === undefined ? {} : { cwd: folder }) });
  const ended = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  const lines = () =>
    Array.from({ length: screen.rows }, (_, row) => screen.buffer.active.getLine(screen.buffer.active.baseY + row)?.translateToString(true) ?? '');
  let look = () => {};
  child.onData((text) => screen.write(text, () => look()));
  const until = (shown: RegExp) =>
    new Promise<string[]>((resolve) => {
      look = () => {
        if (shown.test(lines().join('\n'))) resolve(lines());
      };
      look();
    });
  const resize = (width: number, height: number) => {
    screen.resize(width, height);
    child.resize(width, height);
  };
  return { child, ended, until, resize };
}
