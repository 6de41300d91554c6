/** A signal → what sends it to the command once the page's step hangs: once there is a file `hangs` in its folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOptions } from './command.ts';

export function interrupt(signal: NodeJS.Signals): NonNullable<RunOptions['during']> {
  return (child, folder) => {
    const look = setInterval(() => {
      if (!existsSync(join(folder, 'hangs'))) return;
      clearInterval(look);
      child.kill(signal);
    }, 20);
    child.on('exit', () => clearInterval(look));
  };
}
