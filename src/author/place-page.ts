/** A name as it was typed, and a project → the title of a new page and the file that it is written to. */
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ProblemError, problem } from '../errors.ts';
import type { Configuration } from '../workbook/configuration.ts';
import { nameOf } from '../workbook/select.ts';
import { folderOf } from '../workbook/watched.ts';

export interface PagePlace {
  title: string;
  /** Absolute. */
  path: string;
}

/** Most file systems take names of 255 bytes. */
const LONGEST = 200;

/**
 * In the folder of the first glob of the configuration, else in `lessons`; `guides/first` in `guides`, seen from `folder`. Where the pages there are numbered,
 * so is this one, after the last. Throws a ProblemError for a name of which no file can be made, and where a page of this name is there.
 */
export async function placePage(name: string, folder: string, configuration: Configuration): Promise<PagePlace> {
  const typed = name.normalize('NFC').trim();
  if (typed === '') throw wrong('a page needs a name');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(typed)) throw wrong('the name of a page is one line of text');
  const parts = typed.split(/[/\\]+/);
  const isPath = parts.length > 1;
  if (parts.slice(0, -1).some((part) => part === '..') || resolve(folder, typed) === folder || typed.startsWith('/'))
    throw wrong(`a page is made in this project, and "${name}" leads elsewhere`);
  const own = (parts.at(-1) ?? '').replace(/\.mdx?$/i, '');
  const slug = slugOf(own);
  if (slug === '') throw wrong(`"${name}" has no letter and no digit, of which the name of a file could be made`);
  if (Buffer.byteLength(slug) > LONGEST) throw wrong('the name is too long for a file; write the long one into the title of the page');

  const [first = 'lessons'] = configuration.lessons ?? [];
  const place = isPath ? resolve(folder, ...parts.slice(0, -1)) : resolve(folder, folderOfGlob(first));
  const there = await readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !isPath) return [];
    throw wrong(
      `the folder ${nameOf(place, folder)} ${error.code === 'ENOENT' ? 'is not there' : `cannot be read (${error.code})`}`,
      'make it first, or leave it out',
    );
  });
  const files = there.filter((file) => /\.mdx?$/i.test(file));
  const pages = files.map((file) => file.replace(/\.mdx?$/i, ''));
  const namesake = files.find((_, at) => {
    const page = pages[at] ?? '';
    return page.toLowerCase() === slug || withoutNumber(page).toLowerCase() === withoutNumber(slug);
  });
  if (namesake !== undefined)
    throw wrong(`there is a page of this name: ${nameOf(join(place, namesake), folder)}`, 'nothing is overwritten; choose another name');
  return { title: titleOf(own), path: join(place, `${numbered(slug, pages)}.md`) };
}

/** `Counting keys!` → `counting-keys`. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Mark}\p{Number}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}

/** `counting-keys` → `Counting keys`; what was typed as text stays. */
function titleOf(name: string): string {
  const text = withoutNumber(name.trim());
  const words = /\s/.test(text) ? text : text.replace(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Pages are numbered where most of them are. */
function numbered(slug: string, pages: string[]): string {
  const numbers = pages.flatMap((page) => /^(\d+)-/.exec(page)?.[1] ?? []);
  if (numbers.length * 2 <= pages.length || /^\d+-/.test(slug)) return slug;
  const width = Math.max(...numbers.map((number) => number.length));
  return `${String(Math.max(...numbers.map(Number)) + 1).padStart(width, '0')}-${slug}`;
}

function withoutNumber(name: string): string {
  return name.replace(/^\d+-(?=.)/, '');
}

/** A configuration may name single files, too. */
function folderOfGlob(glob: string): string {
  return /\.mdx?$/i.test(folderOf(glob)) ? dirname(glob) : folderOf(glob);
}

function wrong(message: string, advice: string | null = 'for example: lockerroom new "Counting keys"'): ProblemError {
  return new ProblemError(problem('usage', message, advice));
}
