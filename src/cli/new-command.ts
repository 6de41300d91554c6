/** `lockerroom new`: a name → a page, and the command to type next. */
import { createPage } from '../author/new.ts';
import { EXIT } from '../errors.ts';
import { printable } from '../report/printable.ts';
import type { RunContext } from './run-command.ts';

/** Answers with the exit code. Rejects with a ProblemError where no page can be made. */
export async function newCommand(name: string, { folder, streams }: RunContext): Promise<number> {
  const { file, title, isFound } = await createPage(name, folder);
  const elsewhere = isFound ? '' : '\n"lockerroom.lessons" in package.json does not name it, so it is run only by its name.\n';
  streams.stdout.write(
    printable(
      `${file} is there: "${title}", a page with one of each thing that a lesson is made of. It passes; make it yours:\n\n  npx lockerroom run ${quoted(file)} --watch\n${elsewhere}`,
    ),
  );
  return EXIT.passed;
}

/** As a shell takes it for one word. */
function quoted(file: string): string {
  return /^[\p{Letter}\p{Mark}\p{Number}_./-]+$/u.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}
