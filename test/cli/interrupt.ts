/** A signal → what sends it to the command once the page's step hangs: once there is a file `hangs` in its folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOptions } from './command.ts';

type During = NonNullable<RunOptions['during']>;

export function interrupt(signal: NodeJS.Signals): During {
  return onceItHangs((child) => child.kill(signal));
}

/** `act` is told the path of the file. */
export function onceItHangs(act: (child: Parameters<During>[0], file: string) => void): During {
  return (child, folder) => {
    const file = join(folder, 'hangs');
    const look = setInterval(() => {
      if (!existsSync(file)) return;
      clearInterval(look);
      act(child, file);
    }, 20);
    child.on('exit', () => clearInterval(look));
  };
}
