/** A JUnit document → its cases as a real XML parser reads them, once it is valid by the schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';

const SCHEMA = XmlDocument.fromString(readFileSync(join(import.meta.dirname, 'junit.xsd'), 'utf8'));
const VALIDATOR = XsdValidator.fromDoc(SCHEMA);

export interface ReadCase {
  suite: string;
  name: string;
  classname: string;
  time: string;
  file: string;
  line: string;
  /** `failure`, `error` or `skipped`; null where it passed. */
  outcome: string | null;
  type: string | null;
  message: string | null;
  text: string;
  output: string | null;
}

/** Throws where the document is not well formed, or not valid. */
export function readJunit(text: string): { counts: Record<string, string>; cases: ReadCase[] } {
  using document = XmlDocument.fromString(text);
  VALIDATOR.validate(document);
  const counts = Object.fromEntries(document.root.attrs.map(({ name, value }) => [name, value]));
  return { counts, cases: document.find('//testcase').map(readCase) };
}

function readCase(node: unknown): ReadCase {
  if (!(node instanceof XmlElement)) throw new Error('a test case must be an element');
  const attribute = (name: string) => node.attr(name)?.value ?? '';
  const outcome = node.get('failure|error|skipped');
  const found = outcome instanceof XmlElement ? outcome : null;
  return {
    suite: node.parent?.attr('name')?.value ?? '',
    name: attribute('name'),
    classname: attribute('classname'),
    time: attribute('time'),
    file: attribute('file'),
    line: attribute('line'),
    outcome: found?.name ?? null,
    type: found?.attr('type')?.value ?? null,
    message: found?.attr('message')?.value ?? null,
    text: found?.content ?? '',
    output: node.get('system-out')?.content ?? null,
  };
}
