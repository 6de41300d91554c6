/** A piece of HTML in a page → the anchors and links of its tags, and the text of its headings. */

export interface HtmlParts {
  /** Values of `id`, and of `name` on `<a>`. */
  anchors: string[];
  /** Values of `href` on `<a>` and `src`, each with where it begins. */
  links: { target: string; offset: number }[];
  headings: string[];
}

const TAG = /<([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
const ATTRIBUTE = /\s(id|name|href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))/gi;
const HEADING = /<h([1-6])\b[^>]*>([\s\S]*?)<\/h\1>/gi;

/** Comments count for nothing. */
export function htmlParts(source: string): HtmlParts {
  const html = source.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\n]/g, ' '));
  const parts: HtmlParts = { anchors: [], links: [], headings: [...html.matchAll(HEADING)].map(([, , text = '']) => plain(text)) };
  for (const { index, 1: tag = '', 2: attributes = '' } of html.matchAll(TAG)) {
    for (const attribute of attributes.matchAll(ATTRIBUTE)) {
      const name = attribute[1]?.toLowerCase();
      const value = attribute[2] ?? attribute[3] ?? attribute[4] ?? '';
      const isAnchor = tag.toLowerCase() === 'a';
      if (name === 'id' || (name === 'name' && isAnchor)) parts.anchors.push(value);
      // The value ends the match, before its closing quotation mark.
      const quote = attribute[4] === undefined ? 1 : 0;
      const offset = index + 1 + tag.length + attribute.index + attribute[0].length - quote - value.length;
      if (name === 'src' || (name === 'href' && isAnchor)) parts.links.push({ target: value, offset });
    }
  }
  return parts;
}

function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
