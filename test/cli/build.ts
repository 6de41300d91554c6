/** Before the tests of the command: what they run is built of the sources as they are. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export default function build(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../src/build/build.js'), '--fresh'], { stdio: 'inherit' });
}
