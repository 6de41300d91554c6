/** What a page says of one key, in any of its forms, to what it expects of the key's entry. */
import { isScalar } from 'yaml';
import type { ExpectedEntry, ExpectedRevision } from '../types.ts';
import type { DocumentReader } from './document-reader.ts';
import { type Field, fieldsOf, itemsOf, reportWrong } from './fields.ts';
import { EXPECTED_ENTRY, type Forms, readForms, readRevision, readShort } from './read-revision.ts';

/** The entry at `path`; null where it is wrong, and reported. Remembers the places of its parts. */
export function readEntry(field: Field, path: string, reader: DocumentReader): ExpectedEntry | null {
  if (isScalar(field.value)) {
    reader.remember(`${path}/value`, field.at);
    const latest = readShort(field, reader);
    return latest === null ? null : { ...latest, history: null };
  }
  const fields = fieldsOf(field.value, reader);
  if (fields === null) {
    reportWrong(field, EXPECTED_ENTRY, reader);
    return null;
  }
  const forms = readForms(field, fields, ['history'], reader);
  if (forms.form !== null) reader.remember(`${path}/value`, forms.form.at);
  if (forms.revisionField !== null) reader.remember(`${path}/revision`, forms.revisionField.at);
  const historyField = fields.find(({ name }) => name === 'history');
  if (historyField !== undefined) return readWithHistory(forms, historyField, path, reader);
  return forms.latest === null ? null : { ...forms.latest, history: null };
}

/** The last of a history is the latest entry. What the page says of both is compared with both: a page that contradicts itself is false, not malformed. */
function readWithHistory(forms: Forms, field: Field, path: string, reader: DocumentReader): ExpectedEntry | null {
  const items = itemsOf(field.value);
  reader.remember(`${path}/history`, field.at);
  if (items === null || items.length === 0) {
    reportWrong(field, 'a list of all that is kept, oldest first, at least one', reader);
    return null;
  }
  const history: ExpectedRevision[] = [];
  for (const [index, item] of items.entries()) {
    reader.remember(`${path}/history/${index}`, item.at);
    const read = readRevision({ name: `history[${index}]`, ...item }, reader);
    if (read !== null) history.push(read);
  }
  const last = history.at(-1);
  if (last === undefined || history.length < items.length) return null;
  if (forms.form !== null && forms.latest === null) return null;
  return { operation: last.operation, value: null, ...forms.latest, revision: forms.revision, history };
}
