/** Names, attributes and text → XML 1.0 that every parser reads, whatever the text holds. */
import { printable } from './printable.ts';

export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

/** Names are ours and written as they are; attributes and text are escaped, and children are elements made by this function. */
export function element(name: string, attributes: Record<string, string | number>, content: string[] | string): string {
  const head = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${attribute(String(value))}"`)].join(' ');
  const inner = typeof content === 'string' ? text(content) : content.map((child) => `\n${child}`).join('');
  if (inner === '') return `<${head}/>`;
  return typeof content === 'string' ? `<${head}>${inner}</${name}>` : `<${head}>${inner}\n</${name}>`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

function attribute(value: string): string {
  return allowed(value).replace(/[&<>"\n\t]/g, (one) => ESCAPES[one] ?? one);
}

function text(value: string): string {
  return allowed(value).replace(/[&<>]/g, (one) => ESCAPES[one] ?? one);
}

/** XML 1.0 has no sign at all for most control characters, halves of a pair, U+FFFE and U+FFFF: a document that holds one is no document. */
function allowed(value: string): string {
  return printable(value)
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '\ufffd');
}
