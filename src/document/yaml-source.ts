/** The text of a state document to the node at its root; what YAML can say and a state document cannot is reported. */
import { Composer, type CST, type ParsedNode, Parser } from 'yaml';
import type { DocumentReader } from './document-reader.ts';

/** How deep a document may be nested: what composes it calls itself for each level, and a stack that ends in there can take the process with it. */
const DEEPEST = 200;

const COLLECTIONS: readonly string[] = ['block-map', 'block-seq', 'flow-collection'];

const UNWANTED: ReadonlyMap<string, string> = new Map([
  ['anchor', 'anchors'],
  ['alias', 'aliases'],
  ['tag', 'tags'],
  ['directive', 'directives'],
]);

/** Null where the document is empty, undefined where it is not valid YAML (then that is the one problem). */
export function parseYaml(reader: DocumentReader): ParsedNode | null | undefined {
  const tokens = parseTokens(reader.text);
  const all = tokens === null ? null : inside(tokens);
  const tooDeep = all === null ? 0 : all.find(({ depth }) => depth > DEEPEST)?.offset;
  if (tokens === null || all === null || tooDeep !== undefined) {
    reader.report(tooDeep ?? 0, `The document is nested too deep; expected ${DEEPEST} levels at most.`);
    return undefined;
  }
  const composer = new Composer({ schema: 'core', version: '1.2', uniqueKeys: false, resolveKnownTags: false, logLevel: 'silent' });
  const documents = [...composer.compose(tokens, true, reader.text.length)];
  const [error] = documents.flatMap((document) => document.errors);
  if (error !== undefined) {
    reader.report(error.pos[0], `The document is not valid YAML: ${error.message}.`);
    return undefined;
  }
  for (const { type, offset } of all) {
    const unwanted = UNWANTED.get(type);
    if (unwanted !== undefined)
      reader.report(offset, `A state document has no ${unwanted}; expected what is meant, written out or, where it is text, in quotes.`);
  }
  const second = tokens.filter((token) => token.type === 'document')[1];
  if (second !== undefined) reader.report(second.offset, 'A second document begins here; expected one in a fence.');
  return documents[0]?.contents ?? null;
}

/** Null where the text is nested so deep that the parser's stack ends. */
function parseTokens(text: string): CST.Token[] | null {
  try {
    return [...new Parser().parse(text)];
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface Inner {
  type: string;
  offset: number;
  /** How many collections it is in, itself included. */
  depth: number;
}

/** All tokens inside of tokens, whatever their shape: each may hold others in its fields. Without recursion, for there is no telling yet how deep they are. */
function inside(tokens: CST.Token[]): Inner[] {
  const found: Inner[] = [];
  const open: { token: unknown; depth: number }[] = [{ token: tokens, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token } = next;
    let { depth } = next;
    if (typeof token !== 'object' || token === null) continue;
    if ('type' in token && 'offset' in token && typeof token.type === 'string' && typeof token.offset === 'number') {
      if (COLLECTIONS.includes(token.type)) depth += 1;
      found.push({ type: token.type, offset: token.offset, depth });
    }
    for (const part of Object.values(token)) open.push({ token: part, depth });
  }
  return found;
}
