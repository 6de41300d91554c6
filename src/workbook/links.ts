/** The links of pages → those that lead nowhere: to files that are not there, and to headings that no page has. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nearMiss } from '../document/near-miss.ts';
import { pageProblem } from '../errors.ts';
import { type PageLink, type PageLinks, readLinks } from '../lesson/links.ts';
import { decodePage } from '../lesson/parse.ts';
import type { Problem } from '../types.ts';

export interface LinkedPage {
  /** Absolute. */
  path: string;
  /** For reports. */
  file: string;
  text: string;
}

type Kind = 'file' | 'folder' | null;

/**
 * Relative links must lead to a file or folder, seen from their page, and `#…` to a heading or anchor of a Markdown page. Passed over are links with a scheme
 * (`https:`, `mailto:`) and those that begin with `/`, whose root only the site knows.
 */
export async function checkLinks(pages: LinkedPage[]): Promise<Problem[]> {
  const checker = new LinkChecker(pages);
  const found = await Promise.all(pages.map((page) => checker.check(page)));
  return found.flat();
}

class LinkChecker {
  readonly #kinds = new Map<string, Promise<Kind>>();
  readonly #read = new Map<string, Promise<PageLinks | null>>();

  constructor(pages: LinkedPage[]) {
    for (const { path, text } of pages) this.#read.set(path, Promise.resolve(readLinks(text)));
  }

  async check(page: LinkedPage): Promise<Problem[]> {
    const { links } = (await this.#linksOf(page.path)) ?? { links: [] };
    const found = await Promise.all(links.map((link) => this.#checkLink(page, link)));
    return found.filter((one) => one !== null);
  }

  async #checkLink({ path, file }: LinkedPage, link: PageLink): Promise<Problem | null> {
    const { target } = link;
    if (/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(target)) return null;
    const dead = (message: string, advice: string | null) => pageProblem('link', file, link, message, advice);
    if (target === '') return dead('this link leads nowhere: it is empty', null);
    const [, name = '', query = '', anchor = ''] = /^([^?#]*)(\?[^#]*)?(?:#(.*))?$/s.exec(target) ?? [];
    const to = name === '' ? path : join(dirname(path), decoded(name));
    const kind = name === '' ? 'file' : await this.#kindOf(to);
    if (kind === null) {
      const isPage = (await this.#kindOf(`${to}.md`)) === 'file';
      return dead(
        `this link leads to ${decoded(name)}, which is not there`,
        isPage ? `write ${decoded(name)}.md` : 'a link is seen from the folder of its page',
      );
    }
    // What stands in a query, and behind `:~:`, is the site's or the browser's.
    const wanted = decoded(anchor).replace(/:~:.*$/s, '');
    if (wanted === '' || query !== '' || (name === '' && wanted === 'top') || (name !== '' && !/\.(md|markdown)$/i.test(to))) return null;
    const anchors = (await this.#linksOf(to))?.anchors;
    if (anchors === undefined || anchors.has(wanted)) return null;
    const lower = wanted.toLowerCase();
    const meant = anchors.has(lower) ? lower : nearMiss(wanted, [...anchors]);
    const where = name === '' ? 'this page' : decoded(name);
    return dead(`this link leads to #${wanted}, and ${where} has no such heading`, meant === null ? null : `did you mean #${meant}?`);
  }

  #kindOf(path: string): Promise<Kind> {
    const kind =
      this.#kinds.get(path) ??
      stat(path).then(
        (found) => (found.isDirectory() ? 'folder' : 'file'),
        () => null,
      );
    this.#kinds.set(path, kind);
    return kind;
  }

  /** Null for a file that is not to be read as a page. */
  #linksOf(path: string): Promise<PageLinks | null> {
    const links =
      this.#read.get(path) ??
      readFile(path).then(
        (bytes) => {
          const page = decodePage(bytes, path);
          return 'text' in page ? readLinks(page.text) : null;
        },
        () => null,
      );
    this.#read.set(path, links);
    return links;
  }
}

/** `%20` and the like resolved, where they can be. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
