/** The environment of a job on GitHub → where its summary is written, and what its pages are called from the root of the repository. */
import { appendFileSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { GithubOptions, SummarySink } from '../report/github.ts';
import type { Sink } from '../report/reporter.ts';

/** What GitHub takes of one step, in bytes: 1 MiB. */
const MOST_SUMMARY = 1024 * 1024;

/** `folder` is where the command was typed. A summary that cannot be written is said on standard error; the run does not end for it. */
export function openGithub(folder: string, env: NodeJS.ProcessEnv, stderr: Sink): Pick<GithubOptions, 'summary' | 'pathOf'> {
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: root } = env;
  return { summary: summary ? openSummary(summary, stderr) : null, pathOf: (file) => (root ? fromRoot(file, folder, root) : file) };
}

function openSummary(file: string, stderr: Sink): SummarySink | null {
  const add = (text: string): boolean => {
    try {
      appendFileSync(file, text);
      return true;
    } catch (error) {
      stderr.write(`lockerroom: the summary for GitHub cannot be written to ${file} (${(error as NodeJS.ErrnoException).code})\n`);
      return false;
    }
  };
  if (!add('')) return null;
  return { room: MOST_SUMMARY - statSync(file).size, write: (text) => void add(text) };
}

/** A page that lies outside of the repository keeps the name it has. */
function fromRoot(file: string, folder: string, root: string): string {
  const path = relative(real(root), real(resolve(folder, file)));
  return path.startsWith('..') ? file : path.split(sep).join('/');
}

/** Names of one file are compared without their symbolic links. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
