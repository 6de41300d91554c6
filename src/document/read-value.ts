/** The `value`, `json`, `base64` or `size` of an entry to the value that the page expects. */
import { isScalar, type Node } from 'yaml';
import type { ExpectedValue, Json } from '../types.ts';
import type { DocumentReader } from './document-reader.ts';
import { type Field, fieldsOf, itemsOf, offsetOf, reportWrong, textOf, wholeNumberOf } from './fields.ts';
import { isInexact } from './json.ts';
import { parseSize } from './size.ts';

/** Null where it is wrong, and reported. */
export function readValue(field: Field, reader: DocumentReader): ExpectedValue | null {
  switch (field.name) {
    case 'json':
      return { json: readJson(field.value, reader) };
    case 'base64':
      return readBase64(field, reader);
    case 'size':
      return readSize(field, reader);
    default:
      return readText(field, reader);
  }
}

function readText(field: Field, reader: DocumentReader): ExpectedValue | null {
  const text = textOf(field.value);
  if (text === null || field.value === null)
    reportWrong(field, 'text', reader, field.value === null ? 'Quote it to mean the text: `""` or `"null"`.' : 'For a value that is JSON write `json:`.');
  else reader.checkMatchers(text, field.value);
  return text === null ? null : { text };
}

function readBase64(field: Field, reader: DocumentReader): ExpectedValue | null {
  // Long ones are folded over lines.
  const text = textOf(field.value)?.replace(/[ \n]/g, '') ?? null;
  try {
    // Padding is part of it: `atob` alone would take it without.
    if (text !== null && text.length % 4 === 0) return { base64: btoa(atob(text)) };
  } catch {
    // Not base64: said below.
  }
  reportWrong(field, 'base64, as in `aGVsbG8=`', reader);
  return null;
}

function readSize(field: Field, reader: DocumentReader): ExpectedValue | null {
  const size = wholeNumberOf(field.value, 0) ?? parseSize(textOf(field.value) ?? '');
  if (size === null) reportWrong(field, 'a size, as in `1MB` or a number of bytes', reader);
  return size === null ? null : { size };
}

/** Names are their source text, everything else is by YAML's core schema, which JSON is a part of. */
function readJson(node: Node | null, reader: DocumentReader): Json {
  const items = itemsOf(node);
  if (items !== null) return items.map(({ value }) => readJson(value, reader));
  const fields = fieldsOf(node, reader);
  if (fields !== null) return Object.fromEntries(fields.map(({ name, value }) => [name, readJson(value, reader)]));
  if (!isScalar(node)) return null;
  if (typeof node.value === 'boolean') return node.value;
  if (typeof node.value === 'number') {
    if (!Number.isFinite(node.value)) reader.report(offsetOf(node), `\`${textOf(node)}\` is no JSON; expected a number, or quotes around it for the text.`);
    if (isInexact(node.value)) {
      const advice = 'Give the value as text, `value:`, where every digit counts.';
      reader.report(offsetOf(node), `\`${textOf(node)}\` has more digits than a JSON number keeps; expected one up to 9007199254740991.`, advice);
    }
    return node.value;
  }
  const text = textOf(node) ?? '';
  reader.checkMatchers(text, node);
  return text;
}
